"""Copies of lost pages: which links are asked for, what is written of the answers, and what readers get."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from library.links.archive import ARCHIVE_HOST, Capture
from library.links.client import Answer
from library.links.copies import CopyFinding, CopyFindings, CopyVerdict
from library.maintenance.link_copies import (
    add_copy,
    approve_copy,
    copies_to_find,
    decline_copy,
    record_copies,
)
from library.maintenance.link_intake import sweep_links
from library.models import LibraryVersion, Link, LinkCopy, LinkHost, Resource
from tests.factories import make_identity
from tests.links.days import page
from tests.maintenance.other_sites import DAY, NOW, World, entry
from tests.reading import read

pytestmark = pytest.mark.django_db

ADDRESS = "https://example.org/sleep"
COPY = f"https://web.archive.org/web/20250514101112/{ADDRESS}"
CAPTURE = Capture("20250514101112", ADDRESS, "200", date(2025, 5, 14))
SINCE = (NOW - 2 * DAY).isoformat()
TALLY = {"looks": 5, "days": 4, "first": SINCE, "last": SINCE}
GONE = {"state": "dead", "failing_since": SINCE, "tallies": {"gone": TALLY}}


@pytest.fixture(autouse=True)
def switch() -> None:
    make_identity(asks_archive=True)


class Archived(dict[str, Any]):
    """Pages of other sites, and an archive that has one capture of each address."""

    def get(self, address: str, default: Any = None) -> Any:
        if "/cdx/" in address:
            rows = [["timestamp", "original", "statuscode"], [CAPTURE.timestamp, ADDRESS, "200"]]
            return Answer(address, 200, body=json.dumps(rows).encode())
        return page(url=address) if ARCHIVE_HOST in address else super().get(address, default)


def link_of(condition: str = "dead", address: str = ADDRESS, **values: Any) -> Link:
    """The link of a published entry, whose readers have the words of its state."""
    resource = entry(address, **values)
    sweep_links(NOW)
    found = Link.objects.filter(key=resource.address_key)
    found.update(condition=condition, since=NOW - DAY, evidence=GONE | {"state": condition}, next_at=NOW + 9 * DAY)
    if condition in {"dead", "changed", "alive"}:
        Resource.objects.filter(pk=resource.pk).update(link_state=condition, link_checked_on=NOW.date())
    return found.get() if found else Link()


def answered(link: Link, **values: Any) -> CopyFindings:
    """What a visit has found of this link; `values` are of the finding."""
    LinkHost.objects.update(free_at=None)
    (subject,) = [one for one in copies_to_find(values.get("asked_at", NOW)) if one.pk == link.pk]
    return CopyFindings([CopyFinding(subject, **{"asked_at": NOW} | values)], NOW)


def wanted(at: timedelta = timedelta()) -> list[str]:
    LinkHost.objects.update(free_at=None)
    return [subject.address for subject in copies_to_find(NOW + at)]


def test_a_page_is_lost_and_its_readers_get_the_copy_from_before(client: Client) -> None:
    world = World()
    resource = entry(ADDRESS)
    world.pages = Archived({ADDRESS: page(), "https://example.org/": page("Front")})
    world.pass_days(4)
    assert LinkCopy.objects.get().standing == "seen"
    del world.pages[ADDRESS]
    world.pass_days(13)
    copy = LinkCopy.objects.get()
    assert (copy.standing, copy.address, copy.taken_on) == ("verified", COPY, date(2025, 5, 14))
    shown = read(client.get(resource.get_absolute_url()).content).one("main")
    (way,) = [link for link in shown.all("a") if link["href"] == COPY]
    assert (way.words, way["rel"]) == ("Copy of May 14, 2025 at the Internet Archive", "noreferrer")
    assert shown.words.index("Copy of May 14") < shown.words.index("Try it anyway")
    assert "another organization’s site, which can see your visit" in shown.words
    requests = [address for address in world.addresses() if ARCHIVE_HOST in address]
    assert len(requests) == 3  # while it worked; when it was in doubt; and the capture


def test_lost_pages_come_first_then_those_in_doubt_then_those_that_work() -> None:
    for number, condition in enumerate(("alive", "unsure", "moved", "changed", "dead", "back", "unchecked")):
        link_of(condition, f"https://example.org/{number}")
    walled = link_of("unsure", "https://example.org/walled")
    Link.objects.filter(pk=walled.pk).update(evidence={"state": "unsure", "tallies": {}})
    assert wanted() == [f"https://example.org/{number}" for number in (3, 4, 1, 0, 2)]
    host = LinkHost.objects.get(name=ARCHIVE_HOST)
    assert host.free_at is not None  # nobody else asks meanwhile
    assert copies_to_find(NOW + timedelta(minutes=30)) == []


@pytest.mark.parametrize("values", [{"state": "draft", "listed_at": None}, {"listed_at": NOW + 9 * DAY}])
def test_only_what_readers_see_is_asked_for_and_only_where_it_is_switched_on(values: dict[str, Any]) -> None:
    entry("https://example.org/other", **values)
    sweep_links(NOW)
    Link.objects.update(condition="dead", since=NOW, evidence=GONE)
    assert wanted() == []
    link_of()
    assert wanted() == [ADDRESS]
    make_identity()
    assert wanted() == []


def test_when_it_is_asked_again() -> None:
    link = link_of()
    record_copies(answered(link, is_answered=False))
    assert (LinkCopy.objects.get().standing, wanted()) == ("none", [])
    assert wanted(DAY) == [ADDRESS]
    record_copies(answered(link, asked_at=NOW + 2 * DAY))
    assert (wanted(31 * DAY), wanted(33 * DAY)) == ([], [ADDRESS])
    Link.objects.update(condition="alive")
    LinkCopy.objects.update(next_at=NOW + 40 * DAY)
    record_copies(answered(link, asked_at=NOW + 41 * DAY, capture=CAPTURE))
    assert LinkCopy.objects.get().standing == "seen"
    assert (wanted(400 * DAY), wanted(407 * DAY)) == ([], [ADDRESS])
    Link.objects.update(condition="changed", since=NOW + 50 * DAY)
    assert wanted(51 * DAY) == [ADDRESS]  # lost since it was asked for


def test_pages_are_kept_only_with_a_key_and_a_switch(settings: Any) -> None:
    checker = World().checker
    settings.ARCHIVE_KEY = "key:secret"
    assert checker._archive_visit().saver is None
    make_identity(asks_archive=True, saves_to_archive=True)
    assert checker._archive_visit().saver is not None
    settings.ARCHIVE_KEY = ""
    assert checker._archive_visit().saver is None
    link = link_of("alive")
    record_copies(answered(link))
    assert (wanted(29 * DAY), wanted(31 * DAY)) == ([], [ADDRESS])
    record_copies(answered(link, asked_at=NOW + 31 * DAY, again=365 * DAY))
    assert (wanted(390 * DAY), wanted(397 * DAY)) == ([], [ADDRESS])
    record_copies(answered(link, asked_at=NOW + 400 * DAY, again=7 * DAY))  # its host wasn’t found
    assert (wanted(406 * DAY), wanted(408 * DAY)) == ([], [ADDRESS])


def test_what_nobody_has_compared_waits_for_a_curator() -> None:
    link = link_of("changed")
    record_copies(answered(link, capture=CAPTURE, verdict=CopyVerdict.UNCLEAR))
    assert (LinkCopy.objects.get().standing, Resource.objects.get().offered_copy) == ("unclear", "")
    approve_copy(LinkCopy.objects.get())
    assert Resource.objects.get().offered_copy == COPY
    decline_copy(LinkCopy.objects.get())
    assert (Resource.objects.get().offered_copy, Resource.objects.get().copy_taken_on) == ("", None)
    assert wanted(400 * DAY) == []


def test_what_a_curator_typed_goes_before_what_is_found_and_stays_with_a_link_that_is_laid_aside() -> None:
    link = link_of()
    under_way = answered(link, capture=CAPTURE, verdict=CopyVerdict.SAME)
    add_copy(link, "https://copies.example/sleep", None, NOW)
    record_copies(under_way)
    assert Resource.objects.get().offered_copy == "https://copies.example/sleep"
    Resource.objects.update(state="withdrawn", withdrawn_at=NOW, withdrawn_reason="Gone.")
    sweep_links(NOW)
    sweep_links(NOW + 100 * DAY)
    assert LinkCopy.objects.get().address == "https://copies.example/sleep"


def test_an_entry_is_written_only_when_its_readers_get_a_copy() -> None:
    link = link_of("unsure")
    before = LibraryVersion.objects.get().number
    record_copies(answered(link, capture=CAPTURE, verdict=CopyVerdict.SAME))
    assert (LibraryVersion.objects.get().number, Resource.objects.get().copy_url) == (before, "")
    twin = entry(f"{ADDRESS}#part", link_state="dead", link_checked_on=NOW.date())
    record_copies(CopyFindings([], NOW))
    twin.refresh_from_db()
    assert twin.offered_copy == COPY
    twin.url = "https://example.org/new"
    twin.save()
    twin.refresh_from_db()
    assert (twin.copy_url, twin.copy_taken_on) == ("", None)
