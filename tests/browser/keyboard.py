"""Walking through a page with the Tab key, as somebody without a mouse does."""

import pytest
from playwright.sync_api import Locator, Page

# At the goal further presses of the key do nothing, so that it need not be looked for after each of them.
STAY_AT_GOAL = """goal => {
    if (!("goal" in window)) addEventListener("keydown", event => {
        if (event.key !== "Tab" || document.activeElement !== window.goal) return;
        event.preventDefault();
        event.stopImmediatePropagation();
    }, { capture: true });
    window.goal = goal;
}"""
IS_AT_GOAL = """() => {
    if (document.activeElement !== window.goal) return false;
    window.goal = null;
    return true;
}"""
# How the focus looks, and what has it; null where nothing of the page has it.
OUTLINE = """() => {
    const part = document.activeElement;
    if (!part || part === document.body) return null;
    const { outlineStyle, outlineWidth } = getComputedStyle(part);
    return { style: outlineStyle, width: outlineWidth, part: part.outerHTML.slice(0, 200) };
}"""


def walk_to(page: Page, part: Locator, at_most: int = 150) -> None:
    """Press Tab until it has the focus."""
    part.evaluate(STAY_AT_GOAL)
    for _tens in range(at_most // 10):
        if page.evaluate(IS_AT_GOAL):
            return
        for _press in range(10):
            page.keyboard.press("Tab")
    if not page.evaluate(IS_AT_GOAL):
        pytest.fail("The keyboard does not get there.")


def press_on(page: Page, part: Locator, key: str = "Enter", at_most: int = 150) -> None:
    walk_to(page, part, at_most)
    page.keyboard.press(key)
