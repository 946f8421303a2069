"""What axe finds on a page that is open: violations of WCAG, and of good practice."""

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
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    results = AxeResults(page.evaluate("options => axe.run(options)", options))
    return results.generate_report() if results.violations_count else ""


def violations_in_every_state(page: Page) -> dict[str, str]:
    """The reports of all `STATES`: by all rules on a phone and on a laptop, and of what the others can change."""
    found = {}
    for name, state in STATES.items():
        put_into(page, state)
        found[name] = violations(page, None if name in {"light", "dark"} else OF_COLORS_AND_ROOM)
    return found
