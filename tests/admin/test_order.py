"""The order of entries in a section and of sections on the page: buttons that need no script and lose nothing."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from library.models import Resource, Section, User
from tests.factories import make_many, make_resource, make_section
from tests.reading import read

LIST = "/admin/library/resource/"


def titles(section: Section) -> list[str]:
    return list(section.resources.order_by("position").values_list("title", flat=True))


def in_order(section: Section) -> str:
    return f"{LIST}?section__id__exact={section.pk}"


@pytest.fixture
def section(db: None) -> Section:
    section = make_section()
    for title in ("One", "Two", "Three", "Four"):
        make_resource(title, section=section)
    return section


def test_list_of_one_section_stands_in_its_order_with_named_buttons(signed_in: Client, section: Section) -> None:
    section.move_entry(section.resources.get(title="Three").pk, "top")
    page = read(signed_in.get(in_order(section)).content)
    assert [cell.words for cell in page.all("th", class_="field-title")] == ["Three", "One", "Two", "Four"]
    buttons = [button["aria-label"] for button in page.one("table").all("button")]
    assert buttons[:3] == ["Move up: Three", "Move down: Three", "To the top: Three"]
    assert len(buttons) == 12
    assert "in the order readers see them" in page.words


def test_other_lists_have_no_such_buttons(signed_in: Client, section: Section) -> None:
    other = make_section("other")
    for query in (
        "",
        f"?section__id__exact={section.pk}&state__exact=published",
        f"?section__id__exact={section.pk}&q=two",
    ):
        assert not read(signed_in.get(LIST + query).content).one("table").all("button"), query
    both = f"?section__id__exact={section.pk}&section__id__exact={other.pk}"
    assert not read(signed_in.get(LIST + both).content).one("table").all("button")


@pytest.mark.parametrize(
    ("title", "direction", "order"),
    [
        ("Three", "up", ["One", "Three", "Two", "Four"]),
        ("Two", "down", ["One", "Three", "Two", "Four"]),
        ("Four", "top", ["Four", "One", "Two", "Three"]),
        ("One", "up", ["One", "Two", "Three", "Four"]),
        ("Four", "down", ["One", "Two", "Three", "Four"]),
    ],
)
def test_buttons_move_an_entry(
    signed_in: Client, section: Section, title: str, direction: str, order: list[str]
) -> None:
    entry = section.resources.get(title=title)
    response = signed_in.post(in_order(section), {"move": f"{direction} {entry.pk}"})
    assert response["Location"] == f"{in_order(section)}#{direction}_{entry.pk}"
    assert titles(section) == order
    assert sorted(section.resources.values_list("position", flat=True)) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("page", "place", "direction", "then"),
    [(2, 51, "up", 1), (1, 50, "down", 2), (3, 110, "top", 1), (2, 70, "up", 2), (2, 70, "51", 2), (3, 101, "99", 2)],
)
def test_list_comes_back_on_the_page_where_the_moved_row_stands(
    signed_in: Client, section: Section, page: int, place: int, direction: str, then: int
) -> None:
    make_many(106, of=section.resources.get(title="Four"))
    pks = list(section.resources.order_by("position").values_list("pk", flat=True))
    entry = pks[place - 1]
    goal = pks[int(direction) - 1] if direction.isdigit() else direction
    response = signed_in.post(f"{in_order(section)}&p={page}", {"move": f"{goal} {entry}"})
    button = f"{'row' if direction.isdigit() else direction}_{entry}"
    assert response["Location"] == f"{in_order(section)}{f'&p={then}' if then > 1 else ''}#{button}"
    assert f'id="{button}"' in signed_in.get(response["Location"]).content.decode()


@pytest.mark.parametrize("page", ["99", "0", "x", "-1"])
def test_row_is_moved_from_a_page_that_there_is_not(signed_in: Client, section: Section, page: str) -> None:
    entry = section.resources.get(title="Four")
    response = signed_in.post(f"{in_order(section)}&p={page}", {"move": f"top {entry.pk}"})
    assert response["Location"] == f"{in_order(section)}#top_{entry.pk}"


@pytest.mark.parametrize(
    ("title", "place_of", "order"),
    [
        ("One", "Three", ["Two", "Three", "One", "Four"]),
        ("One", "Four", ["Two", "Three", "Four", "One"]),
        ("Four", "Two", ["One", "Four", "Two", "Three"]),
        ("Three", "One", ["Three", "One", "Two", "Four"]),
        ("Two", "Two", ["One", "Two", "Three", "Four"]),
    ],
)
def test_dragged_entry_takes_the_place_of_another(
    signed_in: Client, section: Section, title: str, place_of: str, order: list[str]
) -> None:
    section.resources.filter(title="Four").update(position=40)
    entry, other = (section.resources.get(title=name) for name in (title, place_of))
    seen = seen_in(signed_in, in_order(section))
    response = signed_in.post(in_order(section), {"move": f"{other.pk} {entry.pk}", "seen": seen})
    assert response["Location"] == f"{in_order(section)}#row_{entry.pk}"
    assert titles(section) == order


def test_nothing_is_dragged_to_the_place_of_an_entry_that_is_not_in_the_list(
    signed_in: Client, section: Section
) -> None:
    stranger = make_resource("Stranger", section=make_section("other"))
    entry = section.resources.get(title="Four")
    for place in (stranger.pk, 0, 10**17, "9" * 30, "-1"):
        assert signed_in.post(in_order(section), {"move": f"{place} {entry.pk}"}).status_code == 302
    assert titles(section) == ["One", "Two", "Three", "Four"]
    stranger.refresh_from_db()
    assert (stranger.section.anchor, stranger.position) == ("other", 1)


def test_order_that_somebody_else_changed_is_not_changed_by_dragging(signed_in: Client, section: Section) -> None:
    seen = seen_in(signed_in, in_order(section))
    one, three = section.resources.get(title="One").pk, section.resources.get(title="Three").pk
    section.move_entry(three, "top")
    answer = signed_in.post(in_order(section), {"move": f"{three} {one}", "seen": seen}, follow=True)
    assert "Someone else reordered this, so nothing was moved" in read(answer.content).words
    assert titles(section) == ["Three", "One", "Two", "Four"]


def test_gaps_in_the_positions_do_no_harm(signed_in: Client, section: Section) -> None:
    section.resources.filter(title="Two").update(position=70)
    section.resources.filter(title="One").update(position=9)
    assert titles(section) == ["Three", "Four", "One", "Two"]
    for direction, order in [("top", ["Two", "Three", "Four", "One"]), ("down", ["Three", "Two", "Four", "One"])]:
        signed_in.post(in_order(section), {"move": f"{direction} {Resource.objects.get(title='Two').pk}"})
        assert titles(section) == order


@pytest.mark.parametrize("move", ["", "up", "sideways 1", "up abc", "up -1", "up 99999999999999999999", "up 0", "²"])
def test_other_orders_of_a_button_change_nothing(signed_in: Client, section: Section, move: str) -> None:
    assert signed_in.post(in_order(section), {"move": move}).status_code == 302
    assert signed_in.post(LIST, {"move": move}).status_code == 302
    assert titles(section) == ["One", "Two", "Three", "Four"]


def test_entry_of_another_section_is_not_moved(signed_in: Client, section: Section) -> None:
    stranger = make_resource("Stranger", section=make_section("other"))
    signed_in.post(in_order(section), {"move": f"top {stranger.pk}"})
    stranger.refresh_from_db()
    assert (stranger.section.anchor, stranger.position) == ("other", 1)


def test_who_may_only_look_gets_no_buttons_and_moves_nothing(section: Section) -> None:
    viewer = User.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.add(viewer.user_permissions.model.objects.get(codename="view_resource"))
    client = Client()
    client.force_login(viewer)
    assert not read(client.get(in_order(section)).content).one("table").all("button")
    entry = section.resources.get(title="Four")
    assert client.post(in_order(section), {"move": f"top {entry.pk}"}).status_code == 403
    assert titles(section)[0] == "One"


def test_list_of_a_section_that_is_newest_first_says_what_the_order_is_for(signed_in: Client) -> None:
    section = make_section(order="newest")
    make_resource(section=section)
    assert "Readers see the newest first" in read(signed_in.get(in_order(section)).content).words


def seen_in(client: Client, address: str) -> list[str]:
    return [field["value"] for field in read(client.get(address).content).all("input", name="seen")]


def test_order_that_somebody_else_changed_is_not_changed_unseen(signed_in: Client, section: Section) -> None:
    seen = seen_in(signed_in, in_order(section))
    two, three = section.resources.get(title="Two").pk, section.resources.get(title="Three").pk
    section.move_entry(three, "top")
    answer = signed_in.post(in_order(section), {"move": f"up {two}", "seen": seen}, follow=True)
    assert "Someone else reordered this, so nothing was moved" in read(answer.content).words
    assert titles(section) == ["Three", "One", "Two", "Four"]
    again = {"move": f"up {two}", "seen": seen_in(signed_in, in_order(section))}
    assert signed_in.post(in_order(section), again).status_code == 302
    assert titles(section) == ["Three", "Two", "One", "Four"]


def test_new_and_lost_entries_change_the_order_too(signed_in: Client, section: Section) -> None:
    seen = seen_in(signed_in, in_order(section))
    four = section.resources.get(title="Four").pk
    make_resource("Five", section=section)
    section.move_entry(section.resources.get(title="Five").pk, "up")
    signed_in.post(in_order(section), {"move": f"up {four}", "seen": seen})
    assert titles(section) == ["One", "Two", "Three", "Five", "Four"]
    seen = seen_in(signed_in, in_order(section))
    Resource.objects.filter(title="Two").update(section=make_section("other"))
    signed_in.post(in_order(section), {"move": f"up {four}", "seen": seen})
    assert titles(section) == ["One", "Three", "Five", "Four"]


@pytest.mark.parametrize("seen", ["abc", "-1", "99999999999999999999", "0", ["1"] * 500])
def test_other_orders_that_were_seen_break_nothing(signed_in: Client, section: Section, seen: Any) -> None:
    entry = section.resources.get(title="Two")
    answer = signed_in.post(in_order(section), {"move": f"down {entry.pk}", "seen": seen})
    assert answer.status_code == 302
    assert sorted(titles(section)) == ["Four", "One", "Three", "Two"]


def test_order_of_sections_that_somebody_else_changed_is_not_changed_unseen(signed_in: Client) -> None:
    for anchor in ("one", "two", "three"):
        make_section(anchor)
    _one, two, three = Section.objects.all()
    seen = seen_in(signed_in, "/admin/library/section/")
    Section.objects.move(three.pk, "top")
    signed_in.post("/admin/library/section/", {"move": f"up {two.pk}", "seen": seen})
    assert list(Section.objects.values_list("anchor", flat=True)) == ["three", "one", "two"]


def test_sections_are_moved_on_the_page(signed_in: Client) -> None:
    for anchor in ("one", "two", "three"):
        make_section(anchor)
    for move, order in [("top three", ["three", "one", "two"]), ("down one", ["three", "two", "one"])]:
        direction, anchor = move.split()
        pk = Section.objects.get(anchor=anchor).pk
        response = signed_in.post("/admin/library/section/", {"move": f"{direction} {pk}"})
        assert response["Location"] == f"/admin/library/section/#{direction}_{pk}"
        assert list(Section.objects.values_list("anchor", flat=True)) == order


@pytest.mark.django_db(transaction=True)
def test_moves_at_the_same_time_lose_no_entry_and_no_place() -> None:
    section = make_section()
    keys = [make_resource(f"Entry {number}", section=section).pk for number in range(12)]
    failures: list[BaseException] = []

    def work(moves: Callable[[], Any]) -> None:
        try:
            moves()
        except BaseException as error:  # reported to the test below
            failures.append(error)
        finally:
            connection.close()

    def one() -> None:
        for _time in range(6):
            for key in keys:
                section.move_entry(key, "up")
                section.move_entry(key, "top")

    def other() -> None:
        for _time in range(6):
            for key in reversed(keys):
                section.move_entry(key, "down")
            make_resource("New", section=section, slug=f"new-{_time}")

    threads = [threading.Thread(target=work, args=(moves,)) for moves in (one, other, one)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    positions = list(section.resources.order_by("position").values_list("position", flat=True))
    assert positions == list(range(1, 19))
    assert set(keys) < set(section.resources.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_two_curators_moving_different_entries_both_get_their_way() -> None:
    curator = User.objects.create_superuser("curator")
    section = make_section()
    keys = [make_resource(f"Entry {number}", section=section).pk for number in range(1, 7)]
    statuses: list[int] = []

    def push(key: int) -> None:
        client = Client()
        client.force_login(curator)
        statuses.append(client.post(in_order(section), {"move": f"up {key}"}).status_code)
        connection.close()

    threads = [threading.Thread(target=push, args=(key,)) for key in (keys[1], keys[5])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [302, 302]
    assert titles(section) == ["Entry 2", "Entry 1", "Entry 3", "Entry 4", "Entry 6", "Entry 5"]
