"""Pages whose end nobody has to count."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from library.models import Resource
from library.paging import COUNT_LIMIT, PAGE_LIMIT, PAGE_SIZE, BoundedPaginator, Total, page_number
from tests.factories import make_many, make_resource, make_resources


def test_a_total_is_exact_up_to_the_bound() -> None:
    assert COUNT_LIMIT == 10_000 == PAGE_SIZE * PAGE_LIMIT
    assert Total.bounded(0) == Total(0)
    assert Total.bounded(COUNT_LIMIT) == Total(COUNT_LIMIT)
    assert Total.bounded(COUNT_LIMIT + 1) == Total(COUNT_LIMIT, is_more=True)


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("2", 2),
        (None, 1),
        ("", 1),
        ("0", 1),
        ("-1", 1),
        ("1.5", 1),
        ("NaN", 1),
        ("１２", 1),
        ("²", 1),
        (" 2", 1),
        ("+2", 1),
        ("0x2", 1),
        ("007", 7),
        ("999999999999", 999_999_999),
        ("9" * 100_000, 999_999_999),
    ],
)
def test_reads_the_number_of_a_page(raw: str | None, number: int) -> None:
    assert page_number(raw) == number


@pytest.mark.django_db
def test_cuts_a_list_into_pages_of_20() -> None:
    make_resources(21)
    paginator = BoundedPaginator(Resource.objects.order_by("id"))

    assert (paginator.num_pages, paginator.count, paginator.total) == (2, 21, Total(21))
    assert len(paginator.page(1).object_list) == 20
    assert len(paginator.page(2).object_list) == 1


@pytest.mark.django_db
def test_an_empty_list_has_one_page() -> None:
    paginator = BoundedPaginator(Resource.objects.order_by("id"))

    assert (paginator.num_pages, paginator.total) == (1, Total(0))


@pytest.mark.django_db
def test_counts_no_further_than_the_bound() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert BoundedPaginator(Resource.objects.order_by("id")).total == Total(0)

    (query,) = queries.captured_queries
    assert f"LIMIT {COUNT_LIMIT + 1}" in query["sql"]
    assert "ORDER BY" not in query["sql"]


@pytest.mark.django_db
def test_offers_no_page_behind_the_bound() -> None:
    make_many(COUNT_LIMIT, of=make_resource())

    paginator = BoundedPaginator(Resource.objects.order_by("id"))

    assert paginator.total == Total(COUNT_LIMIT, is_more=True)
    assert paginator.num_pages == PAGE_LIMIT
    assert len(paginator.page(PAGE_LIMIT).object_list) == PAGE_SIZE
