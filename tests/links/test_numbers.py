"""Whether a page still shows a number: in any spelling, and never by a guess."""

from datetime import UTC, datetime

import pytest

from library.links.client import Answer
from library.links.numbers import ShownNumbers, after_look, is_doubtful, missing_numbers, shown_numbers

COPLINE = "18002675463"
NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
SEEN, MISSED = ShownNumbers(frozenset({COPLINE}), True), ShownNumbers(frozenset(), True)
CUT = ShownNumbers(frozenset(), False)


def answer(text: str, **more: object) -> Answer:
    return Answer("https://example.org/", 200, headers={"content-type": "text/html"}, body=text.encode(), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "Call 1-800-267-5463 now",
        "Call (800) 267-5463",
        "800.267.5463",
        "+1 800 267 5463",
        '<a href="tel:18002675463">Call</a>',
        "1‑800-COPLINE (1–800–267–5463)",
    ],
)
def test_a_number_is_seen_in_any_spelling(text: str) -> None:
    assert shown_numbers(answer(text), [COPLINE]) == SEEN


@pytest.mark.parametrize("text", ["1-800-267-5464", "21-800-267-54631", "1-800-COPLINE", "267-5463"])
def test_another_number_is_not_taken_for_it(text: str) -> None:
    assert shown_numbers(answer(text), [COPLINE]) == MISSED


def test_a_short_number_stands_alone() -> None:
    assert shown_numbers(answer("Call or text 988 now"), ["988"]) == ShownNumbers(frozenset({"988"}), True)
    assert shown_numbers(answer("Room 1988, or 9885"), ["988"]) == MISSED


def test_a_page_that_cannot_be_read_says_nothing_and_one_that_was_cut_only_what_it_shows() -> None:
    assert shown_numbers(answer("", is_readable=False), [COPLINE]) is None
    assert shown_numbers(answer("x" * 10, is_whole=False), [COPLINE]) == CUT


def test_only_a_number_that_was_shown_before_is_missed_and_only_after_two_looks() -> None:
    never = after_look({}, [COPLINE], MISSED, NOW)
    assert never == {}
    once = after_look(after_look(never, [COPLINE], SEEN, NOW), [COPLINE], MISSED, NOW)
    assert is_doubtful(once)
    assert not missing_numbers(once)
    assert after_look(once, [COPLINE], CUT, NOW) == once
    twice = after_look(once, [COPLINE], MISSED, NOW)
    assert not is_doubtful(twice)
    assert missing_numbers(twice) == [COPLINE]
    assert not missing_numbers(after_look(twice, [COPLINE], SEEN, NOW))


def test_a_number_that_the_library_no_longer_gives_is_forgotten() -> None:
    seen = after_look({}, [COPLINE], SEEN, NOW)
    assert after_look(seen, ["988"], MISSED, NOW) == {}
