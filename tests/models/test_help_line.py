"""A help line can be reached, says when to use it, when it is open and when it was verified, and lies in nothing."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from library.help_lines.opening_hours import Opening
from library.models import HelpLine
from tests.factories import make_help_line
from tests.refusing import refused

pytestmark = pytest.mark.django_db


def test_dials_the_digits_of_its_numbers() -> None:
    line = make_help_line("COPLINE", call_number="1-800-267-5463", text_number="741741", tty_number="1-800-487-4889")

    assert str(line) == "COPLINE"
    assert (line.call_digits, line.text_digits, line.tty_digits) == ("18002675463", "741741", "18004874889")
    assert HelpLine.objects.get_by_natural_key(*line.natural_key()) == line


def test_stand_in_the_order_of_their_places() -> None:
    make_help_line("COPLINE", call_number="1-800-267-5463", position=3)
    make_help_line()

    assert [line.name for line in HelpLine.objects.all()] == ["988 Suicide & Crisis Lifeline", "COPLINE"]


@pytest.mark.parametrize("way", [{"call_number": "988"}, {"text_number": "988"}, {"chat_url": "https://example.org"}])
def test_one_way_to_reach_it_is_enough(way: dict[str, str]) -> None:
    make_help_line(**way)


def test_without_any_way_to_reach_it_is_refused() -> None:
    make_help_line()

    with refused("help_line_can_be_reached"):
        HelpLine.objects.update(call_number="", text_number="", chat_url="")
    with pytest.raises(ValidationError, match="Enter a number"):
        make_help_line("Other", tty_number="1-800-487-4889")


def test_only_a_crisis_line_stands_in_the_strip() -> None:
    make_help_line()

    with refused("help_line_in_strip_is_for_a_crisis"):
        HelpLine.objects.update(is_crisis=False)
    with pytest.raises(ValidationError, match="Only a crisis line"):
        make_help_line("Other", call_number="988", is_crisis=False, in_strip=True)


def test_a_line_of_one_place_stands_in_no_strip() -> None:
    make_help_line(call_number="988", in_strip=True)

    with refused("help_line_in_strip_is_for_every_place"):
        HelpLine.objects.update(place="New Jersey")
    with pytest.raises(ValidationError, match="Only a line for the whole country"):
        make_help_line("Other", call_number="988", place="New Jersey", in_strip=True)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("help_line_in_strip_is_always_open", {"availability": "unknown"}),
        ("help_line_in_strip_has_plain_numbers", {"call_note": "then press 1"}),
        ("help_line_in_strip_has_plain_numbers", {"text_word": "HOME"}),
        (
            "help_line_in_strip_has_plain_numbers",
            {"call_number": "", "text_number": "", "chat_url": "https://chat.example.org/"},
        ),
    ],
)
def test_a_line_in_the_strip_can_be_used_at_any_hour_by_its_number_alone(
    constraint: str, values: dict[str, str]
) -> None:
    make_help_line(call_number="988", in_strip=True)

    with refused(constraint):
        HelpLine.objects.update(**values)


def test_a_number_was_not_verified_on_a_day_to_come() -> None:
    with pytest.raises(ValidationError, match="in the future"):
        make_help_line(call_number="988", verified_on=timezone.localdate() + timedelta(days=1))


def test_a_number_was_not_verified_before_there_was_a_web() -> None:
    with pytest.raises(ValidationError, match="in 1990 or later"):
        make_help_line(call_number="988", verified_on=date(1989, 12, 31))
    make_help_line()
    with refused("help_line_verified_since_1990"):
        HelpLine.objects.update(verified_on=date(1989, 12, 31))


def test_two_lines_cannot_have_one_name() -> None:
    line = make_help_line()
    line.pk = None

    with refused("help_line_name_unique"):
        HelpLine.objects.bulk_create([line])


def test_the_day_of_its_verification_is_asked_for() -> None:
    with pytest.raises(ValidationError, match="verified_on"):
        make_help_line("COPLINE", call_number="1-800-267-5463", verified_on=None)


# What it says to do


def test_without_a_reason_it_says_nothing_of_when() -> None:
    assert make_help_line().invitation == ""


@pytest.mark.parametrize(
    ("ways", "invitation"),
    [
        ({"call_number": "988", "text_number": "988"}, "Call or text if you cannot go on"),
        ({"call_number": "1"}, "Call if you cannot go on"),
        ({"call_number": "1", "text_number": "2", "text_word": "HOME"}, "Call or text if you cannot go on"),
        ({"text_number": "2"}, "Text if you cannot go on"),
        ({"chat_url": "https://example.org"}, "Chat if you cannot go on"),
        ({"call_number": "1", "action": "Talk to a fellow officer"}, "Talk to a fellow officer if you cannot go on"),
    ],
)
def test_says_what_to_do_and_when_without_the_numbers_of_its_buttons(ways: dict[str, str], invitation: str) -> None:
    assert make_help_line(reason="you cannot go on", **ways).invitation == invitation


def test_no_number_stands_in_what_it_says() -> None:
    make_help_line()

    for field in ("action", "reason"):
        with refused("help_line_heading_without_number"):
            HelpLine.objects.update(**{"reason": "you cannot go on", field: "Call 911"})
    with pytest.raises(ValidationError, match="Leave the number out"):
        make_help_line("Other", call_number="1", action="Call 1-800-267-5463", reason="you cannot go on")


def test_an_action_has_a_reason() -> None:
    make_help_line()

    with refused("help_line_action_has_a_reason"):
        HelpLine.objects.update(action="Talk to a fellow officer")
    with pytest.raises(ValidationError, match="Say who should call"):
        make_help_line("Other", call_number="1", action="Talk to a fellow officer")


# Its hours

MONDAY_NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)
OFFICE = {
    "availability": "weekly",
    "first_day": 1,
    "last_day": 5,
    "opens_at": time(9),
    "closes_at": time(17),
    "time_zone": "America/New_York",
}


def test_says_whether_it_is_open_where_that_is_known() -> None:
    line = make_help_line(call_number="988")
    assert line.opening_at(MONDAY_NOON) is None

    line.availability = "always"
    assert line.opening_at(MONDAY_NOON) == Opening(True)

    office = make_help_line("Office", call_number="1", **OFFICE)
    assert office.opening_at(MONDAY_NOON) == Opening(True, MONDAY_NOON + timedelta(hours=5))
    assert not office.opening_at(MONDAY_NOON + timedelta(hours=5)).is_open


def test_says_its_hours_in_its_owners_words_or_else_in_ours() -> None:
    office = make_help_line("Office", call_number="1", **OFFICE)
    assert office.hours_in_words == "Monday to Friday, 9 a.m. to 5 p.m. Eastern time"

    office.last_day = 1
    assert office.hours_in_words == "Monday, 9 a.m. to 5 p.m. Eastern time"
    office.hours = "Office hours"
    assert office.hours_in_words == "Office hours"
    assert make_help_line().hours_in_words == ""


@pytest.mark.parametrize("missing", ["first_day", "last_day", "opens_at", "closes_at", "time_zone"])
def test_weekly_hours_are_complete(missing: str) -> None:
    empty = "" if missing == "time_zone" else None
    make_help_line("Office", call_number="1", **OFFICE)

    with refused("help_line_weekly_hours_complete"):
        HelpLine.objects.update(**{missing: empty})
    with pytest.raises(ValidationError, match="Enter both days"):
        make_help_line("Other", call_number="1", **OFFICE | {missing: empty})
    HelpLine.objects.update(availability="unknown", **{missing: empty})


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("help_line_availability_known", {"availability": "often"}),
        ("help_line_anonymous_known", {"anonymous": "maybe"}),
        ("help_line_time_zone_known", {"time_zone": "Europe/Berlin"}),
        ("help_line_days_known", {"first_day": 0}),
        ("help_line_days_known", {"last_day": 8}),
    ],
)
def test_the_database_knows_the_values_too(constraint: str, values: dict[str, Any]) -> None:
    make_help_line()

    with refused(constraint):
        HelpLine.objects.update(**values)


# Its verification


def test_is_verified_in_time_for_ninety_days() -> None:
    line = make_help_line(call_number="988", verified_on=date(2026, 8, 25))

    assert line.is_verified_in_time(MONDAY_NOON)
    assert list(HelpLine.objects.overdue(MONDAY_NOON)) == []
    assert not line.is_verified_in_time(MONDAY_NOON + timedelta(days=1))
    assert list(HelpLine.objects.overdue(MONDAY_NOON + timedelta(days=1))) == [line]


def test_who_may_stay_anonymous_is_not_known_until_somebody_knows() -> None:
    assert make_help_line().get_anonymous_display() == "Unknown"
