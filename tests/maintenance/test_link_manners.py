"""How other sites are asked, and that an outage of our own network is nobody’s death."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from library.links.client import Answer
from library.links.evidence import from_json
from library.links.faults import WireFault
from library.links.signals import SignalKind
from library.links.videos import video_at
from library.maintenance.link_checks import Checker
from library.maintenance.link_intake import sweep_links
from library.maintenance.link_records import take_back
from library.models import Link, LinkChange, LinkHost, LinkLook
from tests.links.days import moved, page, status
from tests.maintenance.other_sites import DAY, World, entry, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def test_manners_one_request_at_a_time_three_seconds_apart(world: World) -> None:
    for number in range(6):
        address = f"https://example.org/{number}"
        entry(address)
        world.pages[address] = page()
    world.pass_days(0.02)
    times = [at for at, _address, _options in world.asked]
    assert all((later - earlier).total_seconds() >= 3 for earlier, later in pairwise(times))
    assert world.addresses().count("https://example.org/robots.txt") == 1


def test_links_of_a_host_are_looked_at_together_so_that_one_robots_txt_does(world: World) -> None:
    addresses = [f"https://example.org/{number}" for number in range(6)]
    for address in addresses:
        entry(address)
        world.pages[address] = page()
    world.pass_days(40)
    asked = world.addresses()
    assert asked.count("https://example.org/robots.txt") == asked.count(addresses[0]) > 9


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


@pytest.mark.parametrize(
    "robots",
    [
        status(404),
        status(403),
        status(200, "<html>Disallow: /"),
        replace(status(200, "not a rule\n\0" * 400_000), headers={"content-type": "text/plain"}),
    ],
    ids=["none", "forbidden", "a page", "5 MB of nonsense"],
)
def test_c38_what_is_no_robots_txt_keeps_nobody_out(world: World, robots: Answer) -> None:
    resource = entry("https://example.org/a")
    world.pages = {"https://example.org/robots.txt": robots, "https://example.org/a": page()}
    world.pass_days(0.01)
    assert words_of(resource)[0] == "alive"


def test_c37_a_robots_txt_that_fails_keeps_us_out_for_a_month(world: World) -> None:
    resource = entry("https://example.org/a")
    world.pages = {"https://example.org/robots.txt": status(503), "https://example.org/a": page()}
    world.pass_days(29)
    assert "https://example.org/a" not in world.addresses()
    assert words_of(resource)[0] == "unchecked"
    world.pass_days(3)
    assert words_of(resource)[0] == "alive"


@pytest.mark.parametrize(
    "cut",
    [
        Answer("", fault=WireFault.NO_RESOLVER),
        replace(page("Blocked", "Our network."), fault=WireFault.ISSUER),
        replace(page(), fault=WireFault.EXPIRED),
    ],
    ids=["c51, c89: no resolver", "c90: a proxy’s own certificates", "c92: our clock is years off"],
)
def test_an_outage_of_our_own_is_nobodys_death(world: World, cut: Answer) -> None:
    entries = []
    for number in range(9):
        address = f"https://host{number}.example/a"
        entries.append(entry(address))
        world.pages[address] = page()
        world.pages[f"https://host{number}.example/"] = page("Front")
    world.pass_days(1)
    assert {words_of(one)[0] for one in entries} == {"alive"}
    good = world.pages
    world.pages = dict.fromkeys([*good, *(f"https://host{n}.example/robots.txt" for n in range(9))], cut)
    world.pass_days(3.6)
    assert world.checker.report.voids >= 1
    assert {words_of(one)[0] for one in entries} == {"alive"}
    assert all(from_json(link.evidence).failing_since is None for link in Link.objects.all())
    world.pages = good
    world.pass_days(8)
    assert {link.condition for link in Link.objects.all()} == {"alive"}
    assert not LinkChange.objects.exclude(after="alive").exists()


def test_c91_a_page_of_the_network_in_the_place_of_every_site_is_nobodys_move(world: World) -> None:
    hosts = [f"https://host{number}.example" for number in range(4)]
    for host in hosts:
        entry(f"{host}/a")
        world.pages[f"{host}/a"] = page()
    world.pass_days(1)
    before = {link.key: link.evidence for link in Link.objects.all()}
    for host in hosts:
        world.pages[f"{host}/a"] = moved(page("Welcome to our wireless network"), "https://login.wifi.example/", 302)
    Link.objects.update(next_at=world.now)
    assert world.checker.run(once=True).voids == 1
    after = {link.key: link.evidence for link in Link.objects.all()}
    assert {key: evidence.get("target") for key, evidence in after.items()} == dict.fromkeys(before)


def test_three_sites_that_have_moved_to_one_are_no_page_of_the_network(world: World) -> None:
    for number in range(3):
        address = f"https://host{number}.example/a"
        entry(address)
        world.pages[address] = moved(page(), f"https://www.example.com/{number}/guide")
    world.pass_days(30)
    assert world.checker.report.voids == 0
    assert {link.condition for link in Link.objects.exclude(host="example.com")} == {"moved"}


def test_c103_a_host_is_nobody_elses_while_it_is_visited(world: World) -> None:
    resource = entry("https://example.org/a")
    sweep_links(world.now)
    world.now += timedelta(minutes=10)

    def die() -> Answer:
        raise MemoryError

    world.pages["https://example.org/a"] = die
    with pytest.raises(MemoryError):
        world.checker.run(once=True)
    asked = len(world.asked)
    Checker("tests", world.ask, world.pause, lambda: world.now, threads=1).run(once=True)
    assert len(world.asked) == asked
    assert words_of(resource)[0] == "unchecked"


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


def test_a_removed_video_is_called_gone_though_its_page_answers(world: World) -> None:
    resource = entry("https://www.youtube.com/watch?v=abc_DEF-123")
    video = video_at(resource.url)
    assert video is not None
    world.pages[resource.url] = page("YouTube")
    world.pages[video.oembed] = replace(page(), body=b'{"title": "Sleep on shift"}')
    world.pass_days(1)
    assert words_of(resource)[0] == "alive"
    assert resource.url not in world.addresses()
    del world.pages[video.oembed]
    world.pass_days(14)
    assert words_of(resource)[0] == "dead"
    assert Link.objects.get().reason == "the video was removed"


def test_c93_killed_twenty_times_nothing_is_counted_twice_and_no_host_is_asked_within_its_gap(world: World) -> None:
    gone = [entry(f"https://host{number}.example/gone") for number in range(3)]
    for number in range(3):
        entry(f"https://host{number}.example/there")
        world.pages[f"https://host{number}.example/there"] = page()
        world.pages[f"https://host{number}.example/"] = page("Front")
        world.pages[f"https://host{number}.example/gone"] = page()
    world.pass_days(1)
    for number in range(3):
        del world.pages[f"https://host{number}.example/gone"]
    kills: list[str] = []

    def killing(address: str, **options: object) -> Answer:
        answer = world.ask(address, **options)
        if len(world.asked) % 2 == 0 and len(kills) < 20:
            kills.append(address)
            raise KeyboardInterrupt
        return answer

    while len(kills) < 20:
        world.checker = Checker("tests", killing, world.pause, lambda: world.now, threads=1)
        try:
            world.pass_days(0.5)
        except KeyboardInterrupt:
            continue
    world.pass_days(14)
    assert [words_of(resource)[0] for resource in gone] == ["dead"] * 3
    for link in Link.objects.filter(address__endswith="gone"):
        assert from_json(link.evidence).tallies[SignalKind.GONE].looks == link.looks.count()
    by_host: dict[str, list[datetime]] = {}
    for at, address, _options in world.asked:
        by_host.setdefault(address.split("/")[2], []).append(at)
    gaps = [later - earlier for times in by_host.values() for earlier, later in pairwise(times)]
    assert min(gaps) >= timedelta(seconds=3)
