"""Counts and ids of the resources that have some facet values, from the bitmaps that the database keeps of each value.

Bitmaps are counted, and turned into the resources that have a bit in them. What either costs depends on how many
blocks of bits there are, and on how many resources are left: never on how many one value has, nor on how far apart they
stand.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Count, Expression, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from library.db.arrays import array_of
from library.db.edit_cache import edit_cache
from library.db.prepared import NOW, Prepared, fetch_rows
from library.models import FacetBlock, Resource

# Of each facet some values, as the database keeps them, of which a resource must have one; None is that it has none,
# which is known of years alone.
Chosen = Mapping[str, Sequence[str | None]]

# The facet whose one value every published resource has.
_ALL = "all"
# The database writes an empty text for the resources of a facet that have no value of it.
_NO_VALUE = ""

_SECTIONS = """section_id = ANY(CASE WHEN %(section)s::bigint IS NULL THEN ARRAY(SELECT id FROM library_section)
                                      ELSE ARRAY[%(section)s::bigint] END)"""
# What is published, and not listed before its hour, or whose time is over. If there are more than so many of either,
# the others are counted as if they were listed; no list shows them.
HIDDEN_LIMIT = 20_000
_STORED = f"""
    SELECT facet, value, sum(total)::bigint FROM library_facetblock
    WHERE {_SECTIONS} AND facet = ANY(%(counted)s) GROUP BY facet, value
    UNION ALL SELECT facet, value, -count(*) FROM library_facets_of(ARRAY(SELECT id FROM {{hidden}}))
    WHERE facet = ANY(%(counted)s) GROUP BY facet, value"""
_CHOSEN = f"""
    SELECT section_id, block, bit_or(bits) AS bits FROM library_facetblock
    WHERE {_SECTIONS} AND facet = %(facet_{{place}})s AND value = ANY(%(values_{{place}})s)
    GROUP BY section_id, block"""
_SEEN = """
    WITH hidden AS MATERIALIZED (
        SELECT section_id, slot / 32000 AS block, bit_or(set_bit(0::bit(32000), slot %% 32000, 1)) AS bits
        FROM {hidden} GROUP BY 1, 2
    ), base AS MATERIALIZED (
        SELECT section_id, block, bit_and(bits) AS bits
        FROM ({parts}) AS part GROUP BY 1, 2 HAVING count(*) = {number}
    ), seen AS MATERIALIZED (
        SELECT section_id, block, base.bits & ~coalesce(hidden.bits, 0::bit(32000)) AS bits
        FROM base LEFT JOIN hidden USING (section_id, block)
    )"""
# All values are counted, though a page shows the most used ones of a long facet: which those are, only the counts tell.
# First the numbers, then their sums: bits are dear to sort.
_COUNTED = """
    SELECT facet, value, sum(number)::bigint FROM (
        SELECT facet, value, bit_count(kept.bits & seen.bits) AS number FROM seen CROSS JOIN LATERAL (
            SELECT facet, value, bits FROM library_facetblock
            WHERE section_id = seen.section_id AND block = seen.block AND facet = ANY(%(counted)s) OFFSET 0
        ) AS kept OFFSET 0
    ) AS numbers GROUP BY facet, value"""
_OF_ROWS = """
    SELECT pair, count(*) FROM (
        SELECT unnest(facets) AS pair FROM library_searchwords WHERE resource_id = ANY(%(ids)s::bigint[])
    ) AS each GROUP BY pair"""
# A block's digits fall apart at every 1: each piece but the last one ends where there is a resource.
_IDS = """
    SELECT resource.id FROM (
        SELECT section_id, number, ones,
            block * 32000 + sum(length(zeros) + 1) OVER (PARTITION BY section_id, block ORDER BY number) - 1 AS slot
        FROM (
            SELECT section_id, block, bit_count(bits) AS ones, rtrim(bits::text, '0') AS digits FROM seen OFFSET 0
        ) AS written CROSS JOIN LATERAL string_to_table(digits, '1') WITH ORDINALITY AS piece (zeros, number)
    ) AS place CROSS JOIN LATERAL (
        SELECT id FROM library_resource WHERE section_id = place.section_id AND slot = place.slot LIMIT 1
    ) AS resource
    WHERE number <= ones"""
# Of every block, the published ones without a bit in any value of the facet.
_MISSING = """
    SELECT coalesce(sum(bit_count(whole.bits & ~coalesce(named.bits, 0::bit(32000)))), 0)
    FROM library_facetblock AS whole LEFT JOIN (
        SELECT section_id, block, bit_or(bits) AS bits FROM library_facetblock WHERE facet = %s GROUP BY 1, 2
    ) AS named USING (section_id, block)
    WHERE whole.facet = 'all'"""


@dataclass(frozen=True)
class Scope:
    """The resources that readers see at `now`, in the section of this id or in all."""

    section: int | None
    now: datetime

    def _hidden(self) -> tuple[str, dict[str, Any]]:
        """What is in the bitmaps and hidden at `now`, as a table for a statement; and the statement's parameters."""
        sql, values = _hidden_rows(HIDDEN_LIMIT, in_section=self.section is not None).statement
        return f"({sql}) AS hidden", values | {"section": self.section, "now": self.now}


