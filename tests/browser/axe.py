"""axe, an auditor of accessibility, and the states of a page in which it looks: all its rules of WCAG, and of good
practice."""

from collections.abc import Iterator, Sequence
from operator import gt
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page

# A phone by day, a laptop at night, the narrowest screen, and somebody's own colors.
STATES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "width": 390, "height": 800},
    "dark": {"color_scheme": "dark", "width": 1280, "height": 800},
    "narrow": {"color_scheme": "light", "width": 320, "height": 640},
    "forced colors": {"forced_colors": "active", "width": 1280, "height": 800},
}
# What colors can change, or less room.
OF_COLORS_AND_ROOM = ["color-contrast", "link-in-text-block", "scrollable-region-focusable"]
# What a screen or a screen reader has of a page, in one word of zeros and ones.
PARTS_IN_SIGHT = """() => [...document.body.querySelectorAll("*")].map(part => {
    const { width, height } = part.getBoundingClientRect();
    return +(part.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && width > 1 && height > 1);
}).join("")"""
# The end of one can start another: of a part that has its color from the first.
END_ANIMATIONS = """() => {
    for (let round = 0; round < 9; round++) document.getAnimations().forEach(animation => animation.finish());
}"""
RUN_AXE = (Path(__file__).parent / "run_axe.js").read_text()
# Keys of how texts look whose contrast axe has let pass, on any page.
_passed: set[int] = set()


def put_into(page: Page, state: dict[str, Any]) -> None:
    """Show the page as it is for a reader with this screen and these colors."""
    colors = {"color_scheme": "light", "forced_colors": "none"} | state
    size: Any = {"width": colors.pop("width"), "height": colors.pop("height")}
    page.emulate_media(**colors)
    if page.viewport_size != size:
        page.set_viewport_size(size)
    page.evaluate(END_ANIMATIONS)


def violations(page: Page, rules: list[str] | None = None, parts: Sequence[int] = ()) -> str:
    """A report of what axe finds in all of the page by all its rules, or by these, and in these parts by all of them;
    "" where that is nothing.

    What it tries itself, the policy of the site may refuse: the console has that then.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    report = page.evaluate(RUN_AXE, {"passed": list(_passed), "rules": rules, "parts": list(parts)})
    _passed.update(report["passed"])
    results = AxeResults(report)
    return results.generate_report() if results.violations_count else ""


def reports_in(page: Page, states: dict[str, dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """The name of each state, and what axe finds while the page is in it.

    By day and at night, by all its rules, in what was not in sight in the state before. If a part is gone that was,
    in all of the page. Then, and in the other states, by the rules of what colors and less room can change.
    """
    seen = ""
    for name, state in states.items():
        put_into(page, state)
        in_sight = page.evaluate(PARTS_IN_SIGHT)
        if name not in {"light", "dark"} or in_sight == seen:
            yield name, violations(page, OF_COLORS_AND_ROOM)
        elif len(in_sight) != len(seen) or any(map(gt, seen, in_sight)):
            yield name, violations(page)
        else:
            new = [place for place, (before, now) in enumerate(zip(seen, in_sight, strict=True)) if before < now]
            yield name, violations(page, OF_COLORS_AND_ROOM, new)
        seen = in_sight


def violations_in_every_state(page: Page) -> dict[str, str]:
    return dict(reports_in(page, STATES))
