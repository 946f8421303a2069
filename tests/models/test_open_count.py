"""What is known of an entry's use: a number for a day, told in whole tens of whole days."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from library.models import OpenCount, Resource
from library.models.open_count import tens
from tests.factories import make_resource, make_resources
from tests.refusing import refused

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def used(resource: Resource, **numbers: int) -> None:
    """So many times on days before today: `d1=3` is three times yesterday."""
    for days, number in numbers.items():
        OpenCount.objects.create(resource=resource, day=TODAY - timedelta(int(days[1:])), number=number)


def test_it_has_no_column_for_who_or_when_and_no_order() -> None:
    with connection.cursor() as cursor:
        columns = {column.name for column in connection.introspection.get_table_description(cursor, "library_entryuse")}

    assert columns == {"resource_id", "day", "number"}


def test_a_number_is_from_one_to_ten_thousand() -> None:
    entry = make_resource()

    for number in (0, 10_001):
        with refused("entry_use_number"):
            used(entry, d1=number)
        with pytest.raises(ValidationError, match="entry_use_number"):
            OpenCount(resource=entry, day=TODAY, number=number).validate_constraints()


@pytest.mark.parametrize(("number", "shown"), [(None, 0), (9, 0), (10, 10), (19, 10), (20, 20), (10_000, 10_000)])
def test_it_is_told_in_whole_tens_and_less_than_ten_not_at_all(number: int | None, shown: int) -> None:
    assert tens(number) == shown


def test_only_the_last_28_whole_days_are_told() -> None:
    entry = make_resource()
    used(entry, d0=100, d1=4, d28=7, d29=100)

    assert OpenCount.objects.in_tens(entry, TODAY) == 10


def test_the_most_opened_come_first_and_those_below_ten_never() -> None:
    first, second, third, _never = make_resources(4)
    used(third, d1=9, d2=2, d30=50)
    used(first, d1=120)
    used(second, d3=9)

    assert OpenCount.objects.most_opened(TODAY, 10) == [(first.pk, 120), (third.pk, 10)]
    assert OpenCount.objects.most_opened(TODAY, 1) == [(first.pk, 120)]


def test_entries_of_the_same_tens_stand_in_no_telling_order() -> None:
    less, more = make_resources(2)
    used(less, d1=11)
    used(more, d1=19)

    assert [pk for pk, _number in OpenCount.objects.most_opened(TODAY, 10)] == [less.pk, more.pk]


def test_it_goes_with_its_entry_and_after_400_days() -> None:
    draft, entry = make_resource(state="draft"), make_resource()
    used(draft, d1=1)
    used(entry, d400=1, d401=1)

    draft.delete()
    assert OpenCount.objects.purge(TODAY) == 1

    (left,) = OpenCount.objects.all()
    assert str(left) == f"{entry.pk}, {TODAY - timedelta(400)}: 1"
