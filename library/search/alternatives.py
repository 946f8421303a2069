"""Where to look instead, for a list that found nothing: lists that are near it, and not empty."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from . import index
from .description import applied_filters
from .matching import TextMatcher
from .ordering import scope_of
from .pagination import Total
from .query import ListQuery
from .text_query import fold
from .urls import ListUrls
from .vocabulary.lookup import CrisisWords, best_bets_for, library_words
from .vocabulary.spelling import correct

# So many lists without one of the filters are tried.
ALTERNATIVE_LIMIT = 6


@dataclass(frozen=True)
class Alternative:
    """Another list that is not empty: in words, its address, and how many it has."""

    label: str
    url: str
    total: Total


def alternatives_to(query: ListQuery, now: datetime, crisis: CrisisWords | None) -> tuple[Alternative, ...]:
    """Lists that have entries: with better spelling, then without one filter, then without any. Costs queries for each.

    `crisis` has the words of a crisis, for a query with words.
    """
    return tuple(
        Alternative(label, ListUrls(other).first_page, total)
        for label, other in _tried(query, now, crisis)
        if (total := total_of(other, now)).number
    )


def total_of(query: ListQuery, now: datetime) -> Total:
    """How many resources a list has, without the counts of its facets. Costs a query, and up to eight for words."""
    if not query.words:
        return Total(index.count(scope_of(query, now), query.keys_by_facet()).total)
    matches = TextMatcher(query, now, best_bets_for(query.words)).matches()
    return Total(len(matches.ids), is_more=not matches.are_all)


def _tried(query: ListQuery, now: datetime, crisis: CrisisWords | None) -> Iterator[tuple[str, ListQuery]]:
    words = better_spelled(query.words, now, crisis) if crisis else None
    if words:
        other = query.with_words(words)
        yield gettext("Did you mean “%s”?") % other.words, other
    applied = applied_filters(query)
    for each in applied[:ALTERNATIVE_LIMIT]:
        yield gettext("without “%s”") % each.label, each.without
    if len(applied) > 1:
        yield gettext("everything, without filters"), query.without_filters()


def better_spelled(words: str, now: datetime, crisis: CrisisWords) -> str | None:
    """The words as they were probably meant; None where nothing in them is misspelled."""
    known = {**dict.fromkeys(crisis.lookalikes, 0), **library_words.at(now)}
    corrected = correct(fold(words).split(" "), known, crisis.terms)
    return " ".join(corrected) if corrected else None
