"""Links to decide: one matter for each host, in the order in which readers suffer, with a button that does it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from library.accounts.permissions import Role
from library.models import AuditEntry, Link, LinkChange, LinkMove, LinkUse, Resource
from tests.admin.roles import client_of, make_person
from tests.factories import make_link, make_resource, make_series
from tests.reading import read

PAGE = "/admin/library/resource/links/"
MOVED = f"{PAGE}moved/?from=old.example&to=new.example"


def linked(address: str, condition: str, reason: str, **more: Any) -> Link:
    """A link of an entry of its own, in this state for ten days."""
    make_resource(f"Entry of {address}", url=address)
    return make_link(address, condition, reason, **more)


@pytest.fixture
def moves(db: None) -> list[LinkMove]:
    """Three entries whose addresses lead to another host, and a guess of which nobody knows whether it is the same."""
    page = {"title": "Guide", "words": 0, "sketch": []}
    made = []
    for name in "abc":
        old = linked(f"https://old.example/{name}", "moved", "moved", page=page)
        new = make_link(f"https://new.example/{name}", "alive", "ok", page=page)
        made.append(LinkMove.objects.create(link=old, target=new, address=new.address))
    old = linked("https://old.example/d", "dead", "not found")
    new = make_link("https://new.example/d", "alive", "ok", page=page)
    made.append(LinkMove.objects.create(link=old, target=new, address=new.address, is_guess=True))
    return made


def test_c105_a_matter_is_a_host_and_the_worst_come_first(signed_in: Client) -> None:
    for number in range(3):
        linked(f"https://walled.example/{number}", "unsure", "refused")
    linked("https://gone.example/a", "dead", "no such name")
    linked("https://casino.example/a", "changed", "taken over")
    linked("https://soon.example/a", "unsure", "not found")
    linked("https://slow.example/a", "unsure", "server error")
    linked("http://plain.example/a", "alive", "the same address, with https")
    opened = {"state": "unsure", "person_at": timezone.now().isoformat()}
    linked("https://long.example/a", "unsure", "not found", evidence=opened, since=datetime(2026, 1, 1, tzinfo=UTC))
    page = read(signed_in.get(PAGE).content).one("main")
    assert [heading.words for heading in page.all("h2")] == [
        "Shows something else",
        "Gone",
        "Probably gone",
        "Someone opened these, but our checks still can’t",
        "Blocks our checks",
        "Hasn’t opened for a week or more",
        "Could start with https",
    ]
    assert len([heading for heading in page.all("h3") if heading.words.startswith("walled.example")]) == 1
    assert "the site’s name no longer exists" in page.words
    assert "taken over by someone else" in page.words


def test_a_series_that_has_moved_is_named_and_an_entry_only_once_its_new_address_was_checked(signed_in: Client) -> None:
    linked("https://entry.example/a", "moved", "moved")
    link, series = (
        make_link("https://series.example/all", "moved", "moved"),
        make_series(url="https://series.example/all"),
    )
    LinkUse.objects.create(field="series.url", object_id=series.pk, address=link.address, link=link)
    page = read(signed_in.get(PAGE).content).one("main")
    assert [heading.words for heading in page.all("h2")] == ["Moved: series and publishers"]
    assert [heading.words for heading in page.all("h3")] == ["series.example"]
    assert f"Series: {series}" in page.words


def test_it_costs_the_same_queries_however_much_there_is_to_decide(
    signed_in: Client, django_assert_num_queries: Any
) -> None:
    sorts = [("changed", "taken over"), ("dead", "not found"), ("unsure", "not found"), ("unsure", "refused")]
    for number, (condition, reason) in enumerate(sorts):
        linked(f"https://host{number}.example/0", condition, reason)
    signed_in.get(PAGE)
    for number in range(1, 20):
        for other, (condition, reason) in enumerate(sorts):
            linked(f"https://host{number * 10 + other}.example/{number}", condition, reason)
    # The session with its person and rights, what the admin's frame counts; help lines; hosts, links, what leads there.
    with django_assert_num_queries(15):
        signed_in.get(PAGE)


def test_what_somebody_opened_is_said_once_for_all_links_of_a_host(signed_in: Client) -> None:
    for number in range(3):
        linked(f"https://walled.example/{number}", "unsure", "refused")
    form = read(signed_in.get(PAGE).content).one("main")
    shown = [box["value"] for box in form.all("input", name="link")]
    answer = signed_in.post(PAGE, {"works": "blocked", "link": shown}, follow=True)
    assert "3 links are marked as working." in answer.text
    assert "walled.example" not in read(answer.content).one("main").words
    assert set(Resource.objects.values_list("link_state", flat=True)) == {"walled"}
    assert AuditEntry.objects.filter(comment="Opened the link and found it right.").count() == 3
    assert "0 links are marked" in signed_in.post(PAGE, {"works": "gone", "link": shown}, follow=True).text


def test_moves_are_taken_at_once_and_undone_at_once(signed_in: Client, moves: list[LinkMove]) -> None:
    page = read(signed_in.get(PAGE).content)
    (link,) = [link for link in page.all("a") if link.words == "4 addresses of old.example now open on new.example"]
    form = read(signed_in.get(link["href"]).content).one("main")
    boxes = [box for box in form.all("input") if box.get("type") == "checkbox"]
    chosen = [box["value"] for box in boxes if box.get("checked") is not None]
    assert chosen == [str(move.pk) for move in moves[:3]]  # and not the guess
    assert "Opens, but may be another page" in form.words
    tokens = {box["name"]: box["value"] for box in form.all("input") if (box.get("name") or "").startswith("seen-")}
    answer = signed_in.post(link["href"], {**tokens, "move": chosen, "take": "1"}, follow=True)
    assert "3 addresses were changed." in answer.text
    assert Resource.objects.filter(url__startswith="https://new.example/").count() == 3
    assert Resource.objects.at_the_same_address("https://new.example/a").exists()
    signed_in.post("/admin/library/resource/undo/", {})
    assert not Resource.objects.filter(url__startswith="https://new.example/").exists()
    assert Resource.objects.at_the_same_address("https://old.example/a").exists()


def test_an_entry_that_was_changed_meanwhile_keeps_its_address(signed_in: Client, moves: list[LinkMove]) -> None:
    entry = Resource.objects.get(url="https://old.example/a")
    sent = {"move": str(moves[0].pk), f"seen-{entry.pk}": "an older one", "take": "1"}
    assert "Not changed" in signed_in.post(MOVED, sent, follow=True).text
    entry.refresh_from_db()
    assert entry.url == "https://old.example/a"
    for button in ("take", "keep"):
        assert "Select at least one address." in signed_in.post(MOVED, {button: "1"}, follow=True).text


def test_another_entry_of_that_address_stands_in_the_way(signed_in: Client, moves: list[LinkMove]) -> None:
    make_resource("The other one", url="https://new.example/a")
    form = read(signed_in.get(MOVED).content).one("main")
    tokens = {box["name"]: box["value"] for box in form.all("input") if (box.get("name") or "").startswith("seen-")}
    answer = signed_in.post(MOVED, {**tokens, "move": str(moves[0].pk), "take": "1"}, follow=True)
    assert "“The other one” already has this address." in answer.text


def test_the_old_addresses_can_be_kept_and_are_not_proposed_again(signed_in: Client, moves: list[LinkMove]) -> None:
    signed_in.post(MOVED, {"move": [move.pk for move in moves], "keep": "1"})
    assert "now open on" not in signed_in.get(PAGE).text
    assert "nothing to decide here" in signed_in.get(MOVED).text


def test_addresses_are_checked_again_when_somebody_looks_at_them(signed_in: Client, moves: list[LinkMove]) -> None:
    signed_in.get(MOVED)
    assert not Link.objects.filter(host="new.example", next_at__gt=timezone.now()).exists()


def test_all_that_could_start_with_https_does_after_one_press(signed_in: Client) -> None:
    linked("http://plain.example/a", "alive", "the same address, with https")
    assert "1 address was changed." in signed_in.post(PAGE, {"https": "1"}, follow=True).text
    assert Resource.objects.get().url == "https://plain.example/a"
    assert "Nothing to decide" in signed_in.get(PAGE).text


def test_the_checks_own_errors_are_counted(signed_in: Client) -> None:
    now = timezone.now()
    for number, (after, reason, days) in enumerate(
        [("alive", "ok", 3), ("alive", "ok", 30), ("unsure", "opened by a person", 30), ("back", "ok", 3)]
    ):
        link = make_link(f"https://example.org/{number}", "alive", "ok")
        died = now - timedelta(days=60)
        for moment, one, other, why in (
            (died, "unsure", "dead", "not found"),
            (died + timedelta(days=days), "dead", after, reason),
        ):
            LinkChange.objects.create(link=link, changed_at=moment, before=one, after=other, reason=why)
    assert (
        "4 links were called gone in the last 12 months, 2 of them wrongly." in read(signed_in.get(PAGE).content).words
    )


@pytest.mark.django_db
def test_who_may_not_change_entries_decides_nothing(moves: list[LinkMove]) -> None:
    author = client_of(make_person("ana", Role.AUTHOR))
    assert '<button type="submit" class="button"' not in author.get(PAGE).text
    assert author.get(MOVED).status_code == 200
    assert author.post(PAGE, {"https": "1"}).status_code == 403
    assert author.post(MOVED, {"move": str(moves[0].pk), "take": "1"}).status_code == 403


def test_checks_that_have_stopped_are_told(signed_in: Client) -> None:
    link = linked("https://example.org/a", "alive", "ok")
    assert "Link checks have stopped" not in signed_in.get("/admin/").text
    Link.objects.filter(pk=link.pk).update(next_at=timezone.now() - timedelta(days=4))
    assert "Link checks have stopped" in signed_in.get("/admin/").text
