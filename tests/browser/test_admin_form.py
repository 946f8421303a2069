"""The form of an entry in a curator's browser: the Enter key, a preview beside the text, and both without a script.
And what was typed and left: asked about, offered again, and gone when it is saved."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.browser.admin_pages import RESOURCES
from tests.browser.keyboard import press_on

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
    expect(admin_page.get_by_role("button", name="Publish")).to_be_in_viewport()
    admin_page.locator("#id_title").fill("")
    admin_page.locator("#id_title").press("Enter")
    errors = admin_page.locator(".error_links")
    errors.wait_for()
    assert errors.inner_text() == "Title: This field is required."
    assert admin_page.locator("#id_body").input_value() == "Three goals:\n\n- one\n- two"
    assert admin_page.evaluate("document.documentElement.scrollWidth") == 768


def test_tags_are_suggested_chosen_and_removed_with_the_keyboard(admin_page: Page, scripts: bool) -> None:
    field = admin_page.get_by_label("Tags:")
    if not scripts:
        field.fill("Officer wellness; rest, SLEEP")
    else:
        chosen = admin_page.get_by_role("list", name="Tags of this entry").get_by_role("listitem")
        options = admin_page.get_by_role("listbox", name="Suggested tags").get_by_role("option")
        field.press_sequentially("SLE")
        expect(options.first).to_have_text(re.compile(r"^sleep entries: \d+$"))
        expect(admin_page.get_by_role("status").filter(has_text="Suggestions")).to_have_count(1)
        field.press("ArrowDown")
        assert field.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
        field.press("Enter")
        field.press_sequentially("Officer wellness")
        expect(options.last).to_have_text("Officer wellness (new tag)")
        field.press("Escape")
        expect(options).to_have_count(0)
        expect(field).to_have_value("Officer wellness")
        field.press("Enter")
        expect(chosen.nth(1)).to_contain_text("Officer wellness (new tag)")
        field.press_sequentially("unwanted;")
        expect(chosen).to_have_count(3)
        field.press("Backspace")
        expect(chosen).to_have_count(2)
        field.press_sequentially("left")  # is a tag as soon as the field is left
        field.press("Tab")
        admin_page.get_by_role("button", name="Remove left", exact=True).press("Enter")
        expect(field).to_be_focused()
    admin_page.locator("[name=section]").evaluate("select => select.add(new Option('1', '1', true, true))")
    admin_page.locator("input[name=_continue]").click()
    admin_page.locator(".messagelist .success").wait_for()
    names = admin_page.locator("textarea[name=tags]").input_value().split(", ")
    assert {"Officer wellness", "sleep"} <= set(names)
    assert "unwanted" not in names


@pytest.fixture
def left(browser: Browser, office: str, session_of_maria: Any) -> Iterator[Page]:
    """The form of an entry with another summary and another category, left by a link after the browser had asked."""
    context = browser.new_context(base_url=office, storage_state=session_of_maria)
    page = context.new_page()
    page.goto(f"{RESOURCES}?q=Part+7")
    page.locator("#result_list tbody th a").first.click()
    page.locator("#id_summary").fill("Typed and left.")
    page.locator("#id_categories").get_by_role("checkbox").first.click()
    page.get_by_label("Tags:").fill("night work, rest")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    away = page.get_by_role("link", name="Guides", exact=True)
    away.click()
    expect(page.locator("#id_summary")).to_have_value("Typed and left.")
    assert asked == ["beforeunload"]
    address = page.url
    page.once("dialog", lambda dialog: dialog.accept())
    away.click()
    page.wait_for_url("**/admin/library/guide/")
    page.goto(address)
    yield page
    context.close()


def drafts(page: Page) -> list[str]:
    return [key for key in page.evaluate("Object.keys(sessionStorage)") if key.startswith("draft ")]


def test_what_was_typed_and_left_is_offered_again_until_it_is_saved(left: Page) -> None:
    offer, address = left.locator("#draft"), left.url
    words = r"You left this form without saving\.\s+Bring back what you typed at \d+:\d\d [ap]\.m\.\s+Discard"
    expect(offer).to_have_text(re.compile(words), use_inner_text=True)
    expect(left.locator("#id_summary")).to_have_value("")
    press_on(left, offer.get_by_role("button", name="Bring back"))
    expect(offer).to_be_hidden()
    expect(left.locator("#id_summary")).to_be_focused()
    expect(left.locator("#id_summary")).to_have_value("Typed and left.")
    expect(left.locator("#id_categories").get_by_role("checkbox", checked=True)).to_have_count(1)
    expect(left.get_by_role("list", name="Tags of this entry").get_by_role("listitem")).to_have_count(2)
    left.locator("input[name=_save]:visible").click()
    left.locator(".messagelist .success").wait_for()
    assert drafts(left) == []
    left.goto(address)
    expect(left.locator("#id_summary")).to_have_value("Typed and left.")
    expect(offer).to_be_hidden()


def test_what_was_typed_before_somebody_elses_edit_overwrites_nothing(left: Page) -> None:
    other = left.context.new_page()
    other.goto(left.url)
    other.get_by_text("Audience, language, and search words").click()
    other.locator("#id_keywords").fill("theirs")
    other.locator("input[name=_continue]").click()
    other.locator(".messagelist .success").wait_for()
    left.reload()
    expect(left.locator("#draft")).to_contain_text("The entry has changed since then.")
    left.get_by_role("button", name="Bring back").click()
    left.locator("input[name=_save]:visible").click()
    left.get_by_role("button", name="Save my choices").wait_for()
    expect(left.get_by_role("group", name="Search words").get_by_label("Saved version")).to_be_checked()
    assert len(drafts(left)) == 1
    left.goto(left.url)
    left.get_by_role("button", name="Discard").click()
    assert drafts(left) == []
