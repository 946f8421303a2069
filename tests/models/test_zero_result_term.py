"""Words that found nothing: kept as word and day alone, within bounds, and shown only after five different days."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from library.models import ZeroResultDay, ZeroResultTerm
from library.models.zero_result_term import mark_of
from tests.factories import miss
from tests.refusing import refused

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def words() -> set[str | None]:
    return set(ZeroResultDay.objects.values_list("word", flat=True))


def test_it_has_no_column_for_who_or_when_and_no_order() -> None:
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, "library_missedday")

    assert {column.name for column in columns} == {"word", "mark", "day"}


@pytest.mark.parametrize("word", ["", "ab", "Burnout", "two words", "route66", "o'neill", "résumé", "-x-y"])
def test_only_plain_words_of_3_to_30_letters_can_be_written(word: str) -> None:
    with refused("missed_day_word_form"):
        ZeroResultDay.objects.create(word=word, mark="0" * 32, day=TODAY)


@pytest.mark.parametrize("mark", ["", "gambling", "0" * 31, "G" * 32])
def test_a_mark_is_a_hash_and_nothing_that_was_typed(mark: str) -> None:
    with refused("missed_day_mark_form"):
        ZeroResultDay.objects.create(mark=mark, day=TODAY)


def test_a_day_has_a_word_once() -> None:
    for _time in range(3):
        ZeroResultDay.objects.count_one("gambling", TODAY)
    ZeroResultDay.objects.count_one("gambling", TODAY + timedelta(1))

    assert ZeroResultDay.objects.count() == 2


def test_before_its_fifth_day_a_word_is_in_no_row_and_in_no_statement() -> None:
    with CaptureQueriesContext(connection) as queries:
        miss("gambling", days=4, until=TODAY)
        miss("gambling", days=1, until=TODAY)

    assert len(queries) == 5
    assert "gambling" not in str(queries.captured_queries)
    assert words() == {None}


def test_on_its_fifth_day_it_is_written_down_with_all_its_days() -> None:
    days = [TODAY - timedelta(ago) for ago in (90, 41, 40, 7, 0)]
    for day in days:
        miss("lawyer", days=1, until=day)
        miss("gambling", days=1, until=day)
        miss("divorce", days=1, until=day - timedelta(1))

    rows = ZeroResultDay.objects.filter(word="gambling")
    assert sorted(row.day for row in rows) == days
    assert words() == {"gambling", "lawyer", None}


def test_days_that_are_too_long_ago_do_not_make_five() -> None:
    for ago in (91, 41, 40, 7, 0):
        miss("gambling", days=1, until=TODAY - timedelta(ago))

    assert words() == {None}
    assert ZeroResultDay.objects.count() == 4


def test_a_word_whose_days_are_fewer_than_five_again_is_no_longer_written_down() -> None:
    for ago in (90, 41, 40, 7, 0):
        miss("gambling", days=1, until=TODAY - timedelta(ago))
    assert words() == {"gambling"}

    assert ZeroResultDay.objects.purge(TODAY + timedelta(1)) == 1
    ZeroResultDay.objects.purge(TODAY + timedelta(1))

    assert words() == {None}
    miss("gambling", days=1, until=TODAY + timedelta(1))
    assert words() == {"gambling"}


def test_marks_of_one_word_on_two_days_have_nothing_in_common_and_need_the_key(settings: Any) -> None:
    first, second = mark_of("gambling", TODAY), mark_of("gambling", TODAY + timedelta(1))
    settings.SECRET_KEY = "another"

    assert len({first, second, mark_of("gambling", TODAY)}) == 3


def test_after_a_change_of_the_key_a_word_needs_five_days_again(settings: Any) -> None:
    miss("gambling", days=6, until=TODAY)
    settings.SECRET_KEY = "another"
    miss("gambling", days=4, until=TODAY)
    miss("lawyer", days=1, until=TODAY)

    (row,) = ZeroResultTerm.objects.all()
    assert (row.word, row.days) == ("gambling", 6)


def test_a_day_has_room_for_a_hundred_words_and_the_next_day_again() -> None:
    letters = [f"word{first}{second}" for first in "abcdefghijkl" for second in "abcdefghij"]
    for word in letters:
        ZeroResultDay.objects.count_one(word, TODAY)
    assert ZeroResultDay.objects.count() == 100

    ZeroResultDay.objects.count_one("gambling", TODAY)
    assert ZeroResultDay.objects.count() == 100
    ZeroResultDay.objects.count_one("gambling", TODAY + timedelta(1))
    assert ZeroResultDay.objects.count() == 101


def test_what_is_older_than_90_days_goes_with_the_next_word() -> None:
    for days in (89, 90, 91):
        miss("gambling", days=1, until=TODAY - timedelta(days))

    ZeroResultDay.objects.count_one("divorce", TODAY)

    assert {(TODAY - row.day).days for row in ZeroResultDay.objects.all()} == {0, 89, 90}


def test_and_without_one_when_it_is_asked_for() -> None:
    ZeroResultDay.objects.bulk_create(ZeroResultDay(mark="0" * 32, day=TODAY - timedelta(days)) for days in (90, 91))

    assert ZeroResultDay.objects.purge(TODAY) == 1
    assert str(ZeroResultDay.objects.get()) == f"{'0' * 32}, {TODAY - timedelta(90)}"


def test_nobody_sees_a_word_before_its_fifth_day() -> None:
    miss("gambling", days=5)
    miss("divorce", days=4)
    miss("lawyer", days=6)

    assert [(str(row), row.days) for row in ZeroResultTerm.objects.all()] == [("lawyer", 6), ("gambling", 5)]
