"""What a list found: how many, one page of it in order, its facets, and the ways out where it found nothing.

Lists without words are counted from bits (`facets`) and read in their `ordering`; of the resources that answer words,
at most 1,000 are found (`matching`), counted and ranked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext

from library.models import Resource

from .facets import Facet, count_all, facets_of
from .filters import FACETS, ResourceFilter
from .index.bitmaps import Counts, count_total
from .matching import Answers, Matches
from .ordering import OrderedIds
from .pagination import BoundedPaginator, Total
from .text_query import fold
from .vocabulary.lookup import CrisisWords, best_bets_for, library_words, load_crisis_words
from .vocabulary.spelling import correct

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

    @cached_property
    def _best(self) -> list[int]:
        return best_bets_for(self.asked.words)

    @cached_property
    def _answers(self) -> Answers:
        return Answers(self.asked, self._best)

    @cached_property
    def _found(self) -> dict[str, Matches]:
        """What answers the words under every filter, and under every filter but one. Empty for a list without words."""
        if not self.asked.words:
            return {}
        return {without: self._answers.matches(without) for without in ("", *self.asked.keys())}

    @property
    def is_cut(self) -> bool:
        """Whether there may be more matches than were found: then the list and the counts are of those alone."""
        return "" in self._found and not self._found[""].are_all

    @cached_property
    def _counts(self) -> Counts:
        return count_all(self.asked, {without: matches.ids for without, matches in self._found.items()})

    @cached_property
    def total(self) -> Total:
        number = self._counts["all", ""]
        return Total(number, is_more=self.is_cut and number > 0)

    @property
    def missed(self) -> str:
        """What was typed, where all of the library was searched for it alone and has nothing; else nothing."""
        asked = self.asked
        is_alone = asked.section is None and not any(asked.values[facet] for facet in FACETS)
        return asked.words if is_alone and not self.total.number and not self.is_cut else ""

    def total_alone(self) -> Total:
        """The total without the counts of the filters, for a list that is only spoken of."""
        if not self.asked.words:
            return Total(count_total(self.asked.scope, self.asked.keys()))
        matches = self._answers.matches()
        return Total(len(matches.ids), is_more=not matches.are_all)

    @property
    def counts_are_exact(self) -> bool:
        """Whether the numbers beside the filters are of everything that there is, and not only of what was found."""
        return all(matches.are_all for matches in self._found.values())

    @cached_property
    def facets(self) -> list[Facet]:
        return facets_of(self.asked, self._counts, is_exact=self.counts_are_exact)

    @cached_property
    def _order(self) -> OrderedIds:
        return OrderedIds(self.asked, self._counts)

    @property
    def is_too_long_to_sort(self) -> bool:
        """Whether it comes newest first because it is too long for the order that is asked for."""
        return not self.asked.words and self._order.is_too_long_to_sort

    @cached_property
    def paginator(self) -> BoundedPaginator:
        """Its pages of ids, in the order in force."""
        asked = self.asked
        if not asked.words:
            return BoundedPaginator(self._order, self.total)
        resources: Any = Resource.objects.published(asked.now).among(self._found[""].ids)
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

    @property
    def is_delicate(self) -> bool:
        """Whether its title speaks of a crisis. Costs a query where it is of words, or of a subject."""
        asked = self.asked
        return any((asked.words, asked.values["category"], asked.values["tag"])) and self._crisis.are_in(asked.title)

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
