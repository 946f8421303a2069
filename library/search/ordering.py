"""The order of a list without words, read a page at a time, however many resources there are.

Where an index of the database has the list in its order, it is read. Every other list is taken from `search.index` and
sorted: the whole of it, or the years that a page stands in. So what is sorted has a bound, and an index is only walked
where its next entries are the list's; but for years in which a list has more than can be sorted, and then along those.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from library.db.arrays import array_of, unnested
from library.db.prepared import NOW, Prepared
from library.models import Resource

from . import index
from .filters import resources_of
from .pagination import PAGE_LIMIT, PAGE_SIZE
from .query import ListOrder, ListQuery

# So many resources are sorted at most: as many as the pages of a list show.
SORT_LIMIT = PAGE_SIZE * PAGE_LIMIT


def scope_of(query: ListQuery, now: datetime) -> index.Scope:
    """Where it is asked, whatever is chosen."""
    return index.Scope(query.section.pk if query.section else None, now)


def newest_first(query: ListQuery, resources: Any) -> Any:
    """`resources` of the list, newest first, in the order that an index of the database serves."""
    return resources.newest_of_section() if query.section else resources.newest_first()


def _ordered(resources: Any, *, is_section: bool, order: ListOrder) -> Any:
    match order:
        case ListOrder.LIBRARY:
            return resources.in_library_order()
        case ListOrder.TITLE:
            return resources.order_by("title", "id")
        case _:
            return resources.newest_of_section() if is_section else resources.newest_first()


def prepared_list(ask: Callable[[Any], Any], *, is_section: bool) -> Prepared:
    """What `ask` makes of all that readers see at `now`, of `section` or of the library."""

    def build(now: datetime, section: int | None = None) -> Any:
        published = Resource.objects.published(now)
        return ask(published if section is None else published.filter(section=section))

    return Prepared(build, now=NOW, section=-1) if is_section else Prepared(build, now=NOW)


@cache
def _whole(*, is_section: bool, order: ListOrder) -> Prepared:
    """The ids of the whole list."""
    return prepared_list(
        lambda seen: _ordered(seen, is_section=is_section, order=order).values_list("pk"), is_section=is_section
    )


@cache
def _chosen(*, is_section: bool, order: ListOrder) -> Prepared:
    """Those of the `ids`, an array, that readers see at `now`."""
    return Prepared(
        lambda now, ids: _ordered(seen_among(ids, now), is_section=is_section, order=order).values_list("pk"),
        now=NOW,
        ids="ids",
    )


def seen_among(ids: str, now: datetime) -> Any:
    """The resources of these ids, an array as PostgreSQL writes it, that readers see at `now`."""
    return Resource.objects.published(now).filter(pk__in=unnested(ids))


def sorted_ids(query: ListQuery, now: datetime, ids: Sequence[int]) -> list[int]:
    """Those of the ids that readers see at `now`, in the order in force but best match first. Costs a query."""
    prepared = _chosen(is_section=query.section is not None, order=query.order)
    return [pk for (pk,) in prepared.rows(now=now, ids=array_of(ids))]


def has_index(query: ListQuery) -> bool:
    """Whether an index of the database has just these resources in just this order."""
    return not query.chosen and (query.section is None or query.order != ListOrder.TITLE)


def is_too_long_to_sort(query: ListQuery, total: int) -> bool:
    """Whether a list without words comes newest first because it is too long for the order that is asked for."""
    return not has_index(query) and total > SORT_LIMIT and query.order != ListOrder.NEWEST


@dataclass(frozen=True)
class YearRange:
    """The resources of a list in some years in a row, newest first, or those without a date: the years are empty then.

    `before` so many stand before it, and it has `number`.
    """

    years: list[str]
    before: int
    number: int


class SortedIds:
    """The ids of a list without words, in its order; a slice of it costs one to four queries.

    `counts` are those of its facets (`facets.count_facets`).
    """

    def __init__(self, query: ListQuery, now: datetime, counts: index.Counts) -> None:
        self.query = query
        self.now = now
        self.counts = counts
        self.chosen = query.keys_by_facet()

    def __getitem__(self, part: slice) -> list[int]:
        query = self.query
        if has_index(query):
            values = {"section": query.section.pk} if query.section else {}
            rows = _whole(is_section=query.section is not None, order=query.order).part(part, now=self.now, **values)
            return [pk for (pk,) in rows]
        if query.order == ListOrder.NEWEST or is_too_long_to_sort(query, self.counts.total):
            return [pk for years in self._ranges(part.start, part.stop) for pk in self._ids(years, part)]
        return self._sorted(self.chosen, query.order, part)

    def _sorted(self, chosen: index.Chosen, order: ListOrder, part: slice) -> list[int]:
        ids = array_of(index.ids(scope_of(self.query, self.now), chosen))
        rows = _chosen(is_section=self.query.section is not None, order=order).part(part, now=self.now, ids=ids)
        return [pk for (pk,) in rows]

    def _ranges(self, start: int, stop: int) -> Iterator[YearRange]:
        """What the places from `start` to `stop` are in, newest first: some years in a row, then what has no date."""
        chosen, counts = self.chosen.get("year"), self.counts.of("year")
        before = first = 0
        years: list[str] = []
        for year in sorted((year for year, number in counts.items() if year and number), key=int, reverse=True):
            if (chosen and year not in chosen) or before >= stop:
                continue
            if before + counts[year] > start:
                first = first if years else before
                years.append(year)
            before += counts[year]
        if years:
            yield YearRange(years, first, before - first)
        undated = counts[None]
        if not chosen and undated and start < before + undated and before < stop:
            yield YearRange([], before, undated)

    def _ids(self, years: YearRange, part: slice) -> list[int]:
        """Those of the range that are in the slice."""
        start, stop = max(part.start - years.before, 0), min(part.stop - years.before, years.number)
        if years.number <= SORT_LIMIT:
            return self._sorted(
                {**self.chosen, "year": years.years or [None]}, ListOrder.NEWEST, slice(start, max(start, stop))
            )
        resources = resources_of(self.query, self.now)
        if years.years:
            resources = resources.dated_within(date(int(years.years[-1]), 1, 1), date(int(years.years[0]), 12, 31))
        else:
            resources = resources.undated()
        return list(newest_first(self.query, resources).values_list("pk", flat=True)[start:stop])
