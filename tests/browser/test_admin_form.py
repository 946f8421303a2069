"""The form of an entry in a curator's browser: the Enter key, a preview beside the text, and both without a script."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

ADD = "/admin/library/resource/add/?kind=forum"
PREVIEW = "Preview this text"


@pytest.fixture
def admin_page(browser: Browser, office: str, session_of_maria: Any, scripts: bool) -> Iterator[Page]:
    """The form of a new forum, on a small laptop, with text in it."""
    screen = {"width": 768, "height": 900}
    context = browser.new_context(
        base_url=office, storage_state=session_of_maria, viewport=screen, java_script_enabled=scripts
    )
    page = context.new_page()
    page.goto(ADD)
    page.locator("#id_title").fill("Night Shift")
    page.locator("#id_body").fill("Three goals:\n\n- one\n- two")
    yield page
    context.close()


def test_preview_shows_the_text_and_leaves_the_form_as_it_is(admin_page: Page, scripts: bool) -> None:
    if scripts:
        admin_page.get_by_role("button", name=PREVIEW).click()
        shown = admin_page
    else:
        with admin_page.context.expect_page() as opened:
            admin_page.get_by_role("button", name=PREVIEW).click()
        shown = opened.value
    preview = shown.locator("#markdown_preview")
    preview.wait_for()
    assert preview.get_by_role("listitem").all_inner_texts() == ["one", "two"]
    assert admin_page.locator("#id_title").input_value() == "Night Shift"
    assert len(admin_page.context.pages) == (1 if scripts else 2)


def test_enter_key_saves_and_says_what_is_missing(admin_page: Page) -> None:
    admin_page.locator("#id_title").fill("")
    admin_page.locator("#id_title").press("Enter")
    errors = admin_page.locator(".error_links")
    errors.wait_for()
    assert errors.inner_text() == "Title: This field is required."
    assert admin_page.locator("#id_body").input_value() == "Three goals:\n\n- one\n- two"
    assert admin_page.evaluate("document.documentElement.scrollWidth") == 768
