"""Pages whose end nobody has to count."""

import pytest

from library.models import Resource
from library.search.pagination import PAGE_LIMIT, PAGE_SIZE, BoundedPaginator, Total, page_number
from tests.factories import make_resource, make_resources


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
    paginator = BoundedPaginator(Resource.objects.order_by("id"), Total(21))

    assert (paginator.num_pages, paginator.count) == (2, 21)
    assert len(paginator.page(1).object_list) == 20
    assert len(paginator.page(2).object_list) == 1


@pytest.mark.django_db
def test_an_empty_list_has_one_page() -> None:
    paginator = BoundedPaginator(Resource.objects.order_by("id"), Total(0))

    assert (paginator.num_pages, paginator.is_cut) == (1, False)


@pytest.mark.django_db
def test_counts_nothing_and_offers_no_page_behind_the_last(django_assert_num_queries) -> None:
    make_resource()
    with django_assert_num_queries(0):
        paginator = BoundedPaginator(Resource.objects.order_by("id"), Total(1_000_000))
        assert paginator.num_pages == PAGE_LIMIT == 500
        assert paginator.count == PAGE_LIMIT * PAGE_SIZE == 10_000

    assert paginator.is_cut
    assert not BoundedPaginator(Resource.objects.order_by("id"), Total(10_000)).is_cut
