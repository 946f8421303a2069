"""A week at the curators' desk: one curator and, on Tuesday, an author. What they press is counted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.admin_pages import RESOURCES, sign_in

DESK = "/admin/"
PUBLISHED = ("sleep-after-a-night-shift", "sleep-after-a-day-shift", "rest-by-day")
SUGGESTED, ADDED = "http://example.org/night-shift", "http://example.org/day-shift"

# As LibGuides names its columns, with days as they are written in the United States; a row in three has a fault.
LIBGUIDES = """Asset ID,Asset Name,URL,Description,Subjects,Date
1,Debriefing at Work,https://example.org/assets/1,"Short, and plain.",Debriefing; Peer Support,2/28/2020
2,Calling a Friend,https://example.org/assets/2,,Peer Support,"March 3, 2021"
3,Walking,htps://example.org/assets/3,,Exercise,1/5/2022
4,Breathing,https://example.org/assets/4,,Breathing,Feb 2020
5,,https://example.org/assets/5,,Sleep,2019
6,Sleeping Well,https://example.org/assets/6,,Sleep,13/45/2020
"""
CORRECTIONS = {"htps:": "https:", "\n,site": "\nNight Work,site", "13/45/2020": "3/4/2020"}


@dataclass
class Desk:
    """A curator's browser. A press is a click on a link, a button or a box; typing and choosing from a list is none."""

    page: Page
    presses: int = 0

    def press(self, name: str | re.Pattern[str], within: str = "main") -> None:
        """Press the first link or button of this name that leads on, and wait for where it leads."""
        part = self.page.locator(within)
        link, button = (part.get_by_role(role, name=name, exact=True) for role in ("link", "button"))
        self.presses += 1
        with self.page.expect_navigation():
            link.or_(button).first.click()

    def open(self, part: Locator) -> None:
        """Press what stays on the page."""
        self.presses += 1
        part.click()


@pytest.fixture(scope="module")
def desk(browser: Browser, office: str, session_of_maria: Any) -> Iterator[Desk]:
    context = browser.new_context(base_url=office, storage_state=session_of_maria, accept_downloads=True)
    yield Desk(context.new_page())
    context.close()


def status_of(desk: Desk, path: str) -> int:
    return desk.page.request.get(path).status


def test_a_week_at_the_desk(browser: Browser, office: str, desk: Desk) -> None:
    suggests_a_page(browser, office)
    submits_a_draft(browser, office)
    days = (
        *(publishes_a_suggestion, adds_an_entry_by_its_address, reviews_a_draft, imports_a_file),
        *(corrects_its_bad_rows, imports_a_feed, undoes_the_feed, undoes_both_files, withdraws_what_was_published),
    )
    presses = {}
    for act in days:
        desk.page.goto(DESK)
        desk.presses = 0
        act(desk)
        presses[act] = desk.presses
    print({act.__name__: number for act, number in presses.items()})
    assert presses[publishes_a_suggestion] <= 8
    assert presses[adds_an_entry_by_its_address] <= 5


