"""From the tables to the wire and back: what is looked at, when, what is written, and what an entry never notices."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import pairwise
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from library.accounts.permissions import Role
from library.links.client import Answer
from library.links.evidence import from_json, to_json
from library.links.faults import WireFault
from library.maintenance.link_checks import Checker, update_links
from library.maintenance.link_records import take_back
from library.models import LibraryVersion, Link, LinkChange, LinkHost, LinkLook, Publisher, Resource
from tests.admin.roles import make_person
from tests.factories import make_publisher, make_resource
from tests.links.days import PUBLISHER, page, status

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
DAY = timedelta(days=1)
ROBOTS = "/robots.txt"


class World:
    """Other sites as a dictionary, and a clock that only pauses move."""

    def __init__(self) -> None:
        self.now = NOW
        self.pages: dict[str, Answer | Callable[[], Answer]] = {}
        self.asked: list[tuple[datetime, str, dict[str, Any]]] = []
        self.checker = Checker("tests", self.ask, self.pause, lambda: self.now, threads=1)

    def ask(self, address: str, **options: Any) -> Answer:
        self.asked.append((self.now, address, options))
        found = self.pages.get(address, status(404, "<title>Not found</title>"))
        answer = found() if callable(found) else found
        return replace(answer, url=answer.url if answer.hops else address)

    def pause(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def pass_days(self, days: float) -> None:
        """Whatever becomes due within these days is looked at when it is."""
        end = self.now + days * DAY
        while True:
            update_links(self.now)
            next_at = Link.objects.filter(unused_since=None).order_by("next_at").values_list("next_at", flat=True)
            due = next_at.first()
            if due is None or due > end:
                break
            self.now = max(self.now, due)
            free = LinkHost.objects.filter(free_at__gt=self.now).order_by("free_at").first()
            before = len(self.asked)
            self.checker.run(once=True)
            if len(self.asked) == before and free is not None and free.free_at is not None:
                self.now = free.free_at
                if self.now > end:
                    break
        self.now = max(self.now, end)

    def addresses(self) -> list[str]:
        return [address for _at, address, _options in self.asked]


@pytest.fixture
def world() -> World:
    return World()


def entry(address: str, **values: Any) -> Resource:
    publisher = Publisher.objects.filter(name=PUBLISHER).first() or make_publisher("example", PUBLISHER)
    return make_resource(url=address, publisher=publisher, **values)


def words_of(resource: Resource) -> tuple[str, str]:
    resource.refresh_from_db()
    return resource.link_state, str(resource.link_checked_on)


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


def test_a_link_is_looked_at_every_three_days_with_a_sixth_more_or_less_in_a_small_library(world: World) -> None:
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
    assert "https://library.example/admin/library/resource/?needs=link-changed" in mailoutbox[0].body


def test_manners_one_request_at_a_time_three_seconds_apart(world: World) -> None:
    for number in range(6):
        address = f"https://example.org/{number}"
        entry(address)
        world.pages[address] = page()
    world.pass_days(0.02)
    times = [at for at, _address, _options in world.asked]
    assert all((later - earlier).total_seconds() >= 3 for earlier, later in pairwise(times))
    assert world.addresses().count("https://example.org/robots.txt") == 1


def test_c31_retry_after_is_obeyed_and_the_pause_doubled(world: World) -> None:
    entry("https://example.org/a")
    entry("https://example.org/b")
    world.pages = {f"https://example.org/{name}": status(429, **{"retry-after": "3600"}) for name in "ab"}
    world.pass_days(0.01)
    asked = [address for address in world.addresses() if address[-1] in "ab"]
    assert len(asked) == 1
    host = LinkHost.objects.get()
    assert host.free_at is not None
    assert (host.free_at - world.asked[-1][0]).total_seconds() >= 3600
    assert host.gap == 6


def test_c36_what_an_owner_asks_machines_to_leave_alone_is_left_alone(world: World) -> None:
    resource = entry("https://example.org/private/a")
    world.pages = {
        "https://example.org/robots.txt": replace(
            status(200, "User-agent: *\nDisallow: /private/"), headers={"content-type": "text/plain"}
        ),
        "https://example.org/private/a": page(),
    }
    world.pass_days(20)
    assert set(world.addresses()) == {"https://example.org/robots.txt"}
    assert words_of(resource)[0] == "robots"


def test_c37_a_robots_txt_that_fails_keeps_us_out_for_a_month(world: World) -> None:
    resource = entry("https://example.org/a")
    world.pages = {"https://example.org/robots.txt": status(503), "https://example.org/a": page()}
    world.pass_days(29)
    assert "https://example.org/a" not in world.addresses()
    assert words_of(resource)[0] == "unchecked"
    world.pass_days(3)
    assert words_of(resource)[0] == "alive"


def test_c89_an_outage_of_our_own_is_nobodys_death(world: World) -> None:
    entries = []
    for number in range(9):
        address = f"https://host{number}.example/a"
        entries.append(entry(address))
        world.pages[address] = page()
        world.pages[f"https://host{number}.example/"] = page("Front")
    world.pass_days(1)
    assert {words_of(one)[0] for one in entries} == {"alive"}
    good = world.pages
    cut = Answer("", fault=WireFault.NO_RESOLVER)
    world.pages = dict.fromkeys([*good, *(f"https://host{n}.example/robots.txt" for n in range(9))], cut)
    world.pass_days(3.6)
    assert world.checker.report.voids >= 1
    assert {words_of(one)[0] for one in entries} == {"alive"}
    assert all(from_json(link.evidence).failing_since is None for link in Link.objects.all())
    world.pages = good
    world.pass_days(8)
    assert {link.condition for link in Link.objects.all()} == {"alive"}
    assert not LinkChange.objects.exclude(after="alive").exists()


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


def test_looks_taken_back_leave_each_link_as_it_was(world: World) -> None:
    resource = entry("https://example.org/a")
    world.pages = {"https://example.org/a": page()}
    world.pass_days(0.02)
    before = Link.objects.get().evidence
    world.pages["https://example.org/a"] = status(500)
    world.now = Link.objects.get().next_at
    world.checker.run(once=True)
    link = Link.objects.get()
    assert link.looked_at is not None
    assert link.evidence["failures"]["looks"] == 1
    assert take_back(link.looked_at, world.now + DAY) == 1
    assert Link.objects.get().evidence == before
    assert not LinkLook.objects.exists()
    assert words_of(resource)[0] == "alive"


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
