// Runs axe on the page. The contrast of a text is measured where it can differ from one that axe has let pass before,
// on this page or on another: a text is known by how it and all that it stands in look. Texts that may lie over
// something else, or below it, are measured each time.
//
// `passed`: keys of looks that axe has let pass. `rules`: names of rules, or null for all that axe runs by itself.
// Returns what axe found, and the keys of the looks that it has let pass now.
async ({ passed, rules }) => {
  const CONTRAST = "color-contrast";
  const known = new Set(passed);
  const keys = new Map();
  const floating = [];

  const hash = (text) => {
    let [high, low] = [0xdeadbeef, 0x41c6ce57];
    for (let place = 0; place < text.length; place++) {
      high = Math.imul(high ^ text.charCodeAt(place), 2654435761);
      low = Math.imul(low ^ text.charCodeAt(place), 1597334677);
    }
    high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
    low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
    return 4294967296 * (2097151 & low) + (high >>> 0);
  };
  // As WCAG 2.2 has it in 1.4.3: 18 points, or 14 in bold.
  const isLarge = ({ fontSize, fontWeight }) => parseFloat(fontSize) * 0.75 >= (fontWeight >= 700 ? 14 : 18);
  const beside = (element, name) => {
    const { content, position, backgroundColor, backgroundImage } = getComputedStyle(element, name);
    return ["none", "normal"].includes(content) ? "" : [content, position, backgroundColor, backgroundImage];
  };
  const looks = (element, style) => [
    element.tagName, element.className.baseVal ?? element.className, element.disabled, element.ariaDisabled,
    isLarge(style), style.color, style.backgroundColor, style.backgroundImage, style.backgroundClip, style.opacity,
    style.filter, style.mixBlendMode, style.textShadow, style.position, style.zIndex, style.visibility,
    beside(element, "::before"), beside(element, "::after"),
  ];
  const isMoved = ({ position, transform, margin, inset }) =>
    !["static", "relative"].includes(position) || transform !== "none" || margin.includes("-") ||
    (position === "relative" && /[1-9]/.test(inset));
  const walk = (element, around) => {
    const style = getComputedStyle(element);
    const key = hash([around, ...looks(element, style)].join("|"));
    keys.set(element, key);
    if (isMoved(style)) floating.push([element, element.getBoundingClientRect()]);
    for (const child of element.children) walk(child, key);
  };
  walk(document.documentElement, "");

  const hasText = (element) =>
    element.matches("input, select, textarea") ||
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.nodeValue.trim());
  const meetsOthers = (element) => {
    const box = element.getBoundingClientRect();
    return floating.some(([other, room]) =>
      box.left < room.right && room.left < box.right && box.top < room.bottom && room.top < box.bottom &&
      !other.contains(element) && !element.contains(other));
  };
  const unknown = [document.body, ...document.body.querySelectorAll("*")]
    .filter((element) => hasText(element) && (!known.has(keys.get(element)) || meetsOthers(element)));

  const others = rules
    ? { runOnly: { type: "rule", values: rules.filter((rule) => rule !== CONTRAST) } }
    : { rules: { [CONTRAST]: { enabled: false } } };
  const { violations } = await axe.run({ ...others, resultTypes: ["violations"] });
  if (!unknown.length) return { violations, passed: [] };
  const contrast = await axe.run({ include: unknown }, {
    runOnly: { type: "rule", values: [CONTRAST] }, resultTypes: ["violations", "passes"], elementRef: true,
  });
  const passes = contrast.passes.flatMap(({ nodes }) => nodes.map(({ element }) => keys.get(element)));
  return { violations: [...violations, ...contrast.violations], passed: [...new Set(passes)], measured: unknown.length };
}