@dataclass(frozen=True)
class Counts:
    """How many resources there are, and of each counted facet how many have each value, as the database keeps it.

    Under None stands how many have no value of the facet, which is known of years alone.
    """

    total: int
    by_facet: Mapping[str, Counter[str | None]]

    def of(self, facet: str) -> Counter[str | None]:
        """The values of a facet that any resource has, with their numbers."""
        return self.by_facet.get(facet, Counter())


def count(scope: Scope, chosen: Chosen, facets: Sequence[str] = ()) -> Counts:
    """How many resources have what is `chosen`, and of those how many have each value of `facets`. Costs one query.

    Where nothing is chosen, once until the next edit.
    """
    counted = {"counted": [_ALL, *facets]}
    if chosen:
        seen, values = _seen(scope, chosen)
        return _counts(seen + _COUNTED, values | counted)
    hidden, values = scope._hidden()
    return edit_cache.get_or_make(
        ("counts", scope.section, *facets), lambda: _counts(_STORED.format(hidden=hidden), values | counted)
    )


def count_rows(pks: Sequence[int]) -> Counts:
    """How many of these published resources have each value of each facet. One query, and time for each of them."""
    return counts_of_pairs(fetch_rows(_OF_ROWS, {"ids": array_of(pks)}))


def counts_of_pairs(pairs: Iterable[tuple[Any, ...]]) -> Counts:
    """The counts of facets as `SearchWords` keeps them, `kind=course`, each with its number."""
    return _counts_of((*pair.split("=", 1), number) for pair, number in pairs)


def ids(scope: Scope, chosen: Chosen) -> list[int]:
    """The ids of the resources that have what is `chosen`, in no order. Costs one query, and time for each of them."""
    seen, values = _seen(scope, chosen)
    with connection.cursor() as cursor:
        cursor.execute(seen + _IDS, values)
        return [pk for (pk,) in cursor]


def count_missing(facet: str) -> int:
    """How many published resources have no value of this facet, whether readers see them yet or not. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, [facet])
        return int(cursor.fetchone()[0])


def section_total(now: datetime) -> Expression:
    """How many resources readers see in a section, to annotate rows of sections with."""
    of_section: Any = {"section": OuterRef("pk")}
    counted = FacetBlock.objects.filter(facet=_ALL, **of_section).values("section").values(number=Sum("total"))
    hidden: QuerySet[Any] = Resource.objects.filter(**of_section).hidden(now).order_by()
    hidden = hidden.values("section").values(number=Count("pk"))
    return Coalesce(Subquery(counted), 0) - Coalesce(Subquery(hidden), 0)


@cache
def _hidden_rows(most: int, *, in_section: bool) -> Prepared:
    """What readers don't see yet or no more, at `now` in `section` or everywhere: `most` rows of either."""

    def build(now: datetime, section: int | None = None) -> Any:
        resources: Any = Resource.objects.all() if section is None else Resource.objects.filter(section=section)
        early = resources.scheduled(now).order_by("listed_at")[:most].values("id", "section_id", "slot")
        late = resources.expired(now).order_by("-expires_at")[:most].values("id", "section_id", "slot")
        return early.union(late, all=True)

    return Prepared(build, now=NOW, section=-1) if in_section else Prepared(build, now=NOW)


def _seen(scope: Scope, chosen: Chosen) -> tuple[str, dict[str, Any]]:
    """The bits that readers may see of what is `chosen`: as the beginning of a statement, with its parameters."""
    named = chosen or {_ALL: [None]}
    hidden, values = scope._hidden()
    for place, (name, wanted) in enumerate(named.items()):
        values |= {f"facet_{place}": name, f"values_{place}": [value or _NO_VALUE for value in wanted]}
    parts = " UNION ALL ".join(_CHOSEN.format(place=place) for place in range(len(named)))
    return _SEEN.format(hidden=hidden, parts=parts, number=len(named)), values


def _counts(sql: str, parameters: Mapping[str, Any]) -> Counts:
    return _counts_of(fetch_rows(sql, parameters))


def _counts_of(rows: Iterable[tuple[Any, ...]]) -> Counts:
    """The counts in rows of facet, value and number; two numbers of a value are added up."""
    numbers: dict[str, dict[str | None, int]] = defaultdict(dict)
    for facet, value, number in rows:
        of_facet, key = numbers[facet], value or None
        of_facet[key] = of_facet.get(key, 0) + number
    total = sum(numbers.pop(_ALL, {}).values())
    return Counts(total, {facet: Counter(of_facet) for facet, of_facet in numbers.items()})
