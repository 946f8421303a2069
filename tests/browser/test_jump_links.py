"""Every jump link lands: its heading is in view and not covered, on phone and laptop, with and without scripts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page

NOT_COVERED = """heading => {
  const box = heading.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + 4, box.top + box.height / 2);
  return box.top >= 0 && box.bottom <= innerHeight && heading.contains(top);
}"""
ANCHORS = ["online-training", "critical-incident-reviews", "podcasts", "forums", "websites"]


def assert_seen(heading: Locator) -> None:
    assert heading.evaluate(NOT_COVERED), heading.inner_text()


@pytest.fixture(scope="module")
def pages(browser: Browser, site: str) -> Iterator[dict[bool, Page]]:
    """A page of a reader with scripts, and of one without."""
    contexts = {scripts: browser.new_context(base_url=site, java_script_enabled=scripts) for scripts in (True, False)}
    yield {scripts: context.new_page() for scripts, context in contexts.items()}
    for context in contexts.values():
        context.close()


@pytest.fixture
def library(pages: dict[bool, Page], width: int, scripts: bool) -> Page:
    page = pages[scripts]
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/")
    return page


def test_every_jump_link_brings_its_heading_into_view(library: Page, site: str) -> None:
    links = library.locator("#section_list a")
    assert [link.get_attribute("href") for link in links.all()] == [f"#{anchor}" for anchor in ANCHORS]
    for anchor in ANCHORS:
        library.locator(f"#section_list a[href='#{anchor}']").click()
        assert library.url == f"{site}/#{anchor}"
        assert_seen(library.locator(f"#{anchor} h2"))


def test_a_permanent_link_from_outside_lands_on_its_heading(library: Page, site: str) -> None:
    for anchor in ANCHORS:
        library.goto(f"/s/{anchor}/")
        assert library.url == f"{site}/#{anchor}"
        assert_seen(library.locator(f"#{anchor} h2"))


def test_the_way_back_shows_the_list_of_sections(library: Page) -> None:
    library.locator("#podcasts").get_by_role("link", name="Back to sections").click()
    assert_seen(library.locator("#section_list_heading"))


def test_the_section_that_a_link_led_to_is_marked_by_more_than_color(page: Page) -> None:
    page.goto("/#forums")
    thickness = "heading => getComputedStyle(heading).borderBlockEndWidth"
    marked = page.locator("#forums .section-head").evaluate(thickness)
    other = page.locator("#websites .section-head").evaluate(thickness)
    assert float(marked.removesuffix("px")) > float(other.removesuffix("px"))


@pytest.mark.parametrize("path", ["/", "/resources/", "/sections/podcasts/"])
def test_twelve_tabs_at_most_lead_to_the_first_entry(page: Page, path: str) -> None:
    """Links that skip something are followed."""
    page.goto(path)
    for _tab in range(12):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.and_(page.locator(".entry-title")).count():
            break
        if focused.and_(page.locator(".skip-link, .skip-ahead")).count():
            page.keyboard.press("Enter")
    assert focused.inner_text() == page.locator(".entry-title").first.inner_text()


def test_guides_and_topics_begin_on_the_first_screen_of_a_phone(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto("/")
    for place in range(3):
        box = page.locator(".chips a").nth(place).bounding_box()
        assert box
        assert box["y"] + box["height"] <= 844
    context.close()
