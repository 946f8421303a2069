"""How many resources each value of each facet would leave, counted under every filter but its own.

Lists without words are counted by `search.index`: exactly, at any size. Lists of words are counted from the resources
that match, of which there are never more than `matching.MATCH_LIMIT`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import timezone

from library.db.arrays import array_of
from library.db.edit_cache import edit_cache, until_next_edit
from library.db.prepared import fetch_rows

from . import index
from .filters import FACETS, RowFacet, Rows
from .matching import FacetedMatches
from .ordering import scope_of
from .query import ListQuery

# A facet with more options is folded, until one of them is chosen.
OPEN_LIMIT = 16

_ROW_FACETS = {name: facet for name, facet in FACETS.items() if isinstance(facet, RowFacet)}
_SQL_OF_NAMES = {
    name: f"SELECT id::text, slug, name FROM {facet.table}"  # noqa: S608 - of our own tables
    + ("" if facet.most is None else " WHERE id = ANY(%(keys)s::bigint[])")
    for name, facet in _ROW_FACETS.items()
}


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


def count_whole(query: ListQuery, now: datetime) -> index.Counts:
    """The counts of a section, or of all resources, without any filter or word."""
    return index.count(scope_of(query, now), {}, list(FACETS))


def are_lengths_known() -> bool:
    """Whether readers see any resource of a known length."""
    return bool(count_whole(ListQuery(), timezone.now()).of("length"))


def count_facets(query: ListQuery, now: datetime, matches: FacetedMatches | None) -> index.Counts:
    """The number of all resources of a list, and of those that each value of each facet would leave.

    `matches` are those of its words; None for a list without words. Costs one query for each facet that has something
    chosen beside another one, and for the others together.
    """
    scope, chosen = scope_of(query, now), query.keys_by_facet()
    if not chosen and not matches:
        return count_whole(query, now)
    others = [name for name in FACETS if name not in chosen]
    if matches:
        counts = matches.whole.counts or index.count_rows(matches.whole.ids)
    else:
        counts = index.count(scope, chosen, others)
    by_facet = {name: counts.of(name) for name in others}
    for name in chosen:
        rest = query.keys_by_facet(without=name)
        if matches:
            by_facet[name] = index.count_rows(matches.without[name].ids).of(name)
        else:
            by_facet[name] = (index.count(scope, rest, [name]) if rest else count_whole(query, now)).of(name)
    return index.Counts(counts.total, by_facet)


def facets_of(query: ListQuery, counts: index.Counts, whole: index.Counts, *, is_exact: bool) -> tuple[Facet, ...]:
    """The facets with their options, in the order of the parameters. Costs a query for names that are not kept yet.

    `whole` are the counts of a section without a filter: a facet of which all of it has the same value is left out,
    whatever is chosen, so that no group of boxes comes and goes. Where counts are not exact, a value without one says
    nothing, and stands without a number.
    """
    chosen = query.keys_by_facet()
    offered = {name: facet.offered(counts.of(name), chosen.get(name, ())) for name, facet in FACETS.items()}
    names = _names({name: offered[name] or [] for name in _ROW_FACETS})
    facets = []
    for name, facet in FACETS.items():
        rows, numbers, own = names.get(name, {}), counts.of(name), chosen.get(name, ())
        options = tuple(
            Option(*named, key in own, numbers.get(key) or (0 if is_exact else None))
            for key in offered[name] or by_name(rows)
            if (named := facet.named(key, rows))
        )
        values = sum(1 for key, number in whole.of(name).items() if key and number)
        is_telling = values > 1 or query.section is None
        if own or (is_telling and any(option.count for option in options)):
            facets.append(Facet(name, str(facet.label), options))
    return tuple(facets)


def by_name(rows: Rows) -> list[str]:
    return sorted(rows, key=lambda key: rows[key][1].casefold())


def _names(keys: Mapping[str, Sequence[str]]) -> dict[str, Rows]:
    """Slug and name of the rows of these keys by facet, and of every row of a facet that offers all."""
    return {
        name: _all_names(name) if facet.most is None else _names_of(name, keys[name])
        for name, facet in _ROW_FACETS.items()
    }


@until_next_edit
def _all_names(facet: str) -> Rows:
    return {key: (slug, name) for key, slug, name in fetch_rows(_SQL_OF_NAMES[facet], {})}


def _names_of(facet: str, keys: Sequence[str]) -> Rows:
    """Costs a query for those that are not kept yet."""
    names = {key: row for key in keys if (row := edit_cache.get((facet, key), None))}
    unknown = [key for key in keys if key not in names]
    for key, slug, name in fetch_rows(_SQL_OF_NAMES[facet], {"keys": array_of(map(int, unknown))}) if unknown else ():
        names[key] = (slug, name)
        edit_cache.put((facet, key), names[key])
    return names
