"""A help line can be reached, says when it was verified, and stands in the strip only when it is for a crisis."""

import pytest
from django.core.exceptions import ValidationError

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
    with pytest.raises(ValidationError, match="Give a number"):
        make_help_line("Other", tty_number="1-800-487-4889")


def test_only_a_crisis_line_stands_in_the_strip() -> None:
    make_help_line()

    with refused("help_line_in_strip_is_for_a_crisis"):
        HelpLine.objects.update(is_crisis=False)
    with pytest.raises(ValidationError, match="Only a crisis line"):
        make_help_line("Other", call_number="988", is_crisis=False, in_strip=True)


def test_two_lines_cannot_have_one_name() -> None:
    line = make_help_line()
    line.pk = None

    with refused("help_line_name_unique"):
        HelpLine.objects.bulk_create([line])


def test_the_day_of_its_verification_is_asked_for() -> None:
    with pytest.raises(ValidationError, match="verified_on"):
        make_help_line("COPLINE", call_number="1-800-267-5463", verified_on=None)
