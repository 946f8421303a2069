"""Which resources the words of a query match: at most 1,000, found by looking at a bounded number of resources.

Where many of the newest ones match, more of those are looked at, which is enough for words that most resources have.
Else the index of all words is asked, which has all that match words of which there are not too many; a phrase is only
looked for among those. For very common words the list's filters may leave few enough; else the newest ones are looked
at further back.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from typing import Any

from django.db import connection
from django.db.models import F

from library.db.arrays import array_of
from library.db.prepared import NOW, Prepared, fetch_rows
from library.models import Resource, SearchWords

from . import index
from .addresses import address_query
from .filters import resources_of
from .ordering import newest_first, prepared_list, scope_of, seen_among, sorted_ids
from .query import ListOrder, ListQuery
from .text_query import Query, Synonyms, WrittenQuery, any_query_for, query_for, some_query_for, wide_query_for

# So many are found. Of so many that the index of all words names, or that the filters leave, all are looked at.
MATCH_LIMIT = 1_000
POOL_LIMIT = 10_000
# So many of the newest resources are looked at first where enough of a sample match, and so many where nothing else has
# a bound.
SAMPLE, ENOUGH, NEAR, FAR = 200, 40, 2_000, 20_000

_NEAR = """
    SELECT id FROM ({newest} LIMIT %(looked_at)s) AS looked_at WHERE search @@ %(exact)s::tsquery LIMIT %(most)s"""
# Found by the index, whatever the planner thinks: as `SearchWords.naming`. Ranked and counted in the same statement:
# most of its time goes into reading these rows.
_NAMED = """
    WITH named AS MATERIALIZED (
        SELECT resource_id, facets, search @@ %(exact)s::tsquery AS is_exact,
            ts_rank(search, %(exact)s::tsquery, 1) AS rank
        FROM library_searchwords WHERE search @@ (SELECT %(wide)s::tsquery) LIMIT %(pool)s + 1
    ), newest AS MATERIALIZED (
        SELECT seen.id, rank, facets, row_number() OVER (
            ORDER BY seen.published_on DESC NULLS LAST, seen.has_link DESC, seen.id DESC
        ) AS place
        FROM named JOIN ({published}) AS seen ON seen.id = named.resource_id
        WHERE is_exact ORDER BY place LIMIT %(most)s + 1
    ), counted AS MATERIALIZED (
        SELECT pair, count(*) AS number
        FROM newest CROSS JOIN LATERAL unnest(facets) AS pair WHERE place <= %(most)s GROUP BY pair
    )
    SELECT (SELECT count(*) FROM named), ARRAY(SELECT id FROM newest ORDER BY place),
        ARRAY(SELECT rank FROM newest ORDER BY place),
        ARRAY(SELECT pair FROM counted ORDER BY pair), ARRAY(SELECT number FROM counted ORDER BY pair)"""
_RANKED = Prepared(
    lambda now, ids, query: seen_among(ids, now).ranked(WrittenQuery(query)).values_list("pk"),
    now=NOW,
    ids="ids",
    query="query",
)


@dataclass(frozen=True)
class Matches:
    """What matches the words, the newest first; whether these `are_all`, or were cut off.

    `ranks` says how well each answers, and `counts` which facets they have, where that is known already.
    """

    ids: list[int]
    are_all: bool
    ranks: Sequence[float] = ()
    counts: index.Counts | None = field(default=None, compare=False)


@dataclass(frozen=True)
class FacetedMatches:
    """What matches the words under every filter, and of each facet in use what matches under all the others."""

    whole: Matches
    without: Mapping[str, Matches]

    @property
    def are_complete(self) -> bool:
        """Whether nothing was cut off, so that what is counted of them is counted of everything that there is."""
        return self.whole.are_all and all(matches.are_all for matches in self.without.values())


class TextMatcher:
    """Finds what the words of a query match.

    `exact` is what the words ask of the texts, as the database writes it: None where there is no word in them. What the
    index can be asked, `wide`, finds as much or more; None where there is no such question. `any` is for short texts
    with any telling word. Words that are an address find what is there, too. Making them costs a query.
    """

    def __init__(self, query: ListQuery, now: datetime, synonyms: Synonyms) -> None:
        self.query = query
        self.now = now
        self.synonyms = synonyms
        words = query.words
        exact, wide = query_for(words, synonyms), wide_query_for(words, synonyms)
        if address := address_query(query.typed):
            exact, wide = (asked | address if asked else address for asked in (exact, wide))
        self.exact, self.wide, self.any = written(exact, wide, any_query_for(words, synonyms))

    def for_some_words(self) -> "TextMatcher | None":
        """The same for resources with some of the words (`text_query.some_query_for`); None where there is none."""
        exact, wide = (some_query_for(self.query.words, self.synonyms, search) for search in ("phrase", "plain"))
        if exact is None:
            return None
        matcher = copy(self)
        matcher.__dict__.pop("_index_has_few", None)
        matcher.exact, matcher.wide = written(exact, wide)
        return matcher

    def matches_by_facet(self) -> FacetedMatches:
        """What matches under every filter, and without each facet in use."""
        return FacetedMatches(self.matches(), {name: self.matches(without=name) for name in self.query.keys_by_facet()})

    def matches(self, *, without: str | None = None) -> Matches:
        """What matches under every filter, or under every filter but one. Costs up to six queries."""
        if self.exact is None:
            return Matches([], are_all=True)
        chosen = self.query.keys_by_facet(without=without)
        found = None if chosen else self._common() or self._named_in_full()
        return found or self._filtered(chosen, without)

    def in_order(self, matches: Matches) -> Any:
        """The ids of these, in the order in force. Costs a query at most."""
        if self.exact is None or self.query.order != ListOrder.RELEVANCE:
            return sorted_ids(self.query, self.now, matches.ids)
        if matches.ranks:
            ranked = sorted(zip(matches.ranks, matches.ids, strict=True), key=lambda match: -match[0])
            return [pk for _rank, pk in ranked]  # those that answer equally well stay in their order
        return [pk for (pk,) in _RANKED.rows(now=self.now, query=self.exact, ids=array_of(matches.ids))]

    def _common(self) -> Matches | None:
        """The newest, of words that so many of them have that there are more than can be found."""
        if len(self._near(SAMPLE, ENOUGH)) < ENOUGH:
            return None
        near = self._near(NEAR, MATCH_LIMIT + 1)
        return Matches(near[:MATCH_LIMIT], are_all=False) if len(near) > MATCH_LIMIT else None

    def _near(self, looked_at: int, most: int) -> list[int]:
        """At most `most` that match of so many of the newest resources of the list."""
        newest, values = _newest(is_section=self.query.section is not None).statement
        values = values | self._values | {"looked_at": looked_at, "most": most}
        return [pk for (pk,) in fetch_rows(_NEAR.format(newest=newest), values)]

    def _named_in_full(self) -> Matches | None:
        """All that the index names, with ranks and counts; None where it names more than can be looked at."""
        if self.wide is None:
            return None
        published, values = _published(is_section=self.query.section is not None).statement
        values = values | self._values | {"pool": POOL_LIMIT, "most": MATCH_LIMIT}
        ((named, ids, ranks, pairs, numbers),) = fetch_rows(_NAMED.format(published=published), values)
        if named > POOL_LIMIT:
            return None
        counts = index.counts_of_pairs(zip(pairs, numbers, strict=True))
        return Matches(ids[:MATCH_LIMIT], len(ids) <= MATCH_LIMIT, tuple(ranks[:MATCH_LIMIT]), counts)

    def _filtered(self, chosen: index.Chosen, without: str | None) -> Matches:
        """The newest of the resources that the filters leave; whether all were looked at."""
        scope, exact = scope_of(self.query, self.now), WrittenQuery(self.exact or "")
        resources = resources_of(self.query if chosen else self.query.without_filters(), self.now, without=without)
        matching = newest_first(self.query, resources.matching(exact)).values_list("pk", flat=True)
        are_all = True
        if chosen and self._index_has_few:
            ids = list(matching.filter(pk__in=self._named)[: MATCH_LIMIT + 1])
        elif index.count(scope, chosen).total <= POOL_LIMIT:
            ids = list(matching.among(index.ids(scope, chosen))[: MATCH_LIMIT + 1])
        else:
            newest = newest_first(self.query, resources_of(self.query.without_filters(), self.now))
            ids = list(matching.filter(pk__in=newest.values("pk")[:FAR])[: MATCH_LIMIT + 1])
            if self.wide and len(ids) <= MATCH_LIMIT:
                ids += matching.filter(pk__in=self._named[:POOL_LIMIT])[: MATCH_LIMIT + 1]
            ids, are_all = list(dict.fromkeys(ids)), False
        return Matches(ids[:MATCH_LIMIT], are_all and len(ids) <= MATCH_LIMIT)

    @property
    def _values(self) -> dict[str, Any]:
        section = {"section": self.query.section.pk} if self.query.section else {}
        return {"now": self.now, "exact": self.exact, "wide": self.wide, **section}

    @property
    def _named(self) -> Any:
        """What the index of all words names; a subquery. Only where there is something that it can be asked."""
        return SearchWords.objects.naming(WrittenQuery(self.wide or "")).values("pk")

    @cached_property
    def _index_has_few(self) -> bool:
        """Whether it names so few resources that all of them can be looked at."""
        return self.wide is not None and self._named[: POOL_LIMIT + 1].count() <= POOL_LIMIT


def written(*queries: Query | None) -> list[str | None]:
    """The queries as the database writes them: with its own words for those of English. Costs a query."""
    asked = Resource.objects.all().query
    compiler = asked.get_compiler(connection=connection)
    parts = [compiler.compile(query.resolve_expression(asked)) for query in queries if query is not None]
    if not parts:
        return [None for _query in queries]
    with connection.cursor() as cursor:
        sql = ", ".join(f"({sql})::text" for sql, _values in parts)
        cursor.execute(f"SELECT {sql}", [value for _sql, values in parts for value in values])
        texts = iter(cursor.fetchone())
    return [None if query is None else next(texts) for query in queries]


@cache
def _newest(*, is_section: bool) -> Prepared:
    """All resources of the list, newest first, with their words."""
    return prepared_list(
        lambda seen: (seen.newest_of_section() if is_section else seen.newest_first()).values(
            "id", search=F("words__search")
        ),
        is_section=is_section,
    )


@cache
def _published(*, is_section: bool) -> Prepared:
    """All resources of the list, with what they are sorted by."""
    return prepared_list(lambda seen: seen.values("id", "published_on", "has_link"), is_section=is_section)
