"""What axe finds on every public page, in four states: nothing. And what axe cannot see: keyboard, zoom, spacing."""

import re
from collections.abc import Callable
from functools import partial
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import STATES
from tests.browser.keyboard import OUTLINE, press_on
from tests.browser.visits import Visit
from tests.support.pages import ERROR_PAGES, PUBLIC_PAGES

EVERY_PAGE = PUBLIC_PAGES + ERROR_PAGES


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_axe_finds_nothing(visit: Callable[[str], Visit], path: str) -> None:
    assert visit(path).violations == dict.fromkeys(STATES, "")


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_nothing_is_cut_off_at_320_pixels(visit: Callable[[str], Visit], path: str) -> None:
    assert visit(path).overflow == [0, 0]


def test_the_skip_link_is_first_and_moves_the_focus_to_the_content(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    expect(page.locator(".skip-link")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main_content")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#search_words")).to_be_focused()


def test_the_help_line_is_two_key_presses_from_anywhere(visit: Callable[[str], Visit]) -> None:
    assert [path for path in EVERY_PAGE if not visit(path).second_stop_is_a_call] == []


def test_a_reader_gets_from_home_to_a_resource_and_back_with_the_keyboard_alone(page: Page) -> None:
    walk = partial(press_on, page, at_most=120)
    page.goto("/")
    walk(page.get_by_role("link", name="Search and filter Podcasts – The Beat"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Podcasts – The Beat")
    walk(page.get_by_role("checkbox", name=re.compile("^2014")), "Space")
    expect(page).to_have_url(re.compile(r"\?year=2014$"))
    walk(page.locator(".entry-title").first)
    expect(page.get_by_role("link", name=re.compile("^(Open|Read)")).first).to_be_visible()
    walk(page.get_by_role("link", name="Podcasts – The Beat"))
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
        focus = page.evaluate(OUTLINE)
        assert focus["style"] == "solid", focus["part"]


def test_headings_are_in_order_and_landmarks_stand_once(visit: Callable[[str], Visit]) -> None:
    for path in EVERY_PAGE:
        levels = visit(path).levels
        assert levels.count(1) == 1, path
        assert levels[0] == 1, path
        assert all(later - earlier <= 1 for earlier, later in pairwise(levels)), (path, levels)
        assert visit(path).landmarks == {"main": 1, "header": 1, "footer": 1}, path
