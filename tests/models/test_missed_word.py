"""Words that found nothing: kept as word and day alone, within bounds, and shown only after five different days."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from library.models import MissedDay, MissedWord
from tests.factories import miss
from tests.refusing import refused

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def test_it_has_no_column_for_who_or_when_and_no_order() -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, "library_missedday")

    assert {column.name for column in found} == {"word", "day"}


@pytest.mark.parametrize("word", ["", "ab", "Burnout", "two words", "route66", "o'neill", "résumé", "-x-y"])
def test_only_plain_words_of_3_to_30_letters_can_be_written(word: str) -> None:
    with refused("missed_day_word_form"):
        MissedDay.objects.create(word=word, day=TODAY)
    with pytest.raises(ValidationError):
        MissedDay(word=word, day=TODAY).full_clean()


def test_a_day_has_a_word_once() -> None:
    for _time in range(3):
        MissedDay.objects.count_one("gambling", TODAY)
    MissedDay.objects.count_one("gambling", TODAY + timedelta(1))

    assert MissedDay.objects.count() == 2


def test_a_day_has_room_for_a_hundred_words_and_the_next_day_again() -> None:
    letters = [f"word{first}{second}" for first in "abcdefghijkl" for second in "abcdefghij"]
    for word in letters:
        MissedDay.objects.count_one(word, TODAY)
    assert MissedDay.objects.count() == 100

    MissedDay.objects.count_one("gambling", TODAY)
    assert MissedDay.objects.count() == 100
    MissedDay.objects.count_one("gambling", TODAY + timedelta(1))
    assert MissedDay.objects.count() == 101


def test_what_is_older_than_90_days_goes_with_the_next_word() -> None:
    for days in (89, 90, 91):
        MissedDay.objects.create(word="gambling", day=TODAY - timedelta(days))

    MissedDay.objects.count_one("divorce", TODAY)

    assert {(TODAY - row.day).days for row in MissedDay.objects.all()} == {0, 89, 90}


def test_and_without_one_when_it_is_asked_for() -> None:
    for days in (90, 91):
        MissedDay.objects.create(word="gambling", day=TODAY - timedelta(days))

    assert MissedDay.objects.forget(TODAY) == 1
    assert str(MissedDay.objects.get()) == f"gambling, {TODAY - timedelta(90)}"


def test_nobody_sees_a_word_before_its_fifth_day() -> None:
    miss("gambling", days=5)
    miss("divorce", days=4)
    miss("lawyer", days=6)

    assert [(str(row), row.days) for row in MissedWord.objects.all()] == [("lawyer", 6), ("gambling", 5)]
