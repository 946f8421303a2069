"""A day at the curators' desk, in one browser, from signing in to signing off."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.accounts.people import digits_of
from tests.browser.sites import sign_in
from tests.browser.test_signing_in import give_device

OUTSIDE = "http://example.org/night-shift"
RESOURCES = "/admin/library/resource/"
FRONT = "What would you like to do?"
# Waits until this tab keeps nothing that was typed.
NO_DRAFT = """() => new Promise(done => {
    const look = () => /draft /.test(Object.keys(sessionStorage)) ? setTimeout(look, 20) : done();
    look();
})"""
# A row in every seventieth line has a fault, each another one.
FAULTS = [
    {"title": ""},
    {"kind": "novel"},
    {"section": "nowhere"},
    {"url": "javascript:alert(1)"},
    {"url": ""},
    {"published": "soon"},
    {"categories": "No such category"},
]


@pytest.fixture
def complaints() -> list[str]:
    """What the browser says in its console: a refused script or style, above all."""
    return []


@pytest.fixture
def admin_page(browser: Browser, guarded_office: str, complaints: list[str]) -> Iterator[Page]:
    """A curator's laptop, whose fingerprint reader says yes."""

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    context = browser.new_context(base_url=guarded_office, viewport={"width": 1280, "height": 900})
    context.on("console", note)
    yield context.new_page()
    context.close()


def test_a_day_from_signing_in_to_signing_off(admin_page: Page, complaints: list[str]) -> None:
    signs_in_with_an_app(admin_page)
    signs_in_with_a_passkey(admin_page)
    begins_an_entry_with_its_address(admin_page)
    previews_it(admin_page)
    schedules_it_and_publishes_it(admin_page)
    edits_it_in_two_tabs_and_chooses(admin_page)
    brings_an_older_version_back(admin_page)
    imports_500_rows_of_which_7_are_bad(admin_page)
    takes_the_import_back(admin_page)
    moves_it_to_the_top_with_the_keyboard(admin_page)
    signs_off_in_the_middle_of_a_form(admin_page)
    # The page on which the second tab chose, and nothing else: no script and no style was refused.
    assert [words for words in complaints if "409 (Conflict)" not in words] == []


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press a button that sends a form, and wait for what it is answered with."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def signs_in_with_an_app(page: Page) -> None:
    sign_in(page)
    page.get_by_role("link", name="Set up an app").click()
    secret = page.locator("code").first.inner_text()
    page.get_by_label("Authenticator code").fill(digits_of(secret))
    page.get_by_role("button", name="Set up the app").click()
    page.wait_for_url("**/admin/account/codes/")
    page.get_by_role("button", name="Log out").click()
    sign_in(page)
    page.get_by_label("Code").fill(digits_of(secret, timezone.now().timestamp() + 30))
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name=FRONT).wait_for()


