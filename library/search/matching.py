"""Which resources answer a list's words: at most 1,000, found by looking at a bounded number of resources.

First the newest ones are looked at, which is enough for words that most resources have. Then the index of all words is
asked, which has all that answer words of which there are not too many; a phrase is only looked for among those. For
very common words the list's filters may leave few enough; else the newest ones are looked at further back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from library.models import SearchWords

from .filters import ResourceFilter
from .index.bitmaps import count_total, ids_of

# So many are found. Of so many that the index of all words names, or that the filters leave, all are looked at.
MATCH_LIMIT = 1_000
POOL_LIMIT = 10_000
# So many of the newest resources are looked at first, and so many where nothing else has a bound.
NEAR, FAR = 2_000, 20_000


@dataclass(frozen=True)
class Matches:
    """What answers the words: best bets, then the newest first; whether these `are_all`, or were cut off."""

    ids: list[int]
    are_all: bool


class Answers:
    """The answers to the words of a `ResourceFilter`; of the resources `best` first those that its filters leave."""

    def __init__(self, asked: ResourceFilter, best: Sequence[int]) -> None:
        self.asked = asked
        self.best = best

    def matches(self, without: str = "") -> Matches:
        """What answers the words under every filter, or under every filter but one. Costs up to six queries."""
        if self.asked.query is None:
            return Matches([], are_all=True)
        resources = self.asked.resources(without=without)
        best = list(resources.filter(pk__in=self.best).values_list("pk", flat=True)) if self.best else []
        newest, are_all = self._newest(resources, without)
        ids = list(dict.fromkeys([*best, *newest]))
        return Matches(ids[:MATCH_LIMIT], are_all and len(ids) <= MATCH_LIMIT)

    def _newest(self, resources: Any, without: str) -> tuple[list[int], bool]:
        """The newest of the resources that answer, one more than the limit; and whether all of them were looked at."""
        asked, chosen = self.asked, self.asked.keys(without=without)
        near = [] if chosen else self._near
        if len(near) > MATCH_LIMIT:
            return near, True
        answers = asked.newest(resources.matching(asked.query)).values_list("pk", flat=True)
        if self._index_has_few:
            return list(answers.filter(pk__in=self._named)[: MATCH_LIMIT + 1]), True
        if count_total(asked.scope, chosen) <= POOL_LIMIT:
            return list(answers.among(ids_of(asked.scope, chosen))[: MATCH_LIMIT + 1]), True
        newest = asked.newest(asked.queryset).values("pk")[:FAR]
        far = list(answers.filter(pk__in=newest)[: MATCH_LIMIT + 1])
        if asked.wide_query and len(far) <= MATCH_LIMIT:
            far += answers.filter(pk__in=self._named[:POOL_LIMIT])[: MATCH_LIMIT + 1]
        return list(dict.fromkeys(far)), False

    @cached_property
    def _near(self) -> list[int]:
        """Those among the newest resources of the whole list that answer, one more than the limit."""
        newest: Any = self.asked.newest(self.asked.queryset)
        found: list[int] = newest.first_that_match(self.asked.query, NEAR, MATCH_LIMIT + 1)
        return found

    @property
    def _named(self) -> Any:
        """What the index of all words names; a subquery. Only where there is something that it can be asked."""
        query: Any = self.asked.wide_query
        return SearchWords.objects.naming(query).values("pk")

    @cached_property
    def _index_has_few(self) -> bool:
        """Whether it names so few resources that all of them can be looked at."""
        return self.asked.wide_query is not None and self._named[: POOL_LIMIT + 1].count() <= POOL_LIMIT
