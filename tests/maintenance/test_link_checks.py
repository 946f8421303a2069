"""From the tables to the wire and back: what is looked at, when, what is written, and what an entry never notices."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO
from itertools import pairwise
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from library.accounts.permissions import Role
from library.links.client import Answer
from library.links.evidence import from_json, to_json
from library.links.faults import WireFault
from library.maintenance.link_intake import sweep_links
from library.models import LibraryVersion, Link, LinkChange, LinkLook
from tests.admin.roles import make_person
from tests.factories import make_report
from tests.links.days import moved, page, status
from tests.maintenance.other_sites import DAY, World, entry, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def test_a_new_link_is_looked_at_within_minutes_and_its_readers_told(world: World, client: Client) -> None:
    resource = entry("https://example.org/sleep")
    world.pages["https://example.org/sleep"] = page()
    world.pass_days(0.01)
    assert world.addresses() == ["https://example.org/robots.txt", "https://example.org/sleep"]
    assert words_of(resource) == ("alive", "2026-03-01")  # of New York
    assert "Opened for our check in March 2026." in client.get(resource.get_absolute_url()).text
    link = Link.objects.get()
    assert (link.condition, link.host, link.page["title"]) == ("alive", "example.org", "Officer wellness guide")
    assert link.page["names_publisher"]


def test_a_link_is_looked_at_every_three_days_or_so_in_a_small_library(world: World) -> None:
    entry("https://example.org/sleep")
    world.pages["https://example.org/sleep"] = page()
    world.pass_days(30)
    times = [at for at, address, _options in world.asked if address.endswith("sleep")]
    gaps = [(later - earlier) / DAY for earlier, later in pairwise(times)]
    assert all(2.5 <= gap <= 3.51 for gap in gaps)
    assert len(times) in range(9, 14)


def test_weeks_of_looks_raise_the_number_of_the_edit_once_and_touch_no_entry(world: World) -> None:
    resource = entry("https://example.org/sleep")
    world.pages["https://example.org/sleep"] = page()
    before, changed = LibraryVersion.objects.get().number, resource.updated_at
    world.pass_days(1)
    after_first = LibraryVersion.objects.get().number
    assert after_first == before + 1
    world.pass_days(60)
    assert LibraryVersion.objects.get().number == after_first
    assert words_of(resource) >= ("alive", "2026-04-01")  # and says the month all the same
    assert resource.updated_at == changed


def test_a_gone_link_is_doubt_and_then_a_death_and_one_good_look_ends_it(world: World, client: Client) -> None:
    resource = entry("https://example.org/sleep")
    world.pages = {"https://example.org/sleep": page(), "https://example.org/": page("Front")}
    world.pass_days(1)
    del world.pages["https://example.org/sleep"]
    world.pass_days(5.3)
    assert words_of(resource)[0] == "unsure"
    text = client.get(resource.get_absolute_url()).text
    assert "Hasn’t opened for our checks since March" in text
    world.pass_days(8)
    assert words_of(resource)[0] == "dead"
    assert "Try it anyway on example.org" in client.get(resource.get_absolute_url()).text
    assert LinkLook.objects.filter(status=404).count() >= 5
    assert list(LinkChange.objects.order_by("pk").values_list("after", flat=True)) == ["alive", "unsure", "dead"]
    assert "https://example.org/" in world.addresses()  # the front page was asked before the death
    world.pages["https://example.org/sleep"] = page()
    world.pass_days(31)
    assert words_of(resource)[0] == "alive"


def test_c59_readers_are_kept_from_what_was_taken_over_within_the_hour(world: World, client: Client) -> None:
    resource = entry("https://example.org/sleep")
    world.pages["https://example.org/sleep"] = page()
    world.pass_days(1)
    casino = "Situs judi slot gacor yang tidak akan kalah dengan deposit pulsa untuk ini dari dalam togel. " * 20
    world.pages["https://example.org/sleep"] = replace(page(), body=f"<title>Slot gacor</title>{casino}".encode())
    world.pass_days(4)
    assert words_of(resource)[0] == "changed"
    text = client.get(resource.get_absolute_url()).text
    assert "now shows something else, so we don’t link to it" in text
    assert 'href="https://example.org/sleep"' not in text


def test_c67_spam_on_another_name_of_an_agency_touches_no_page_of_it(world: World, client: Client) -> None:
    ours, theirs = "https://www.example.gov/wellness/guide", "https://files.example.gov/wellness/guide"
    resource, neighbor = entry(ours), entry(theirs)
    world.pages = {ours: page(), theirs: page()}
    world.pass_days(1)
    spam = (
        "Situs viagra dan cialis yang murah untuk ini dari dalam dengan deposit pulsa, casino tidak akan kalah. " * 20
    )
    links = "".join(f"<a href='https://cialis{n}.example.com/'>cialis</a>" for n in range(4))
    world.pages[theirs] = replace(page(), body=f"<html lang=id><title>Viagra murah</title>{spam}{links}".encode())
    world.pass_days(20)
    assert (words_of(neighbor)[0], words_of(resource)[0]) == ("changed", "alive")
    assert f'href="{ours}"' in client.get(resource.get_absolute_url()).text
    assert list(LinkChange.objects.filter(link__host="example.gov").values_list("after", flat=True)) == ["alive"]


def test_those_who_wish_it_are_told_at_once_and_once_an_hour(
    world: World, settings: Any, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMAIL_HOST, settings.SITE_ADDRESS = "mail.example", "https://library.example"
    for name, role, wish in (("pam", Role.PUBLISHER, True), ("ed", Role.EDITOR, True), ("pat", Role.PUBLISHER, False)):
        person = make_person(name, role)
        person.email, person.wants_alerts = f"{name}@example.org", wish
        person.save()
    addresses = [f"https://example{number}.org/sleep" for number in range(3)]
    for address in addresses:
        entry(address)
        world.pages[address] = page()
    world.pass_days(1)
    for address in addresses:
        world.pages[address] = page("example", "This domain is for sale.")
    with django_capture_on_commit_callbacks(execute=True):
        world.pass_days(4)
    assert {address for mail in mailoutbox for address in mail.to} == {"pam@example.org"}
    assert 1 <= len(mailoutbox) <= 3
    assert "shows something else now" in mailoutbox[0].subject
    assert "https://library.example/admin/library/resource/links/#changed" in mailoutbox[0].body


def test_a_link_that_has_moved_stays_so_where_nothing_is_new_there(world: World) -> None:
    resource = entry("https://example.org/a")
    new = "https://example.org/new/guide"
    world.pages["https://example.org/a"] = replace(
        moved(page(), new), headers={"content-type": "text/html", "etag": "x"}
    )
    world.pass_days(10)
    assert words_of(resource)[0] == "moved"
    world.pages["https://example.org/a"] = moved(status(304), new)
    world.pass_days(10)
    assert words_of(resource)[0] == "moved"


def test_c104_one_link_that_is_silent_among_others_is_dead_in_the_end(world: World) -> None:
    silent = entry("https://example.org/silent")
    addresses = ["https://example.org/silent", *(f"https://example.org/{number}" for number in range(4))]
    for address in addresses:
        world.pages[address] = page()
    for address in addresses[1:]:
        entry(address)
    world.pass_days(1)
    world.pages[addresses[0]] = Answer("", fault=WireFault.TIMEOUT)
    world.pass_days(40)
    assert words_of(silent)[0] == "dead"


def test_what_entries_link_to_is_asked_for_after_an_edit_and_not_before(world: World) -> None:
    entry("https://example.org/a")
    world.checker._update(world.now)
    assert Link.objects.count() == 1
    world.now += timedelta(minutes=5)
    with CaptureQueriesContext(connection) as captured:
        world.checker._update(world.now)
    assert len(captured) == 1
    entry("https://example.org/b")
    world.checker._update(world.now)
    assert Link.objects.count() == 2


def test_c94_weeks_without_a_check_age_nothing(world: World) -> None:
    resource = entry("https://example.org/a")
    world.pages = {"https://example.org/": page("Front")}
    world.pass_days(0.1)
    before = Link.objects.get().condition
    world.now += 21 * DAY
    assert Link.objects.get().condition == before
    assert words_of(resource)[0] == "unchecked"


def test_c99_two_entries_with_one_address_are_one_look(world: World) -> None:
    first, second = entry("https://example.org/a#one"), entry("https://example.org/a")
    world.pages = {"https://example.org/a#one": page(), "https://example.org/a": page()}
    world.pass_days(0.02)
    assert len(world.asked) == 2  # with robots.txt
    assert {words_of(first)[0], words_of(second)[0]} == {"alive"}


def test_c100_another_address_is_not_checked_yet_and_the_old_one_is_laid_aside(world: World) -> None:
    resource = entry("https://example.org/a")
    world.pages = {"https://example.org/a": page(), "https://example.org/b": page()}
    world.pass_days(0.02)
    resource.refresh_from_db()
    resource.url = "https://example.org/b"
    resource.save()
    assert words_of(resource) == ("unchecked", "None")
    world.pass_days(0.02)
    assert words_of(resource)[0] == "alive"
    assert Link.objects.get(key="example.org/a").unused_since is not None
    world.pass_days(95)
    assert not Link.objects.filter(key="example.org/a").exists()


def test_c101_the_address_of_a_draft_is_asked_by_nobody(world: World) -> None:
    entry("https://example.org/a", state="draft", listed_at=None)
    world.pass_days(1)
    assert world.asked == []


def test_evidence_comes_back_from_its_json_as_it_was(world: World) -> None:
    entry("https://example.org/a")
    world.pages = {"https://example.org/a": status(500)}
    world.pass_days(4)
    stored = Link.objects.get().evidence
    assert to_json(from_json(stored)) == stored
    assert from_json(stored).failures is not None


def test_the_command_says_what_it_did_and_leaves_a_second_one_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    entry("https://example.org/a", state="draft", listed_at=None)
    out = StringIO()
    call_command("check_links", "--once", stdout=out)
    assert out.getvalue() == "Looks: 0. Links with another state: 0. Voided: 0.\n"
    monkeypatch.setattr("library.db.locks._try_acquire", lambda _cursor, _lock: False)
    call_command("check_links", "--once", stdout=out)
    assert out.getvalue().endswith("Links are being checked already.\n")


def test_c97_c98_what_readers_report_is_looked_at_once_that_day_at_no_moment_of_theirs(world: World) -> None:
    resource = entry("https://example.org/sleep")
    world.pages["https://example.org/sleep"] = page()
    world.pass_days(1)
    Link.objects.update(next_at=world.now + 3 * DAY)
    for _report in range(50):
        make_report(resource=resource, received_on=localdate(world.now))
    before = len(world.asked)
    sweep_links(world.now)
    assert world.now < Link.objects.get().next_at < world.now + timedelta(hours=20)
    world.pass_days(1)
    assert len([address for address in world.addresses()[before:] if address.endswith("sleep")]) == 1
    assert words_of(resource)[0] == "alive"  # a report is no evidence
