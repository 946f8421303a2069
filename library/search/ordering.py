"""The order of a list without words, read a page at a time, however many resources there are.

Where an index has the list in its order, it is read. Every other list is taken from bits (`index.bitmaps`) and sorted:
the whole of it, or the years that a page stands in. So what is sorted has a bound, and an index is only walked where
its next entries are the list's; but for years in which a list has more than can be sorted, and then along those alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from .filters import ResourceFilter
from .index.bitmaps import Counts, ids_of
from .pagination import PAGE_LIMIT, PAGE_SIZE

# So many resources are sorted at most: as many as the pages of a list show.
SORT_LIMIT = PAGE_SIZE * PAGE_LIMIT


@dataclass(frozen=True)
class Span:
    """The resources of a list in some years in a row, newest first, or those without a date: the years are empty then.

    `before` so many stand before it, and it has `number`.
    """

    years: list[str]
    before: int
    number: int


class OrderedIds:
    """The ids of a list without words, in its order; a slice of it costs one to four queries.

    `counts` are those of its facets (`facets.count_all`); the list has `counts["all", ""]` resources.
    """

    def __init__(self, asked: ResourceFilter, counts: Counts) -> None:
        self.asked = asked
        self.counts = counts
        self.chosen = asked.keys()

    @property
    def has_index(self) -> bool:
        """Whether an index has just these resources in just this order."""
        return not self.chosen and (self.asked.section is None or self.asked.order != "title")

    @property
    def is_too_long_to_sort(self) -> bool:
        """Whether it comes newest first because there are too many resources for the order that is asked for."""
        too_many = not self.has_index and self.counts["all", ""] > SORT_LIMIT
        return too_many and self.asked.order != "newest"

    def __getitem__(self, part: slice) -> list[int]:
        asked = self.asked
        if self.has_index:
            return list(asked.in_order(asked.resources()).values_list("pk", flat=True)[part])
        if asked.order != "newest" and not self.is_too_long_to_sort:
            ids = ids_of(asked.scope, self.chosen)
            return list(asked.in_order(asked.resources().among(ids)).values_list("pk", flat=True)[part])
        return [pk for span in self._spans(part.start, part.stop) for pk in self._ids(span, part)]

    def _spans(self, start: int, stop: int) -> Iterator[Span]:
        """What the places from `start` to `stop` are in, newest first: some years in a row, then what has no date."""
        chosen = self.chosen.get("year")
        counts = {value: number for (facet, value), number in self.counts.items() if facet == "year" and number}
        before = first = 0
        years: list[str] = []
        for year in sorted((year for year in counts if year), key=int, reverse=True):
            if (chosen and year not in chosen) or before >= stop:
                continue
            if before + counts[year] > start:
                first = first if years else before
                years.append(year)
            before += counts[year]
        if years:
            yield Span(years, first, before - first)
        if not chosen and "" in counts and start < before + counts[""] and before < stop:
            yield Span([], before, counts[""])

    def _ids(self, span: Span, part: slice) -> list[int]:
        """Those of the span that are in the slice."""
        asked = self.asked
        resources: Any = asked.resources()
        if span.number <= SORT_LIMIT:
            resources = resources.among(ids_of(asked.scope, self.chosen | {"year": span.years or [""]}))
        elif span.years:
            resources = resources.dated_within(date(int(span.years[-1]), 1, 1), date(int(span.years[0]), 12, 31))
        else:
            resources = resources.undated()
        start, stop = max(part.start - span.before, 0), min(part.stop - span.before, span.number)
        return list(asked.newest(resources).values_list("pk", flat=True)[start:stop])
