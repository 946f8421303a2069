"""Which resources the words of a query match: at most 1,000, found by looking at a bounded number of resources.

First the newest ones are looked at, which is enough for words that most resources have. Then the index of all words is
asked, which has all that match words of which there are not too many; a phrase is only looked for among those. For
very common words the list's filters may leave few enough; else the newest ones are looked at further back.
"""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from library.models import Resource, SearchWords

from . import index
from .filters import resources_of
from .ordering import in_order, newest_first, scope_of
from .query import ListOrder, ListQuery
from .text_query import Synonyms, query_for, some_query_for, wide_query_for

# So many are found. Of so many that the index of all words names, or that the filters leave, all are looked at.
MATCH_LIMIT = 1_000
POOL_LIMIT = 10_000
# So many of the newest resources are looked at first, and so many where nothing else has a bound.
NEAR, FAR = 2_000, 20_000


@dataclass(frozen=True)
class Matches:
    """What matches the words, the newest first; whether these `are_all`, or were cut off."""

    ids: list[int]
    are_all: bool


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

    `exact` is what the words ask of the texts: None where there is no word in them.
    """

    def __init__(self, query: ListQuery, now: datetime, synonyms: Synonyms) -> None:
        self.query = query
        self.now = now
        self.synonyms = synonyms
        self.exact = query_for(query.words, synonyms)
        self.wide = wide_query_for(query.words, synonyms)

    def for_some_words(self) -> "TextMatcher | None":
        """The same for resources with some of the words (`text_query.some_query_for`); None where there is none."""
        exact = some_query_for(self.query.words, self.synonyms)
        if exact is None:
            return None
        matcher = copy(self)
        matcher.exact, matcher.wide = exact, some_query_for(self.query.words, self.synonyms, "plain")
        return matcher

    def matches_by_facet(self) -> FacetedMatches:
        """What matches under every filter, and without each facet in use."""
        return FacetedMatches(self.matches(), {name: self.matches(without=name) for name in self.query.keys_by_facet()})

    def matches(self, *, without: str | None = None) -> Matches:
        """What matches under every filter, or under every filter but one. Costs up to six queries."""
        if self.exact is None:
            return Matches([], are_all=True)
        resources = resources_of(self.query, self.now, without=without)
        ids, are_all = self._newest(resources, without)
        return Matches(ids[:MATCH_LIMIT], are_all and len(ids) <= MATCH_LIMIT)

    def in_order(self, matches: Matches) -> Any:
        """The ids of these, in the order in force, to be read a slice at a time; each slice costs a query."""
        resources: Any = Resource.objects.published(self.now).among(matches.ids)
        is_ranked = self.query.order == ListOrder.RELEVANCE and self.exact is not None
        resources = resources.ranked(self.exact) if is_ranked else in_order(self.query, resources)
        return resources.values_list("pk", flat=True)

    def _newest(self, resources: Any, without: str | None) -> tuple[list[int], bool]:
        """The newest of the resources that match, one more than the limit; and whether all of them were looked at."""
        scope, chosen = scope_of(self.query, self.now), self.query.keys_by_facet(without=without)
        near = [] if chosen else self._near
        if len(near) > MATCH_LIMIT:
            return near, True
        matching = newest_first(self.query, resources.matching(self.exact)).values_list("pk", flat=True)
        if self._index_has_few:
            return list(matching.filter(pk__in=self._named)[: MATCH_LIMIT + 1]), True
        if index.count(scope, chosen).total <= POOL_LIMIT:
            return list(matching.among(index.ids(scope, chosen))[: MATCH_LIMIT + 1]), True
        far = list(matching.filter(pk__in=self._newest_of_all.values("pk")[:FAR])[: MATCH_LIMIT + 1])
        if self.wide and len(far) <= MATCH_LIMIT:
            far += matching.filter(pk__in=self._named[:POOL_LIMIT])[: MATCH_LIMIT + 1]
        return list(dict.fromkeys(far)), False

    @property
    def _newest_of_all(self) -> Any:
        """All resources of the list whatever is chosen, newest first."""
        return newest_first(self.query, resources_of(self.query.without_filters(), self.now))

    @cached_property
    def _near(self) -> list[int]:
        """Those among the newest resources of the whole list that match, one more than the limit."""
        ids: list[int] = self._newest_of_all.first_that_match(self.exact, NEAR, MATCH_LIMIT + 1)
        return ids

    @property
    def _named(self) -> Any:
        """What the index of all words names; a subquery. Only where there is something that it can be asked."""
        wide: Any = self.wide
        return SearchWords.objects.naming(wide).values("pk")

    @cached_property
    def _index_has_few(self) -> bool:
        """Whether it names so few resources that all of them can be looked at."""
        return self.wide is not None and self._named[: POOL_LIMIT + 1].count() <= POOL_LIMIT
