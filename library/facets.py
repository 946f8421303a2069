"""How many resources each value of each facet would leave, counted under every filter but its own.

Lists without words are counted from the bits that the database keeps (`models.upkeep`): exactly, at any size. Lists of
words are counted from the rows that were found, of which there are never more than `found.MATCH_LIMIT`.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db import connection

from library.filters import FACETS, LEGENDS, ResourceFilter, key_of, slug_of

# So many of the most used tags and publishers are offered, besides the chosen ones, and so many years.
OPTION_LIMIT = 20
YEAR_LIMIT = 60
# Of these facets only the most used values are offered. In a list with filters, so many likely ones are counted first.
LONG_FACETS = ["tag", "publisher"]
LIKELY = 60
# A facet with more options is folded, until one of them is chosen.
OPEN_LIMIT = 16

# Facet and value as the database keeps them, and how many resources have it; and its slug and name.
Counts = Counter[tuple[str, str]]
Names = dict[tuple[str, str], tuple[str, str]]

_SECTIONS = """section_id = ANY(CASE WHEN %(section)s::bigint IS NULL THEN ARRAY(SELECT id FROM library_section)
                                      ELSE ARRAY[%(section)s::bigint] END)"""
# What is published, and not listed before its hour.
_HIDDEN = f"FROM library_resource WHERE state = 'published' AND listed_at > %(now)s AND {_SECTIONS}"
_STORED = f"""
    SELECT facet, value, sum(total) FROM library_facetblock
    WHERE {_SECTIONS} AND facet = ANY(%(counted)s) GROUP BY facet, value
    UNION ALL SELECT facet, value, -count(*) FROM library_facets_of(ARRAY(SELECT id {_HIDDEN}))
    WHERE facet = ANY(%(counted)s) GROUP BY facet, value"""
_CHOSEN = f"""
    SELECT section_id, block, bit_or(bits) AS bits FROM library_facetblock
    WHERE {_SECTIONS} AND facet = %(facet_{{place}})s AND value = ANY(%(values_{{place}})s)
    GROUP BY section_id, block"""
_OF_BITS = f"""
    WITH hidden AS MATERIALIZED (
        SELECT section_id, slot / 32000 AS block, bit_or(set_bit(0::bit(32000), slot %% 32000, 1)) AS bits
        {_HIDDEN} GROUP BY 1, 2
    ), base AS MATERIALIZED (
        SELECT section_id, block, bit_and(bits) AS bits
        FROM ({{parts}}) AS part GROUP BY 1, 2 HAVING count(*) = {{number}}
    ), seen AS MATERIALIZED (
        SELECT section_id, block, base.bits & ~coalesce(hidden.bits, 0::bit(32000)) AS bits
        FROM base LEFT JOIN hidden USING (section_id, block)
    )
    SELECT facet, value, sum(number) FROM (
        SELECT facet, value, bit_count(counted.bits & seen.bits) AS number
        FROM ({{values}}) AS wanted JOIN library_facetblock AS counted USING (facet, value)
        JOIN seen USING (section_id, block) OFFSET 0  -- first the numbers, then their sums: bits are dear to sort
    ) AS numbers GROUP BY facet, value"""
# Values by how much they are used where the list is made of.
_RANKED = f"""(
        SELECT facet, value, sum(total) AS total,
               row_number() OVER (PARTITION BY facet ORDER BY sum(total) DESC, value) AS place
        FROM library_facetblock WHERE {_SECTIONS} AND facet = ANY(%(counted)s) GROUP BY facet, value
    ) AS ranked"""
# The values of short facets, the most used of long ones, and the chosen ones.
_LIKELY = f"""
    SELECT facet, value FROM {_RANKED}
    WHERE facet <> ALL(%(long)s) OR place <= %(likely)s OR facet || ':' || value = ANY(%(chosen)s)"""
# The other values of long facets, if they may be among the most used ones of this list all the same.
_UNLIKELY = f"""
    SELECT facet, value FROM {_RANKED}
    WHERE facet = ANY(%(long)s) AND place > %(likely)s AND total > (%(least)s::jsonb ->> facet)::int"""
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

    @property
    def cells(self) -> tuple[str, ...]:
        """Value, label, count, and two attributes, as the template prints them."""
        return self.value, self.label, self.number, " checked" * self.chosen, " data-empty" * self.is_empty


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


def count_all(asked: ResourceFilter, found: Mapping[str, Sequence[int]]) -> Counter[tuple[str, str]]:
    """The counts of every facet of `asked`, and under `("all", "")` the number of all its resources.

    `found` has, for a list of words, the ids that were found: under `""` with every filter, under the name of a facet
    with every filter but that one. It is empty for a list without words. Costs one or two queries for each facet that
    has something chosen, and for the others together.
    """
    chosen = _chosen(asked)
    open_facets = ["all", *(name for name in FACETS if name not in chosen)]
    counts: Counter[tuple[str, str]] = Counter()
    for without, counted in [("", open_facets), *((name, [name]) for name in chosen)]:
        if found:
            ids = "{" + ",".join(map(str, found[without])) + "}"
            of_rows = _counts(_OF_ROWS, {"ids": ids})
            counts.update({pair: number for pair, number in of_rows.items() if pair[0] in counted})
        else:
            counts.update(_count_bits(asked, chosen, counted, without=without))
    return counts


def count_total(asked: ResourceFilter) -> int:
    """How many resources a list without words has. Costs one query."""
    return _count_bits(asked, _chosen(asked), ["all"], without="")["all", ""]


def _chosen(asked: ResourceFilter) -> dict[str, list[str]]:
    """The values that are chosen, as the database keeps them, by facet."""
    return {name: [key_of(value) for value in asked.values[name]] for name in FACETS if asked.values[name]}


def _count_bits(
    asked: ResourceFilter, chosen: Mapping[str, Sequence[str]], counted: Sequence[str], *, without: str
) -> Counts:
    """Counts of the facets `counted` among all that is `chosen`, the facet `without` left out.

    Of a long facet the values that can be among its most used ones, and the chosen ones; the others are left out.
    """
    section = asked.section.pk if asked.section else None
    parameters: dict[str, Any] = {"section": section, "counted": list(counted), "now": asked.now}
    others = [name for name in chosen if name != without]
    if not others:
        return _counts(_STORED, parameters)
    for place, name in enumerate(others):
        parameters |= {f"facet_{place}": name, f"values_{place}": list(chosen[name])}
    parts = " UNION ALL ".join(_CHOSEN.format(place=place) for place in range(len(others)))
    of_bits = partial(_OF_BITS.format, parts=parts, number=len(others))
    kept = [f"{name}:{value}" for name, values in chosen.items() for value in values]
    parameters |= {"long": LONG_FACETS, "likely": LIKELY, "chosen": kept}
    counts = _counts(of_bits(values=_LIKELY), parameters)
    if not set(LONG_FACETS) & set(counted):
        return counts
    least = {facet: _last_offered(facet, counts) for facet in LONG_FACETS}
    return counts + _counts(of_bits(values=_UNLIKELY), parameters | {"least": json.dumps(least)})


def _last_offered(facet: str, counts: Counts) -> int:
    """The number that a value must exceed to be offered; 0 while there is room."""
    numbers = sorted((number for (of, _value), number in counts.items() if of == facet), reverse=True)
    return numbers[OPTION_LIMIT - 1] if len(numbers) >= OPTION_LIMIT else 0


def _counts(sql: str, parameters: Mapping[str, Any]) -> Counts:
    counts: Counts = Counter()
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        for facet, value, number in cursor:
            if value or facet == "all":
                counts[facet, value] += int(number)
    return counts


def facets_of(asked: ResourceFilter, counts: Counts, *, is_exact: bool) -> list[Facet]:
    """The facets with their options, in the order of the parameters. Costs one query.

    Where counts are not exact, a value without one says nothing, and stands without a number.
    """
    names = _names(asked, counts)
    facets = []
    for name in FACETS:
        chosen = {slug_of(value) for value in asked.values[name]}
        options = [
            Option(value, label, value in chosen, counts[name, key] if is_exact or counts[name, key] else None)
            for value, label, key in _values(asked, name, counts, names)
        ]
        if any(option.count or option.chosen for option in options):
            facets.append(Facet(name, str(LEGENDS[name]), tuple(options)))
    return facets


def _values(asked: ResourceFilter, name: str, counts: Counts, names: Names) -> Iterator[tuple[str, str, str]]:
    """Each value that a facet offers: in an address, in words, and as the database keeps it."""
    match name:
        case "kind" | "access":
            choices: Iterable[tuple[Any, Any]] = asked.form.fields[name].choices
            yield from ((str(key), str(label), str(key)) for key, label in choices)
        case "year":
            used = {key for (facet, key), number in counts.items() if facet == "year" and number}
            newest = sorted(used, reverse=True)[:YEAR_LIMIT]
            years = {*newest, *(str(year) for year in asked.values["year"])}
            yield from ((year, year, year) for year in sorted(years, reverse=True))
        case "category":
            categories = [(*words, key) for (facet, key), words in names.items() if facet == "category"]
            yield from sorted(categories, key=lambda category: category[1].casefold())
        case _:
            yield from ((*names[name, key], key) for key in _offered(asked, name, counts) if (name, key) in names)


def _names(asked: ResourceFilter, counts: Counts) -> Names:
    """Slug and name of every category, and of the tags and publishers that are offered. One query."""
    names: Names = {}
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, {name: [int(key) for key in _offered(asked, name, counts)] for name in LONG_FACETS})
        for facet, key, slug, name in cursor:
            names[facet, str(key)] = (slug, name)
    return names


def _offered(asked: ResourceFilter, name: str, counts: Counts) -> list[str]:
    """The values of a long facet that are offered: the most used ones, then the chosen ones."""
    used = [(number, key) for (facet, key), number in counts.items() if facet == name and number]
    most = [key for _number, key in sorted(used, key=lambda pair: (-pair[0], int(pair[1])))[:OPTION_LIMIT]]
    return list(dict.fromkeys([*most, *(key_of(value) for value in asked.values[name])]))
