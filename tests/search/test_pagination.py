"""Pages whose end nobody has to count."""

import pytest

from library.search.pagination import PAGE_LIMIT, PAGE_SIZE, ListPage, NoSuchPage, Total, list_page, page_number


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


def test_cuts_a_list_into_pages_of_20() -> None:
    first, second = list_page(Total(21), 1), list_page(Total(21), 2)

    assert (first.number, first.last, first.first_entry, first.last_entry) == (1, 2, 1, 20)
    assert (second.number, second.last, second.first_entry, second.last_entry) == (2, 2, 21, 21)
    assert (first.part, second.part) == (slice(0, 20), slice(20, 40))
    assert (first.has_previous, first.has_next, second.has_previous, second.has_next) == (False, True, True, False)


def test_an_empty_list_has_one_page() -> None:
    assert list_page(Total(0), 1) == ListPage(1, 1, 0, 0, is_cut=False)


def test_offers_no_page_behind_the_last() -> None:
    with pytest.raises(NoSuchPage) as behind:
        list_page(Total(1_000_000), 501)
    last = list_page(Total(1_000_000), behind.value.last)

    assert last.number == last.last == PAGE_LIMIT == 500
    assert last.last_entry == PAGE_LIMIT * PAGE_SIZE == 10_000
    assert last.is_cut
    assert not list_page(Total(10_000), 1).is_cut


def test_links_to_the_pages_nearby_and_to_the_ends() -> None:
    assert list(list_page(Total(60), 2).numbers()) == [1, 2, 3]
    assert list(list_page(Total(450), 12).numbers()) == [1, 2, "…", 9, 10, 11, 12, 13, 14, 15, "…", 22, 23]
