"""axe, an auditor of accessibility, and the states of a page in which it looks: all its rules of WCAG, and of good
practice."""

from collections.abc import Iterator
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
RUN_AXE = (Path(__file__).parent / "run_axe.js").read_text()
# Keys of how texts look whose contrast axe has let pass, on any page.
_passed: set[int] = set()


def put_into(page: Page, state: dict[str, Any]) -> None:
    """Show the page as it is for a reader with this screen and these colors."""
    colors = {"color_scheme": "light", "forced_colors": "none"} | state
    width, height = colors.pop("width"), colors.pop("height")
    page.emulate_media(**colors)
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("Promise.allSettled(document.getAnimations().map(animation => animation.finished))")


def violations(page: Page, rules: list[str] | None = None) -> str:
    """A report of what axe finds by all its rules, or by these; "" where that is nothing.

    What it tries itself, the policy of the site may refuse: the console has that then.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    report = page.evaluate(RUN_AXE, {"passed": list(_passed), "rules": rules})
    _passed.update(report["passed"])
    results = AxeResults(report)
    return results.generate_report() if results.violations_count else ""


def reports_in(page: Page, states: dict[str, dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """The name of each state, and what axe finds while the page is in it.

    By day and at night, by all its rules, unless the same parts were in sight in a state before: then, and in the
    other states, by the rules of what colors and less room can change.
    """
    looked_at: set[str] = set()
    for name, state in states.items():
        put_into(page, state)
        in_sight = page.evaluate(PARTS_IN_SIGHT)
        if name in {"light", "dark"} and in_sight not in looked_at:
            looked_at.add(in_sight)
            yield name, violations(page)
        else:
            yield name, violations(page, OF_COLORS_AND_ROOM)


def violations_in_every_state(page: Page) -> dict[str, str]:
    return dict(reports_in(page, STATES))
