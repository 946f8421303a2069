"""What is gone, in all the ways in which sites say so or don’t: on which day that is known, and on which it is said."""

from dataclasses import replace

import pytest

from library.links.client import Answer
from library.links.evidence import LinkCondition, Sentence
from library.links.faults import WireFault
from library.links.signals import Context, Reason, SignalKind, signal_of
from tests.links.days import (
    ADDRESS,
    FRONT,
    GOOD,
    NOT_FOUND,
    Place,
    first_day,
    from_day,
    looks,
    moved,
    nothing,
    page,
    status,
)

LOST = page("Page not found", "We could not find it.")


@pytest.mark.parametrize("answer", [NOT_FOUND, status(410), nothing(WireFault.NO_SUCH_NAME)])
def test_c30_c45_c46_c49_gone_is_doubt_after_a_day_and_a_death_after_six(answer: Answer) -> None:
    seen = list(looks(Place(from_day({0: answer}))))
    assert [round(one.day, 2) for one in seen[:5]] == [0.0, 0.04, 1.08, 3.0, 6.0]
    assert first_day(seen, LinkCondition.UNSURE) == 1.08
    assert first_day(seen, LinkCondition.DEAD) == 6.0
    assert {one.signal.kind for one in seen} == {SignalKind.GONE}
    assert (seen[2].sentence, seen[4].sentence) == (Sentence.FAILING, Sentence.GONE)


def test_a_death_is_looked_at_after_a_week_two_and_a_month_and_then_every_month() -> None:
    seen = list(looks(Place(from_day({0: NOT_FOUND})), days=120))
    assert [round(one.day - 6) for one in seen if one.day > 6] == [7, 14, 30, 60, 90]


def test_c47_a_relaunch_of_three_days_is_no_death() -> None:
    seen = list(looks(Place(from_day({0: NOT_FOUND, 3: GOOD}))))
    assert first_day(seen, LinkCondition.DEAD) is None
    assert seen[3].state is LinkCondition.ALIVE


def test_c48_one_look_that_fails_while_a_site_is_renewed_changes_nothing() -> None:
    seen = list(looks(Place(from_day({0: NOT_FOUND, 0.02: GOOD}))))
    assert {one.state for one in seen} == {LinkCondition.ALIVE}


def test_c50_a_name_that_lapses_for_four_days_is_alive_again_with_its_page() -> None:
    seen = list(looks(Place(from_day({0: nothing(WireFault.NO_SUCH_NAME), 4: GOOD}))))
    assert first_day(seen, LinkCondition.DEAD) is None
    assert seen[-1].state is LinkCondition.ALIVE


@pytest.mark.parametrize("body", ["There isn't a GitHub Pages site here.", "<Code>NoSuchBucket</Code>", "No such app"])
def test_c53_a_hoster_that_knows_no_such_site_is_no_wall(body: str) -> None:
    gone = status(404, body)
    seen = list(looks(Place(from_day({0: gone}), root=gone)))
    assert (seen[-1].signal.reason, first_day(seen, LinkCondition.DEAD)) == (Reason.NO_SUCH_SITE, 6.0)


SOFT = {
    "C54 words on a page": (LOST, Reason.SAYS_NOT_FOUND),
    "C55 a page of errors": (moved(page("Oops", "Sorry."), "https://www.example.gov/404.aspx", 302), None),
    "C56 everybody to the front page": (moved(FRONT, "https://www.example.gov/"), Reason.FRONT_PAGE),
    "C57c nothing at all": (status(200), Reason.EMPTY),
}


@pytest.mark.parametrize("name", SOFT)
def test_what_is_gone_with_a_status_of_200_is_a_death_after_ten_days(name: str) -> None:
    answer, reason = SOFT[name]
    seen = list(looks(Place(from_day({0: answer}), sibling=answer)))
    assert {one.signal.kind for one in seen} == {SignalKind.SOFT}, name
    assert seen[0].signal.reason is (reason or Reason.SAYS_NOT_FOUND)
    assert (first_day(seen, LinkCondition.UNSURE), first_day(seen, LinkCondition.DEAD)) == (1.08, 10.0)


def test_words_of_a_page_without_a_memory_need_the_sites_answer_for_what_nobody_has_made() -> None:
    seen = list(looks(Place(from_day({0: LOST}), good=None), days=20))
    assert {one.signal.kind for one in seen} == {SignalKind.GOOD}
    assert signal_of(ADDRESS, LOST, Context(sibling=LOST)).kind is SignalKind.SOFT
    assert signal_of(ADDRESS, LOST, Context(sibling=GOOD)).kind is SignalKind.GOOD


def test_c57_one_page_for_many_addresses_is_gone() -> None:
    place = moved(page("Resources", "All of our resources."), "https://www.example.gov/resources")
    seen = list(looks(Place(from_day({0: place}), sharing=3)))
    assert {one.signal.reason for one in seen} == {Reason.ONE_FOR_ALL}
    assert first_day(seen, LinkCondition.DEAD) == 10.0


@pytest.mark.parametrize("is_media", [False, True])
def test_c57b_c86_a_page_in_the_place_of_a_file_is_gone(is_media: bool) -> None:
    address = "https://www.example.gov/guide.mp3" if is_media else "https://www.example.gov/guide.pdf"
    kind = "audio/mpeg" if is_media else "application/pdf"
    file = page(url=address, headers={"content-type": kind}, body=b"%PDF")
    answer = page("Guide", "The document is not available.", url=address)
    seen = list(looks(Place(from_day({0: answer}), address=address, good=file, is_media=is_media)))
    assert {one.signal.reason for one in seen} == {Reason.NO_FILE}
    assert first_day(seen, LinkCondition.DEAD) == 10.0


def test_one_error_among_them_costs_no_day_and_ends_nothing() -> None:
    answers = from_day({0: NOT_FOUND, 1: status(503), 2: NOT_FOUND})
    assert first_day(list(looks(Place(answers))), LinkCondition.DEAD) == 6.0  # its look is made up for


def test_an_error_at_the_last_look_costs_a_day_and_not_four() -> None:
    answers = from_day({0: NOT_FOUND, 5: status(503), 6.5: NOT_FOUND})
    assert first_day(list(looks(Place(answers))), LinkCondition.DEAD) == 7.08


def test_errors_and_absence_in_turn_take_as_long_as_errors() -> None:
    number = iter(range(1000))
    seen = list(looks(Place(lambda _day: NOT_FOUND if next(number) % 2 else status(500))))
    assert first_day(seen, LinkCondition.DEAD) == 28.0


def test_c102_what_comes_back_as_it_was_is_alive_at_once() -> None:
    seen = list(looks(Place(from_day({0: NOT_FOUND, 60: GOOD})), days=130))
    assert [one.state for one in seen if one.day > 60] == [LinkCondition.ALIVE] * len(
        [one for one in seen if one.day > 60]
    )


def test_what_comes_back_as_something_unknown_is_not_alive_until_somebody_has_seen_it() -> None:
    other = replace(page("Annual report", "Short."), headers={"content-type": "text/html"})
    seen = list(looks(Place(from_day({0: NOT_FOUND, 60: other}), good=None), days=130))
    assert seen[-1].state is LinkCondition.BACK
    assert seen[-1].sentence is Sentence.BACK
