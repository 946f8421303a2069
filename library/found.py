"""What a list found: how many, one page of it in order, its facets, and the ways out where it found nothing.

Lists without words are counted from bits (`facets`) and read in the order of an index; of the resources that answer
words, the newest 1,000 are found, counted and ranked, and no more. What is loaded has a bound; how far an index is
walked for what is rare has none but the reader's two seconds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext

from library.facets import Facet, count_all, count_total, facets_of
from library.filters import FACETS, ResourceFilter
from library.models import Resource
from library.paging import BoundedPaginator, Total
from library.search import fold
from library.spelling import correct
from library.wording import CrisisWords, best_bets_for, library_words, load_crisis_words

# So many of the newest resources that answer the words are found.
MATCH_LIMIT = 1_000
# So many ways out of a list that found nothing are tried.
WAY_LIMIT = 6


@dataclass(frozen=True)
class WayOut:
    """Another list that is not empty: in words, its address, and how many it has."""

    label: str
    url: str
    total: Total


class Found:
    """The answer to a `ResourceFilter`. What it has is asked for once, and only when it is used."""

    def __init__(self, asked: ResourceFilter) -> None:
        self.asked = asked

    def _matches(self, without: str = "") -> list[int]:
        """The ids that answer the words under every filter, or every filter but one: at most `MATCH_LIMIT + 1`."""
        if self.asked.query is None:
            return []
        resources = self.asked.resources(without=without)
        best = list(resources.filter(pk__in=self._best).values_list("pk", flat=True)) if self._best else []
        newest = self.asked.newest(resources.matching(self.asked.query)).values_list("pk", flat=True)
        return list(dict.fromkeys([*best, *newest[: MATCH_LIMIT + 1]]))[: MATCH_LIMIT + 1]

    @cached_property
    def _best(self) -> list[int]:
        return best_bets_for(self.asked.words)

    @cached_property
    def _found(self) -> dict[str, list[int]]:
        """What `facets.count_all` wants of a list of words."""
        if not self.asked.words:
            return {}
        chosen = [name for name in FACETS if self.asked.values[name]]
        return {without: self._matches(without) for without in ("", *chosen)}

    @cached_property
    def is_cut(self) -> bool:
        """Whether there are more matches than are found: then the list and the counts are of the newest of them."""
        return len(self._found.get("", ())) > MATCH_LIMIT

    @cached_property
    def _counts(self) -> Any:
        return count_all(self.asked, {without: ids[:MATCH_LIMIT] for without, ids in self._found.items()})

    @cached_property
    def total(self) -> Total:
        return Total(MATCH_LIMIT, is_more=True) if self.is_cut else Total(self._counts["all", ""])

    def total_alone(self) -> Total:
        """The total without the counts of the filters, for a list that is only spoken of."""
        if not self.asked.words:
            return Total(count_total(self.asked))
        number = len(self._matches())
        return Total(min(number, MATCH_LIMIT), is_more=number > MATCH_LIMIT)

    @property
    def counts_are_exact(self) -> bool:
        """Whether the numbers beside the filters are of everything that there is, and not only of what was found."""
        return all(len(ids) <= MATCH_LIMIT for ids in self._found.values())

    @cached_property
    def facets(self) -> list[Facet]:
        return facets_of(self.asked, self._counts, is_exact=self.counts_are_exact)

    @cached_property
    def paginator(self) -> BoundedPaginator:
        """Its pages of ids, in the order in force."""
        asked = self.asked
        if not asked.words:
            resources = asked.in_order(asked.resources())
        else:
            resources = Resource.objects.filter(pk__in=self._found[""][:MATCH_LIMIT])
            by_rank = asked.order == "relevance" and asked.query is not None
            resources = resources.ranked(asked.query, self._best) if by_rank else asked.in_order(resources)
        return BoundedPaginator(resources.values_list("pk", flat=True), self.total)

    def cards(self, ids: Sequence[int]) -> list[Resource]:
        """The resources of one page, as a list shows them, in this order. One query."""
        resources = Resource.objects.with_card_relations()
        if self.asked.query is not None:
            resources = resources.with_marks(self.asked.words, self.asked.query)
        rows = resources.in_bulk(ids)
        return [rows[pk] for pk in ids if pk in rows]

    @cached_property
    def _crisis(self) -> CrisisWords:
        return load_crisis_words()

    @property
    def is_crisis(self) -> bool:
        """Whether the help lines belong above it. Costs a query where there are words."""
        return bool(self.asked.typed.strip()) and self._crisis.are_in(self.asked.typed)

    def better_spelled(self) -> WayOut | None:
        """This list with its words as they were probably meant; None where that would find nothing either."""
        asked, crisis = self.asked, self._crisis
        known = {**dict.fromkeys(crisis.lookalikes, 0), **library_words.at(asked.now)}
        words = correct(fold(asked.words).split(" "), known, crisis.terms)
        if words is None:
            return None
        other = asked.at(asked.url_with_words(" ".join(words)))
        total = Found(other).total_alone()
        return WayOut(gettext("Did you mean “%s”?") % other.words, other.url, total) if total.number else None

    def ways_out(self) -> Iterator[WayOut]:
        """Lists that are near this one and not empty: with better spelling, then without one of its filters."""
        asked = self.asked
        better = self.better_spelled() if asked.words else None
        if better:
            yield better
        ways = [(gettext("without “%s”") % chosen.label, chosen.url_without) for chosen in asked.chosen[:WAY_LIMIT]]
        if len(asked.chosen) > 1:
            ways.append((gettext("everything, without filters"), asked.url_of_everything))
        for label, url in ways:
            total = Found(asked.at(url)).total_alone()
            if total.number:
                yield WayOut(label, url, total)
