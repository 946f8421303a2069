"""Which resources a list without words has: from the bits that the database keeps of every value (`models.upkeep`).

Bits are counted, and turned into the resources that have them. What either costs depends on how many blocks of bits
there are, and on how many resources are left: never on how many one value has, nor on how far apart they stand.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

# Facet and value as the database keeps them, and how many resources have it.
Counts = Counter[tuple[str, str]]
# The values of which a resource must have one, as the database keeps them, by facet.
Chosen = Mapping[str, Sequence[str]]

_SECTIONS = """section_id = ANY(CASE WHEN %(section)s::bigint IS NULL THEN ARRAY(SELECT id FROM library_section)
                                      ELSE ARRAY[%(section)s::bigint] END)"""
# What is published, and not listed before its hour, or whose time is over. If there are more than so many of either,
# the others are counted as if they were listed; no list shows them.
HIDDEN_LIMIT = 20_000
_HIDDEN = f"""FROM (
        (SELECT id, section_id, slot FROM library_resource
         WHERE state = 'published' AND listed_at > %(now)s AND {_SECTIONS} ORDER BY listed_at LIMIT %(hidden)s)
        UNION ALL (SELECT id, section_id, slot FROM library_resource
         WHERE state = 'published' AND expires_at <= %(now)s AND {_SECTIONS} ORDER BY expires_at DESC LIMIT %(hidden)s)
    ) AS hidden"""
_STORED = f"""
    SELECT facet, value, sum(total) FROM library_facetblock
    WHERE {_SECTIONS} AND facet = ANY(%(counted)s) GROUP BY facet, value
    UNION ALL SELECT facet, value, -count(*) FROM library_facets_of(ARRAY(SELECT id {_HIDDEN}))
    WHERE facet = ANY(%(counted)s) GROUP BY facet, value"""
_CHOSEN = f"""
    SELECT section_id, block, bit_or(bits) AS bits FROM library_facetblock
    WHERE {_SECTIONS} AND facet = %(facet_{{place}})s AND value = ANY(%(values_{{place}})s)
    GROUP BY section_id, block"""
_SEEN = f"""
    WITH hidden AS MATERIALIZED (
        SELECT section_id, slot / 32000 AS block, bit_or(set_bit(0::bit(32000), slot %% 32000, 1)) AS bits
        {_HIDDEN} GROUP BY 1, 2
    ), base AS MATERIALIZED (
        SELECT section_id, block, bit_and(bits) AS bits
        FROM ({{parts}}) AS part GROUP BY 1, 2 HAVING count(*) = {{number}}
    ), seen AS MATERIALIZED (
        SELECT section_id, block, base.bits & ~coalesce(hidden.bits, 0::bit(32000)) AS bits
        FROM base LEFT JOIN hidden USING (section_id, block)
    )"""
# All values are counted, though a page shows the most used ones of a long facet: which those are, only the counts tell.
# First the numbers, then their sums: bits are dear to sort.
_COUNTED = """
    SELECT facet, value, sum(number) FROM (
        SELECT facet, value, bit_count(kept.bits & seen.bits) AS number FROM seen CROSS JOIN LATERAL (
            SELECT facet, value, bits FROM library_facetblock
            WHERE section_id = seen.section_id AND block = seen.block AND facet = ANY(%(counted)s) OFFSET 0
        ) AS kept OFFSET 0
    ) AS numbers GROUP BY facet, value"""
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


@dataclass(frozen=True)
class Scope:
    """The resources that readers may see at `now`, in one section or in all."""

    section: int | None
    now: datetime

    @property
    def parameters(self) -> dict[str, Any]:
        return {"section": self.section, "now": self.now, "hidden": HIDDEN_LIMIT}


def count_bits(scope: Scope, chosen: Chosen, counted: Sequence[str]) -> Counts:
    """Counts of the facets `counted` among what is `chosen`; under `("all", "")` the number of all. One query."""
    parameters = scope.parameters | {"counted": list(counted)}
    if not chosen:
        return _counts(_STORED, parameters)
    seen, values = _seen(chosen)
    return _counts(seen + _COUNTED, parameters | values)


def count_total(scope: Scope, chosen: Chosen) -> int:
    """How many resources have what is `chosen`. Costs one query."""
    return count_bits(scope, chosen, ["all"])["all", ""]


def ids_of(scope: Scope, chosen: Chosen) -> list[int]:
    """The ids of the resources that have what is `chosen`, in no order. Costs one query, and time for each of them."""
    seen, values = _seen(chosen)
    with connection.cursor() as cursor:
        cursor.execute(seen + _IDS, scope.parameters | values)
        return [pk for (pk,) in cursor]


def _seen(chosen: Chosen) -> tuple[str, dict[str, Any]]:
    """The bits that readers may see of what is `chosen`: as the beginning of a statement, with its parameters."""
    named = chosen or {"all": [""]}
    values: dict[str, Any] = {}
    for place, (name, wanted) in enumerate(named.items()):
        values |= {f"facet_{place}": name, f"values_{place}": list(wanted)}
    parts = " UNION ALL ".join(_CHOSEN.format(place=place) for place in range(len(named)))
    return _SEEN.format(parts=parts, number=len(named)), values


def _counts(sql: str, parameters: Mapping[str, Any]) -> Counts:
    counts: Counts = Counter()
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        for facet, value, number in cursor:
            counts[facet, value] += int(number)
    return counts
