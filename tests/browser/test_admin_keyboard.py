"""The curators' desk without a mouse: walked with Tab, Enter and Space, and every stop can be seen."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.admin_pages import RESOURCES, order
from tests.browser.keyboard import OUTLINE, press_on, walk_to


@pytest.fixture(scope="module")
def page_of_maria(browser: Browser, office: str, session_of_maria: Any) -> Iterator[Page]:
    context = browser.new_context(base_url=office, storage_state=session_of_maria)
    yield context.new_page()
    context.close()


@pytest.fixture
def admin_page(page_of_maria: Page) -> Page:
    page_of_maria.set_viewport_size({"width": 768, "height": 900})
    return page_of_maria


def test_a_phone_has_the_parts_of_the_desk_behind_one_button(admin_page: Page) -> None:
    admin_page.set_viewport_size({"width": 390, "height": 800})
    admin_page.goto(RESOURCES)
    header = admin_page.locator("#header").bounding_box()
    assert header is not None
    assert header["height"] < 64
    topics = admin_page.get_by_role("navigation", name="Desk").get_by_role("link", name="Topics")
    expect(topics).to_be_hidden()
    press_on(admin_page, admin_page.get_by_role("button", name="Menu"))
    expect(topics).to_be_in_viewport()
    admin_page.keyboard.press("Escape")
    expect(topics).to_be_hidden()
    press_on(admin_page, admin_page.get_by_role("button", name="Menu"), "Space")
    press_on(admin_page, topics)
    expect(admin_page).to_have_url(re.compile("/admin/library/section/$"))


def test_a_phone_shows_three_columns_and_the_others_when_a_row_is_opened(admin_page: Page) -> None:
    admin_page.set_viewport_size({"width": 390, "height": 800})
    admin_page.goto(f"{RESOURCES}?q=Part+7")
    row = admin_page.locator("#result_list tbody tr")
    expect(row).to_have_count(1)
    expect(row.locator(".field-section")).to_be_visible()
    expect(row.locator("[data-rest]:visible")).to_have_count(0)
    press_on(admin_page, row.get_by_text("More"), "Space")
    expect(row.locator("[data-rest]:visible")).to_have_count(5)
    assert (
        row.locator("[data-rest]").first.evaluate("part => getComputedStyle(part, '::before').content")
        == '"Publisher: "'
    )
    assert admin_page.evaluate("document.documentElement.scrollWidth") == 390


def test_an_entry_is_found_changed_and_saved(admin_page: Page) -> None:
    admin_page.goto("/admin/")
    press_on(admin_page, admin_page.locator("#content-main").get_by_role("link", name="Resources", exact=True))
    expect(admin_page).to_have_url(re.compile(f"{RESOURCES}$"))
    walk_to(admin_page, admin_page.locator("#searchbar"))
    admin_page.keyboard.type("near miss")
    admin_page.keyboard.press("Enter")
    press_on(admin_page, admin_page.locator("#result_list tbody th a").first)
    walk_to(admin_page, admin_page.locator("#id_summary"))
    admin_page.keyboard.press("Control+A")
    admin_page.keyboard.type("Officers tell what nearly went wrong.")
    press_on(admin_page, admin_page.locator("input[name=_save]:visible"))
    expect(admin_page.locator(".messagelist .success")).to_contain_text("Readers see this entry")


def test_a_day_is_written_or_taken_from_the_calendar(admin_page: Page) -> None:
    admin_page.goto(f"{RESOURCES}?q=near+miss")
    press_on(admin_page, admin_page.locator("#result_list tbody th a").first)
    press_on(admin_page, admin_page.locator("summary", has_text="Review"))
    day = admin_page.locator("#id_review_by")
    walk_to(admin_page, day)
    admin_page.keyboard.press("Control+A")
    admin_page.keyboard.type("2027-03-01")
    admin_page.keyboard.press("Tab")
    admin_page.keyboard.press("Enter")  # “Today”
    expect(day).not_to_have_value("2027-03-01")


def test_many_entries_are_changed_at_once(admin_page: Page) -> None:
    admin_page.goto(f"{RESOURCES}?q=near+miss")
    press_on(admin_page, admin_page.locator("input[name=_selected_action]").first, "Space")
    # Back to the menu, which stands before the list.
    admin_page.locator("#to_filters a").focus()
    walk_to(admin_page, admin_page.locator("select[name=action]"))
    admin_page.keyboard.type("Add a tag")
    press_on(admin_page, admin_page.get_by_role("button", name="Go", exact=True))
    walk_to(admin_page, admin_page.locator("#bulk_form input[type=text]"))
    admin_page.keyboard.type("keyboard")
    press_on(admin_page, admin_page.get_by_role("button", name="Show what would change"))
    press_on(admin_page, admin_page.get_by_role("button", name="Yes, change them"))
    expect(admin_page.locator(".messagelist")).to_be_visible()


def test_the_buttons_of_an_order_keep_the_focus(admin_page: Page) -> None:
    order(admin_page)
    second = admin_page.locator("#result_list tbody tr").nth(1).get_by_role("link").inner_text()
    down = admin_page.get_by_role("button", name=f"Move down: {second}")
    for place in (2, 3):
        press_on(admin_page, down)
        expect(admin_page.locator("#result_list tbody tr").nth(place)).to_contain_text(second)
        expect(down).to_be_focused()
    top = admin_page.get_by_role("button", name=f"To the top: {second}")
    press_on(admin_page, top, "Space")
    expect(admin_page.locator("#result_list tbody tr").first).to_contain_text(second)
    expect(top).to_be_focused()


@pytest.mark.parametrize("path", ["/admin/", RESOURCES, f"{RESOURCES}1/change/", "/admin/account/"])
def test_the_skip_link_is_first_and_every_stop_can_be_seen(admin_page: Page, path: str) -> None:
    admin_page.goto(path)
    admin_page.keyboard.press("Tab")
    expect(admin_page.get_by_role("link", name="Skip to main content")).to_be_focused()
    for _step in range(60):
        admin_page.keyboard.press("Tab")
        focus = admin_page.evaluate(OUTLINE)
        if not focus:
            break
        assert (focus["style"], focus["width"]) == ("solid", "3px"), focus["part"]


def test_buttons_are_large_enough_for_a_finger(admin_page: Page) -> None:
    order(admin_page)
    for width, least in ((768, 24), (390, 44)):
        admin_page.set_viewport_size({"width": width, "height": 800})
        for part in admin_page.locator("[name=move], [data-grip]").all()[:8]:
            box = part.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= least
