"""Where to look instead, for a list that found nothing: lists that are near it, and not empty."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from library.models import HelpLine

from . import index
from .matching import TextMatcher
from .ordering import scope_of
from .pagination import Total
from .query import ListQuery
from .text_query import FILLERS, fold, folded_words
from .urls import ListUrls
from .vocabulary.crisis import load_crisis_words
from .vocabulary.lookup import library_words, load_synonyms
from .vocabulary.spelling import correct

# So many lists without one of the filters are tried.
ALTERNATIVE_LIMIT = 6
# What a help line is called.
_NAMES = ("name", "call_note", "search_words")


@dataclass(frozen=True)
class Alternative:
    """Another list that is not empty: in words, its address, and how many it has."""

    label: str
    url: str
    total: Total


def alternatives_to(query: ListQuery, now: datetime) -> tuple[Alternative, ...]:
    """Lists that have entries: with better spelling, with one word, without one filter, without any.

    Costs queries for each.
    """
    return tuple(
        Alternative(label, ListUrls(other).first_page, total)
        for label, other in _tried(query, now)
        if (total := total_of(other, now)).number
    )


def total_of(query: ListQuery, now: datetime) -> Total:
    """How many resources a list has, without the counts of its facets. Costs a query, and up to eight for words."""
    if not query.words:
        return Total(index.count(scope_of(query, now), query.keys_by_facet()).total)
    matches = TextMatcher(query, now, load_synonyms()).matches()
    return Total(len(matches.ids), is_more=not matches.are_all)


def _tried(query: ListQuery, now: datetime) -> Iterator[tuple[str, ListQuery]]:
    words = better_spelled(query.words, now) if query.words else None
    if words:
        other = query.with_words(words)
        yield gettext("Did you mean “%s”?") % other.words, other
    telling = [word for word in query.words.split() if folded_words(word) not in FILLERS]
    if len(telling) > 1:
        for word in telling[:ALTERNATIVE_LIMIT]:
            yield gettext("Only “%s”") % word, query.with_words(word)
    if query.chosen:
        if query.words:
            yield gettext("Without your search words"), query.without_words()
        for value in query.chosen[:ALTERNATIVE_LIMIT]:
            yield gettext("Without “%s”") % value.label, query.without_value(value)
    if len(query.chosen) + bool(query.words) > 1:
        yield gettext("Clear all filters"), query.without_filters()


def better_spelled(words: str, now: datetime) -> str | None:
    """The words as they were probably meant; None where nothing in them is misspelled. Costs two queries or three.

    No word of the library, of a crisis, of a help line's name or of the English language is taken for a slip.
    """
    crisis = load_crisis_words()
    names = folded_words(" ".join(text for row in HelpLine.objects.values_list(*_NAMES) for text in row)).split()
    known = {**dict.fromkeys([*crisis.lookalikes, *names], 0), **library_words.at(now)}
    corrected = correct(fold(words).split(" "), known, crisis.terms)
    return " ".join(corrected) if corrected else None
