"""The order of a list without words, read a page at a time, however many resources there are.

Where an index of the database has the list in its order, it is read. Every other list is taken from `search.index` and
sorted: the whole of it, or the years that a page stands in. So what is sorted has a bound, and an index is only walked
where its next entries are the list's; but for years in which a list has more than can be sorted, and then along those.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

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


def in_order(query: ListQuery, resources: Any) -> Any:
    """`resources` of the list in the order in force; best match first is the work of `results`."""
    match query.order:
        case ListOrder.LIBRARY:
            return resources.in_library_order()
        case ListOrder.TITLE:
            return resources.order_by("title", "id")
        case _:
            return newest_first(query, resources)


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
        if not has_index(query) and (query.order == ListOrder.NEWEST or is_too_long_to_sort(query, self.counts.total)):
            return [pk for years in self._ranges(part.start, part.stop) for pk in self._ids(years, part)]
        resources = resources_of(query, self.now)
        if not has_index(query):
            resources = resources.among(index.ids(scope_of(query, self.now), self.chosen))
        return list(in_order(query, resources).values_list("pk", flat=True)[part])

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
        resources = resources_of(self.query, self.now)
        if years.number <= SORT_LIMIT:
            chosen: index.Chosen = {**self.chosen, "year": years.years or [None]}
            resources = resources.among(index.ids(scope_of(self.query, self.now), chosen))
        elif years.years:
            resources = resources.dated_within(date(int(years.years[-1]), 1, 1), date(int(years.years[0]), 12, 31))
        else:
            resources = resources.undated()
        start, stop = max(part.start - years.before, 0), min(part.stop - years.before, years.number)
        return list(newest_first(self.query, resources).values_list("pk", flat=True)[start:stop])
