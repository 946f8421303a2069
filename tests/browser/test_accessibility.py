"""What axe finds on every public page, in four states: nothing. And what axe cannot see: keyboard, zoom, spacing."""

import re
from itertools import pairwise
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import PUBLIC_PAGES

NARROW = 320
# WCAG 2.2, 1.4.12: nothing may be lost when a reader sets these.
TEXT_SPACING = """* {
  line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important;
}
p { margin-block-end: 2em !important; }"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


# A phone by day, a laptop at night, the narrowest screen, and somebody's own colors.
STATES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": {"width": 390, "height": 800}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 800}},
    "narrow": {"color_scheme": "light", "viewport": {"width": NARROW, "height": 640}},
    "forced colors": {"forced_colors": "active", "viewport": {"width": 1280, "height": 800}},
}


@pytest.mark.parametrize("path", PUBLIC_PAGES)
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(browser: Browser, site: str, path: str, state: str) -> None:
    context = browser.new_context(base_url=site, **STATES[state])
    page = context.new_page()
    page.goto(path)
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    context.close()


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_nothing_is_cut_off_at_320_pixels(browser: Browser, site: str, path: str) -> None:
    context = browser.new_context(base_url=site, viewport={"width": NARROW, "height": 640})
    page = context.new_page()
    page.goto(path)
    assert page.evaluate(OVERFLOW) == 0
    # Not `add_style_tag`: the policy of the site refuses it, as it should.
    page.evaluate(
        "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet]; }",
        TEXT_SPACING,
    )
    assert page.evaluate(OVERFLOW) == 0
    context.close()


def test_the_skip_link_is_first_and_moves_the_focus_to_the_content(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    expect(page.locator(".skip-link")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main_content")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#search_words")).to_be_focused()


def test_the_help_line_is_two_key_presses_from_anywhere(page: Page) -> None:
    for path in PUBLIC_PAGES:
        page.goto(path)
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Call 988").first).to_be_focused()


def test_a_reader_gets_from_home_to_a_resource_and_back_with_the_keyboard_alone(page: Page) -> None:
    def press_on(link: Locator, key: str = "Enter") -> None:
        """Walk to it, as far as a reader would, and press the key."""
        for _step in range(120):
            page.keyboard.press("Tab")
            if link.evaluate("link => link === document.activeElement"):
                page.keyboard.press(key)
                return
        pytest.fail("The keyboard does not get there.")

    page.goto("/")
    press_on(page.get_by_role("link", name="Search and filter Podcasts – The Beat"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Podcasts – The Beat")
    press_on(page.get_by_role("checkbox", name=re.compile("^2014")), "Space")
    expect(page).to_have_url(re.compile(r"\?year=2014$"))
    press_on(page.locator(".entry-title").first)
    expect(page.get_by_role("link", name=re.compile("^(Open|Read)")).first).to_be_visible()
    press_on(page.get_by_role("link", name="Podcasts – The Beat"))
    expect(page).to_have_url(re.compile("/#podcasts$"))


def test_every_help_line_link_is_large_enough_for_a_thumb(page: Page) -> None:
    page.goto("/help/")
    for link in page.locator("a[href^='tel:']:visible, a[href^='sms:']:visible").all():
        box = link.bounding_box()
        assert box is not None
        assert box["height"] >= 44, link.inner_text()


def test_a_list_is_filtered_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/resources/")
    page.get_by_role("checkbox", name="Forum").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"[?&]kind=forum"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Forums")


def test_the_focus_can_be_seen_on_every_link(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    for _step in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", page.evaluate("document.activeElement.outerHTML")


def test_headings_are_in_order_and_landmarks_stand_once(page: Page) -> None:
    for path in PUBLIC_PAGES:
        page.goto(path)
        levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])")
        assert levels.count(1) == 1, path
        assert levels[0] == 1, path
        assert all(later - earlier <= 1 for earlier, later in pairwise(levels)), (path, levels)
        for landmark in ("main", "header", "footer"):
            assert page.locator(f"body > {landmark}").count() == 1, path