def signs_in_with_a_passkey(page: Page) -> None:
    give_device(page.context, page)
    page.goto("/admin/account/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("This laptop")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("This laptop").wait_for()
    page.get_by_role("button", name="Log out").click()
    page.goto("/admin/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("heading", name=FRONT).wait_for()


def begins_an_entry_with_its_address(page: Page) -> None:
    page.goto(f"{RESOURCES}add/")
    page.get_by_label("Address").fill(OUTSIDE)
    page.get_by_label("Kind").select_option("forum")
    press(page, "Read this page")
    for field in ("Title", "Summary", "Publisher", "Published"):
        press(page, re.compile(f"^Use this: {field}", re.IGNORECASE))
    expect(page.locator("#id_title")).to_have_value("Sleep after a night shift")
    page.locator("#id_body").fill("Three rooms:\n\n- dark\n- cool")
    page.get_by_role("button", name="Preview this text").click()
    expect(page.locator("#markdown_preview li")).to_have_text(["dark", "cool"])


def previews_it(page: Page) -> None:
    press(page, "Save and continue editing")
    press(page, "Save and preview")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sleep after a night shift")
    expect(page.get_by_text("Readers can’t see this page. It’s a draft.")).to_be_visible()
    assert page.request.get("/resources/sleep-after-a-night-shift/").status == 404


def schedules_it_and_publishes_it(page: Page) -> None:
    page.goto(f"{RESOURCES}?q=night-shift")
    page.get_by_role("link", name="Sleep after a night shift", exact=True).click()
    later = timezone.localtime(timezone.now() + timedelta(days=2))
    page.get_by_text("Schedule…").click()
    page.locator("#id_listed_at_0").fill(f"{later:%Y-%m-%d}")
    page.locator("#id_listed_at_1").fill("06:00:00")
    press(page, re.compile("^Schedule$"))
    expect(page.locator(".messagelist")).to_contain_text("Goes live")
    assert page.request.get("/resources/sleep-after-a-night-shift/").status == 404
    page.locator(".messagelist a").first.click()
    press(page, "Publish now")
    expect(page.locator(".messagelist")).to_contain_text("Readers see this entry at /r/")
    assert page.request.get("/resources/sleep-after-a-night-shift/").status == 200
    page.locator(".messagelist a").first.click()
    page.wait_for_url("**/change/**")


def edits_it_in_two_tabs_and_chooses(page: Page) -> None:
    other = page.context.new_page()
    other.goto(page.url)
    page.locator("#id_summary").fill("How to rest when others wake.")
    press(page, "Save and continue editing")
    other.locator("#id_summary").fill("Sleep by day.")
    press(other, "Save and continue editing")
    both = other.locator(".both_texts", has_text="Summary")
    expect(both).to_contain_text("How to rest when others wake.")
    both.get_by_label("This form").check()
    press(other, "Save my choices")
    other.close()
    assert "Sleep by day." in page.request.get("/resources/sleep-after-a-night-shift/").text()


def brings_an_older_version_back(page: Page) -> None:
    page.reload()
    page.get_by_role("link", name="History").click()
    # The newest change stands first, and this is the one before it.
    page.locator("table tbody th a").nth(1).click()
    expect(page.locator("main")).to_contain_text("How to rest when others wake.")
    press(page, "Restore this version")
    expect(page.locator("#id_summary")).to_have_value("How to rest when others wake.")
    assert "others wake" in page.request.get("/resources/sleep-after-a-night-shift/").text()


def imports_500_rows_of_which_7_are_bad(page: Page) -> None:
    page.goto("/admin/library/fileimport/add/")
    page.get_by_label("File").set_input_files(
        {"name": "autumn.csv", "mimeType": "text/csv", "buffer": file_of_500_rows().encode()}
    )
    press(page, "Upload and check")
    # The page loads itself anew while the file is read.
    page.get_by_role("button", name="Import 493 rows, skip the bad ones").wait_for(timeout=60_000)
    page.get_by_role("link", name="Bad: 7").click()
    expect(page.locator("table.told tbody tr")).to_have_count(7)
    expect(page.locator("table.told tbody .wrong")).to_have_count(7)
    press(page, "Import 493 rows, skip the bad ones")
    page.get_by_text("New entries: 493.").wait_for(timeout=60_000)
    page.goto(f"{RESOURCES}?q=Briefing")
    expect(page.get_by_text("493 results")).to_be_visible()


def file_of_500_rows() -> str:
    file = io.StringIO()
    columns = ["title", "kind", "section", "url", "published", "categories"]
    writer = csv.DictWriter(file, columns, restval="")
    writer.writeheader()
    for number in range(500):
        row = {"title": f"Briefing {number}", "kind": "site", "section": "websites"}
        row |= {"url": f"https://example.org/briefings/{number}", "published": "2024"}
        writer.writerow(row | (FAULTS[number // 70] if number % 70 == 7 and number // 70 < 7 else {}))
    return file.getvalue()


def takes_the_import_back(page: Page) -> None:
    page.goto("/admin/library/fileimport/")
    page.get_by_role("link", name="autumn.csv").click()
    page.get_by_text("Undo this import…").click()
    page.get_by_label("Yes, undo the whole import.").check()
    press(page, "Undo this import")
    page.get_by_text("Undone.", exact=True).wait_for(timeout=60_000)
    page.goto(f"{RESOURCES}?q=Briefing")
    expect(page.get_by_text("0 results")).to_be_visible()


def moves_it_to_the_top_with_the_keyboard(page: Page) -> None:
    page.goto("/admin/library/section/")
    page.get_by_role("link", name="Put in order: Forums").click()
    button = page.get_by_role("button", name="To the top: Sleep after a night shift")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_be_focused()
    expect(page.locator("#result_list tbody tr").first).to_contain_text("Sleep after a night shift")
    first = page.request.get("/sections/forums/").text()
    assert first.index("Sleep after a night shift") < first.index("OSW Group")


def signs_off_in_the_middle_of_a_form(page: Page) -> None:
    """What was typed stays in no tab of the laptop."""
    other = page.context.new_page()
    for tab in (other, page):
        tab.goto(f"{RESOURCES}add/?kind=site")
        tab.locator("#id_title").fill("For nobody else to read")
        tab.goto("/admin/")
        assert "draft " in tab.evaluate("String(Object.keys(sessionStorage))")
    page.get_by_role("button", name="Log out").click()
    page.get_by_text("Logged out").first.wait_for()
    for tab in (other, page):
        tab.evaluate(NO_DRAFT)
