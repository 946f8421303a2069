// Runs axe on the page. The contrast of a text is measured once for each look, and never again for a look that axe has
// let pass, on this page or on another: a text is known by how it looks, and by what is painted below it. Texts that
// may lie over something else, or below it, are measured each time.
//
// `passed`: keys of looks that axe has let pass. `rules`: names of rules for all of the page, contrast among them, or
// null for all that axe runs by itself. `parts`: numbers of elements in the body at which it looks by all rules.
// Returns what axe found, and the keys of the looks that it has let pass now.
async ({ passed, rules, parts }) => {
  const CONTRAST = "color-contrast";
  const known = new Set(passed);
  const texts = [];
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
    return ["none", "normal"].includes(content) ? "" : [content, position, backgroundColor, backgroundImage].join();
  };
  const UNPAINTED = "|||||||||";
  // What it adds to the ground below its text.
  const paint = (element, style) => [
    style.backgroundColor === "rgba(0, 0, 0, 0)" ? "" : style.backgroundColor,
    style.backgroundImage === "none" ? "" : style.backgroundImage + style.backgroundClip,
    style.opacity === "1" ? "" : style.opacity, style.filter === "none" ? "" : style.filter,
    style.mixBlendMode === "normal" ? "" : style.mixBlendMode,
    style.position === "static" ? "" : style.position + style.zIndex,
    beside(element, "::before"), beside(element, "::after"),
    element.disabled || "", element.ariaDisabled || "",
  ].join("|");
  const isMoved = ({ position, transform, margin, inset }) =>
    !["static", "relative"].includes(position) || transform !== "none" || margin.includes("-") ||
    (position === "relative" && /[1-9]/.test(inset));
  const isInSight = (element, { width, height, right, bottom }) =>
    width > 1 && height > 1 && right > 0 && bottom > 0 &&
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const FIELDS = "select, textarea, input:not([type=checkbox], [type=radio], [type=hidden], [type=range], [type=color])";
  const hasText = (element) =>
    element.matches(FIELDS) ||
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.nodeValue.trim());
  const sticksOut = (box, ground) =>
    box.left < ground.left - 1 || box.top < ground.top - 1 || box.right > ground.right + 1 ||
    box.bottom > ground.bottom + 1;
  const note = (element, style, painted, ground, names) => {
    const box = element.getBoundingClientRect();
    if (!isInSight(element, box)) return;
    const where = sticksOut(box, ground) ? names : "";
    const look = [painted, where, element.matches(FIELDS), isLarge(style), style.color];
    const key = hash([...look, style.textShadow, style.webkitTextStroke].join("|"));
    texts.push({ element, box, key, length: (element.value || element.placeholder || element.innerText).length });
  };
  const walk = (element, painted, ground, names) => {
    const style = getComputedStyle(element);
    const added = paint(element, style);
    if (added !== UNPAINTED) [painted, ground] = [hash(painted + added), element.getBoundingClientRect()];
    names = hash([names, element.tagName, element.className.baseVal ?? element.className].join("|"));
    if (isMoved(style)) floating.push([element, element.getBoundingClientRect()]);
    if (hasText(element)) note(element, style, painted, ground, names);
    for (const child of element.children) walk(child, painted, ground, names);
  };
  const page = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };
  walk(document.body, hash(paint(document.documentElement, getComputedStyle(document.documentElement))), page, 0);

  const meetsOthers = ({ element, box }) =>
    floating.some(([other, room]) =>
      box.left < room.right && room.left < box.right && box.top < room.bottom && room.top < box.bottom &&
      !other.contains(element) && !element.contains(other));
  const found = [];
  const settled = new Set();
  const passedNow = new Set();
  const measure = async (texts) => {
    if (!texts.length) return;
    const keys = new Map(texts.map(({ element, key }) => [element, key]));
    const { violations, passes } = await axe.run({ include: [...keys.keys()] }, {
      runOnly: { type: "rule", values: [CONTRAST] }, resultTypes: ["violations", "passes"], elementRef: true,
    });
    found.push(...violations);
    for (const { element } of violations.flatMap(({ nodes }) => nodes)) settled.add(keys.get(element));
    for (const { element } of passes.flatMap(({ nodes }) => nodes)) passedNow.add(keys.get(element));
  };

  const every = { rules: { [CONTRAST]: { enabled: false } } };
  const some = { runOnly: { type: "rule", values: rules?.filter((rule) => rule !== CONTRAST) } };
  // A link in a text has to look like one by more than its color; axe would also let it pass for a color that differs
  // enough, and takes long to say so. Of the files of a page, its rules look at sounds alone.
  const strict = { checks: { "link-in-text-block": { enabled: false } }, preload: { assets: ["media"] } };
  const audit = async (context, options) => {
    found.push(...(await axe.run(context, { ...options, ...strict, resultTypes: ["violations"] })).violations);
  };
  await audit(document, rules ? some : every);
  const all = document.body.querySelectorAll("*");
  if (parts.length) await audit({ include: parts.map((number) => all[number]) }, every);

  const alone = texts.filter(meetsOthers);
  const unknown = texts.filter((text) => !known.has(text.key) && !alone.includes(text));
  const longest = new Map();
  for (const text of unknown) if (!(longest.get(text.key)?.length >= text.length)) longest.set(text.key, text);
  await measure([...alone, ...longest.values()]);
  // Of a look about which axe could not say anything, it looks at every text.
  const isOpen = (text) => !settled.has(text.key) && !passedNow.has(text.key) && longest.get(text.key) !== text;
  await measure(unknown.filter(isOpen));
  return { violations: found, passed: [...passedNow] };
}
