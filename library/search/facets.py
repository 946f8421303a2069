"""How many resources each value of each facet would leave, counted under every filter but its own.

Lists without words are counted from bits (`index.bitmaps`): exactly, at any size. Lists of words are counted from the
rows that were found, of which there are never more than `results.MATCH_LIMIT`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db import connection

from library.db.arrays import array_of

from .filters import FACETS, LEGENDS, ResourceFilter, key_of, slug_of
from .index.bitmaps import Counts, count_bits

# Of these facets so many of the most used values are offered, and so many years, besides the chosen ones.
LONG_FACETS = ["tag", "publisher"]
OPTION_LIMIT = 20
YEAR_LIMIT = 60
# A facet with more options is folded, until one of them is chosen.
OPEN_LIMIT = 16

# Slug and name of a facet's value.
Names = dict[tuple[str, str], tuple[str, str]]

_OF_ROWS = """
    WITH found AS MATERIALIZED (
        SELECT id, kind, access, publisher_id, extract(year FROM published_on)::int AS year
        FROM unnest(%(ids)s::bigint[]) AS given (id) JOIN library_resource USING (id)
    )
    SELECT CASE WHEN grouping(kind) = 0 THEN 'kind' WHEN grouping(access) = 0 THEN 'access'
                WHEN grouping(publisher_id) = 0 THEN 'publisher' WHEN grouping(year) = 0 THEN 'year' ELSE 'all' END,
           coalesce(kind, access, publisher_id::text, year::text, ''), count(*)
    FROM found GROUP BY GROUPING SETS ((kind), (access), (publisher_id), (year), ())
    UNION ALL SELECT 'category', category_id::text, count(*)
    FROM found JOIN library_resource_categories ON resource_id = found.id GROUP BY category_id
    UNION ALL SELECT 'tag', tag_id::text, count(*)
    FROM found JOIN library_taggedresource ON content_object_id = found.id GROUP BY tag_id"""
_NAMES = """
    SELECT 'category', id, slug, name FROM library_category
    UNION ALL SELECT 'tag', id, slug, name FROM library_tag WHERE id = ANY(%(tag)s)
    UNION ALL SELECT 'publisher', id, slug, name FROM library_publisher WHERE id = ANY(%(publisher)s)"""


@dataclass(frozen=True)
class Option:
    """One value that a facet offers, and how many resources it would leave; None where nobody can tell."""

    value: str
    label: str
    chosen: bool
    count: int | None

    @property
    def number(self) -> str:
        """The count as words; empty where nobody can tell."""
        if self.count is None:
            return ""
        return f"({self.count if self.count < 1000 else intcomma(self.count)})"

    @property
    def is_empty(self) -> bool:
        return self.count == 0 and not self.chosen


@dataclass(frozen=True)
class Facet:
    """One group of checkboxes: its parameter, its legend, its options."""

    name: str
    legend: str
    options: tuple[Option, ...]

    @property
    def is_open(self) -> bool:
        """Whether its options are shown at once: when few, or when one is chosen."""
        return len(self.options) <= OPEN_LIMIT or any(option.chosen for option in self.options)


def count_all(asked: ResourceFilter, found: Mapping[str, Sequence[int]]) -> Counts:
    """The counts of every facet of `asked`, and under `("all", "")` the number of all its resources.

    `found` has, for a list of words, the ids that were found: under `""` with every filter, under the name of a facet
    with every filter but that one. It is empty for a list without words. Costs one query for each facet that has
    something chosen, and for the others together.
    """
    chosen = asked.keys()
    open_facets = ["all", *(name for name in FACETS if name not in chosen)]
    counts: Counts = Counter()
    for without, counted in [("", open_facets), *((name, [name]) for name in chosen)]:
        if found:
            of_rows = _count_rows(found[without])
            counts.update({pair: number for pair, number in of_rows.items() if pair[0] in counted})
        else:
            counts.update(count_bits(asked.scope, asked.keys(without=without), counted))
    return counts


def _count_rows(ids: Sequence[int]) -> Counts:
    with connection.cursor() as cursor:
        cursor.execute(_OF_ROWS, {"ids": array_of(ids)})
        return Counter({(facet, value): number for facet, value, number in cursor})


def facets_of(asked: ResourceFilter, counts: Counts, *, is_exact: bool) -> list[Facet]:
    """The facets with their options, in the order of the parameters. Costs one query.

    Where counts are not exact, a value without one says nothing, and stands without a number.
    """
    offered = {name: _offered(asked, name, counts) for name in LONG_FACETS}
    names = _names(offered)
    facets = []
    for name in FACETS:
        chosen = {slug_of(value) for value in asked.values[name]}
        options = [
            Option(value, label, value in chosen, counts[name, key] if is_exact or counts[name, key] else None)
            for value, label, key in _values(asked, name, counts, names, offered.get(name, []))
        ]
        if any(option.count or option.chosen for option in options):
            facets.append(Facet(name, str(LEGENDS[name]), tuple(options)))
    return facets


def _values(
    asked: ResourceFilter, name: str, counts: Counts, names: Names, offered: list[str]
) -> Iterator[tuple[str, str, str]]:
    """Each value that a facet offers: in an address, in words, and as the database keeps it."""
    match name:
        case "kind" | "access":
            choices: Iterable[tuple[Any, Any]] = asked.form.fields[name].choices
            yield from ((str(key), str(label), str(key)) for key, label in choices)
        case "year":
            used = {key for (facet, key), number in counts.items() if facet == "year" and key and number}
            newest = sorted(used, reverse=True)[:YEAR_LIMIT]
            years = {*newest, *(str(year) for year in asked.values["year"])}
            yield from ((year, year, year) for year in sorted(years, reverse=True))
        case "category":
            categories = [(*words, key) for (facet, key), words in names.items() if facet == "category"]
            yield from sorted(categories, key=lambda category: category[1].casefold())
        case _:
            yield from ((*names[name, key], key) for key in offered if (name, key) in names)


def _names(offered: Mapping[str, list[str]]) -> Names:
    """Slug and name of every category, and of the tags and publishers that are offered. One query."""
    names: Names = {}
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, {name: list(map(int, keys)) for name, keys in offered.items()})
        for facet, key, slug, name in cursor:
            names[facet, str(key)] = (slug, name)
    return names


def _offered(asked: ResourceFilter, name: str, counts: Counts) -> list[str]:
    """The values of a long facet that are offered: the most used ones, then the chosen ones."""
    used = [(number, key) for (facet, key), number in counts.items() if facet == name and key and number]
    most = [key for _number, key in nsmallest(OPTION_LIMIT, used, key=lambda pair: (-pair[0], int(pair[1])))]
    return list(dict.fromkeys([*most, *(key_of(value) for value in asked.values[name])]))
