"""Rows of a list in order, dragged by their grip: stored, refused where somebody else was quicker, or left alone."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.admin_pages import SECTIONS, order


@pytest.fixture
def admin_page(browser: Browser, office: str, session_of_maria: Any) -> Iterator[Page]:
    screen = {"width": 1280, "height": 900}
    context = browser.new_context(base_url=office, storage_state=session_of_maria, viewport=screen)
    yield context.new_page()
    context.close()


def names(page: Page) -> list[str]:
    return page.locator("#result_list tbody th").all_inner_texts()


def take(page: Page, row: int, over: int) -> None:
    """Take a row by its grip and hold it over another one."""
    grips = page.locator("[data-grip]")
    for place, act in ((row, page.mouse.down), (over, lambda: None)):
        box = grips.nth(place).bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=5)
        act()
    page.locator("tr[data-drop]").wait_for()


def drop(page: Page) -> None:
    with page.expect_navigation():
        page.mouse.up()


def test_dragged_entry_stands_where_it_was_dropped_and_stays_there(admin_page: Page) -> None:
    order(admin_page)
    before = names(admin_page)
    take(admin_page, 0, over=2)
    expect(admin_page.locator("tr[data-drop=below]")).to_contain_text(before[2])
    drop(admin_page)
    after = [before[1], before[2], before[0], *before[3:]]
    assert names(admin_page) == after
    take(admin_page, 3, over=0)
    expect(admin_page.locator("tr[data-drop=above]")).to_contain_text(after[0])
    drop(admin_page)
    admin_page.reload()
    assert names(admin_page) == [after[3], *after[:3], *after[4:]]


def test_dragging_sections_moves_them_on_the_page(admin_page: Page) -> None:
    admin_page.goto(SECTIONS)
    before = names(admin_page)
    take(admin_page, 1, over=0)
    drop(admin_page)
    assert names(admin_page) == [before[1], before[0], *before[2:]]


def test_order_that_somebody_else_has_changed_is_shown_anew(admin_page: Page) -> None:
    order(admin_page)
    other = admin_page.context.new_page()
    other.goto(admin_page.url)
    other.get_by_role("button", name="Move down").first.click()
    other.locator("[name=move]:focus").wait_for()
    now = names(other)
    take(admin_page, 3, over=1)
    drop(admin_page)
    expect(admin_page.locator(".messagelist")).to_contain_text("Someone else reordered this")
    assert names(admin_page) == now


def test_escape_key_and_the_same_place_leave_everything_alone(admin_page: Page) -> None:
    order(admin_page)
    before, address = names(admin_page), admin_page.url
    take(admin_page, 0, over=2)
    admin_page.keyboard.press("Escape")
    expect(admin_page.locator("tr[data-drop], tr[data-dragged]")).to_have_count(0)
    admin_page.mouse.up()
    assert (names(admin_page), admin_page.url) == (before, address)
    admin_page.reload()
    assert names(admin_page) == before


def test_finger_drags_a_row_too(browser: Browser, office: str, session_of_maria: Any) -> None:
    screen = {"width": 768, "height": 900}
    context = browser.new_context(base_url=office, storage_state=session_of_maria, viewport=screen, has_touch=True)
    page = context.new_page()
    order(page)
    before = names(page)
    session = context.new_cdp_session(page)
    boxes = [page.locator("[data-grip]").nth(place).bounding_box() for place in (0, 1)]
    (x, y), (_x, goal) = [(box["x"] + 10, box["y"] + 10) for box in boxes if box]
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": goal}]})
    page.locator("tr[data-drop=below]").wait_for()
    with page.expect_navigation():
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert names(page) == [before[1], before[0], *before[2:]]
    context.close()


def test_without_a_script_there_is_no_grip_and_the_buttons_remain(
    browser: Browser, office: str, session_of_maria: Any
) -> None:
    context = browser.new_context(base_url=office, storage_state=session_of_maria, java_script_enabled=False)
    page = context.new_page()
    order(page)
    expect(page.locator("[data-grip]:visible")).to_have_count(0)
    assert page.get_by_role("button", name="Move up").count() > 0
    context.close()
