"""The order of lists without words: a page at a time, whatever is chosen, and however little may be sorted at once."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from library.models import Resource, Section
from library.search.facets import count_facets
from library.search.filters import read_query
from library.search.ordering import SORT_LIMIT, SortedIds, is_too_long_to_sort
from library.search.pagination import PAGE_LIMIT, PAGE_SIZE, Total, list_page
from tests.conftest import rows_for_many
from tests.factories import TEN_YEARS, make_resource, make_section, withdraw
from tests.reading import read

pytestmark = pytest.mark.django_db

KINDS = ["course", "podcast", "site"]
TITLES = ["Sleep", "Fatigue", "Grief", "Anger", "Habit"]


@pytest.fixture(scope="class")
def hundred(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Resource]]:
    """140 resources of seven years and without a date, in a section by hand and a dated one; some not public."""
    with rows_for_many(django_db_blocker):
        sections = [make_section("one"), make_section("two", order="manual")]
        for number in range(140):
            resource = make_resource(
                f"{TITLES[number % 5]} {number}",
                kind=KINDS[number % 3],
                section=sections[number % 7 % 2],
                tags=["odd"] if number % 2 else [],
                published_on=date(2008 + number % 7 * 2, 1 + number % 12, 1) if number % 9 else None,
                state="draft" if number % 23 == 0 else "published",
                **({"listed_at": TEN_YEARS} if number % 29 == 1 else {}),
            )
            if number % 31 == 2:
                withdraw(resource)
        yield list(Resource.objects.select_related("section").prefetch_related("tags"))


def ids_of(query: str, section: Section | None = None) -> SortedIds:
    list_query, now = read_query(QueryDict(query), section), timezone.now()
    return SortedIds(list_query, now, count_facets(list_query, now, None))


def in_order_by_hand(rows: list[Resource], query: str, section: Section | None) -> list[int]:
    now, parameters = timezone.now(), QueryDict(query)
    left = [
        row
        for row in rows
        if row.state == "published"
        and row.listed_at <= now
        and (section is None or row.section_id == section.pk)
        and (not parameters.getlist("kind") or row.kind in parameters.getlist("kind"))
        and (not parameters.getlist("tag") or {tag.slug for tag in row.tags.all()} & set(parameters.getlist("tag")))
        and (
            not parameters.getlist("year")
            or (row.published_on and str(row.published_on.year) in parameters.getlist("year"))
        )
    ]
    order = parameters.get("sort") or ("library" if section and section.order == "manual" else "newest")
    if order == "title":
        return [row.pk for row in sorted(left, key=lambda row: (row.title, row.pk))]
    if order == "library":
        return [row.pk for row in sorted(left, key=lambda row: row.position)]
    ties = (lambda row: row.position) if section else (lambda row: -row.pk)
    return [row.pk for row in sorted(left, key=lambda row: (-(row.published_on or date.min).toordinal(), ties(row)))]


QUERIES = [
    "",
    "sort=title",
    "kind=podcast",
    "kind=podcast&kind=site&sort=title",
    "tag=odd",
    "tag=odd&kind=course",
    "year=2012&year=2018",
    "kind=podcast&year=2012&year=2010",
    "tag=odd&sort=newest",
    "year=1999",
]


@pytest.mark.parametrize("anchor", ["", "one", "two"])
@pytest.mark.parametrize("query", QUERIES)
class TestEveryPage:
    def test_has_its_entries_in_order(self, hundred: list[Resource], query: str, anchor: str) -> None:
        section = Section.objects.get(anchor=anchor) if anchor else None

        self._read_and_compare(hundred, query, section)

    @pytest.mark.parametrize("limit", [10, 0])
    def test_has_them_where_only_some_years_or_none_can_be_sorted(
        self, hundred: list[Resource], query: str, anchor: str, limit: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        section = Section.objects.get(anchor=anchor) if anchor else None
        monkeypatch.setattr("library.search.ordering.SORT_LIMIT", limit)
        ids = ids_of(query, section)
        if is_too_long_to_sort(ids.query, ids.counts.total):
            query = query.replace("&sort=title", "").replace("sort=title", "") + "&sort=newest"

        self._read_and_compare(hundred, query, section)

    @staticmethod
    def _read_and_compare(rows: list[Resource], query: str, section: Section | None) -> None:
        ids = ids_of(query, section)
        total = Total(ids.counts.total)
        pages = [ids[list_page(total, number).part] for number in range(1, list_page(total, 1).last + 1)]

        assert [pk for page in pages for pk in page] == in_order_by_hand(rows, query, section)
        assert all(len(page) == PAGE_SIZE for page in pages[:-1])


def test_as_many_are_sorted_as_the_pages_show() -> None:
    assert SORT_LIMIT == PAGE_SIZE * PAGE_LIMIT


def test_a_list_too_long_for_its_order_comes_newest_first_and_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("library.search.ordering.SORT_LIMIT", 2)
    for number in range(3):
        make_resource(f"Entry {number}", published_on=date(2018 + number, 1, 1))

    page = read(client.get("/resources/?kind=podcast&sort=title").content)
    short = read(client.get("/resources/?kind=podcast&year=2018&year=2019&sort=title").content)
    whole = read(client.get("/resources/?sort=title").content)

    assert [entry.one("a").words for entry in page.all("li", class_="entry")] == ["Entry 2", "Entry 1", "Entry 0"]
    assert "too long to sort that way" in page.one("p", class_="list-end").words
    assert [entry.one("a").words for entry in short.all("li", class_="entry")] == ["Entry 0", "Entry 1"]
    assert [entry.one("a").words for entry in whole.all("li", class_="entry")] == ["Entry 0", "Entry 1", "Entry 2"]
    assert not whole.all("p", class_="list-end")


def test_bitmaps_that_are_behind_show_nothing_that_is_not_public() -> None:
    """They are of the last edit that ended; whoever reads beside it sees each entry as it is."""
    shown, hidden = make_resource("Shown"), make_resource("Hidden")
    ids = ids_of("kind=podcast")
    assert ids.counts.total == 2

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS library_settled DEFERRED")
    withdraw(hidden)

    assert ids[0:20] == [shown.pk]