def suggests_a_page(browser: Browser, office: str) -> None:
    context = browser.new_context(base_url=office)
    page = context.new_page()
    page.goto("/suggest/")
    page.get_by_label("Web address").fill(SUGGESTED)
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/thanks/**")
    context.close()


def publishes_a_suggestion(desk: Desk) -> None:
    desk.press(re.compile("open suggestions?$"))
    desk.press("Make a draft")
    desk.press("Use all suggestions")
    desk.press("Publish")
    expect(desk.page.locator(".messagelist")).to_contain_text("Readers see this entry")
    assert status_of(desk, f"/resources/{PUBLISHED[0]}/") == 200


def adds_an_entry_by_its_address(desk: Desk) -> None:
    desk.press("Add", within="tr.model-resource")
    desk.page.get_by_label("Address").fill(ADDED)
    desk.page.get_by_label("Kind").select_option("site")
    desk.press("Read this page")
    desk.press("Use all suggestions")
    desk.press("Publish")
    expect(desk.page.locator(".messagelist")).to_contain_text("Readers see this entry")
    assert status_of(desk, f"/resources/{PUBLISHED[1]}/") == 200


def submits_a_draft(browser: Browser, office: str) -> None:
    context = browser.new_context(base_url=office)
    page = context.new_page()
    sign_in(page, "ann")
    page.goto(f"{RESOURCES}add/?kind=site")
    page.locator("#id_title").fill("Rest by Day")
    page.locator("#id_url").fill("https://example.org/rest-by-day")
    page.get_by_role("button", name="Submit for review").click()
    expect(page.locator(".messagelist")).to_contain_text("It’s waiting for review.")
    context.close()


def reviews_a_draft(desk: Desk) -> None:
    desk.press(re.compile("waits? for review$"))
    desk.press("Rest by Day")
    expect(desk.page.locator("#readers_see")).to_contain_text("ann submitted it for review")
    desk.press("Publish")
    assert status_of(desk, f"/resources/{PUBLISHED[2]}/") == 200


def upload(desk: Desk, name: str, text: str) -> None:
    """From the first page to what is asked or found of the file."""
    desk.press("Add", within="tr.model-fileimport")
    desk.page.get_by_label("File").set_input_files({"name": name, "mimeType": "text/csv", "buffer": text.encode()})
    desk.press("Upload and check")


def imports_a_file(desk: Desk) -> None:
    upload(desk, "libguides.csv", LIBGUIDES)
    desk.page.locator("#columns_form").wait_for(timeout=60_000)
    desk.page.get_by_label("Section, for new entries without one").select_option("websites")
    desk.press("Check with these columns")
    desk.page.get_by_role("button", name="Import 3 rows, skip the bad ones").wait_for(timeout=60_000)
    desk.press("Import 3 rows, skip the bad ones")
    desk.page.get_by_text("New entries: 3.").wait_for(timeout=60_000)


def corrects_its_bad_rows(desk: Desk) -> None:
    desk.press("Imports", within="tr.model-fileimport")
    desk.press("libguides.csv")
    with desk.page.expect_download() as download:
        desk.open(desk.page.get_by_role("link", name="bad rows as CSV"))
    text = download.value.path().read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    desk.page.goto(DESK)
    for wrong, right in CORRECTIONS.items():
        assert wrong in text
        text = text.replace(wrong, right)
    upload(desk, "corrected.csv", text)
    desk.press("Import 3 rows")
    desk.page.get_by_text("New entries: 3.").wait_for(timeout=60_000)


def imports_a_feed(desk: Desk) -> None:
    desk.press("Add", within="tr.model-resource")
    desk.press("Import a podcast feed")
    desk.page.get_by_label("Feed address").fill("http://example.org/odd.xml")
    desk.page.get_by_label("Series").select_option(label="Between Two Shifts")
    desk.press("Show episodes")
    expect(desk.page.locator(".list_note")).to_contain_text("29 new episodes")
    expect(desk.page.locator(".list_note")).to_contain_text("1 episode is in the feed twice")
    desk.press("Make drafts of all 29 new episodes")
    expect(desk.page.locator(".messagelist")).to_contain_text("29 drafts were made.")


def undoes_the_feed(desk: Desk) -> None:
    desk.press("Resources", within="#content-main tr.model-resource")
    desk.press("Undo")
    expect(desk.page.locator(".messagelist")).to_contain_text("29 drafts were deleted.")


def undoes_both_files(desk: Desk) -> None:
    for name in ("corrected.csv", "libguides.csv"):
        desk.page.goto(DESK)
        desk.press("Imports", within="#content-main tr.model-fileimport")
        desk.press(name)
        desk.open(desk.page.get_by_text("Undo this import…"))
        desk.open(desk.page.get_by_label("Yes, undo the whole import."))
        desk.press("Undo this import")
        desk.page.get_by_text("Undone.", exact=True).wait_for(timeout=60_000)


def withdraws_what_was_published(desk: Desk) -> None:
    for slug in PUBLISHED:
        desk.page.goto(f"/admin/edit/resources/{slug}/")
        desk.open(desk.page.get_by_text("Withdraw…"))
        desk.page.locator("#id_withdrawn_reason").fill("Published by mistake.")
        desk.press(re.compile("^Withdraw$"))
        assert status_of(desk, f"/resources/{slug}/") == 410
