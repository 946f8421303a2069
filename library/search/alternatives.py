"""Where to look instead, for a list that found nothing: lists that are near it, and not empty."""

import re
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
from .text_query import Synonyms, fold, folded_words, telling_words
from .urls import ListUrls
from .vocabulary.crisis import CrisisWords
from .vocabulary.lookup import library_words
from .vocabulary.spelling import correct

# So many lists without one of the filters are tried.
ALTERNATIVE_LIMIT = 6
# What a help line is called.
_BEFORE_NUMBER = re.compile(r"(?<=[^\W\d_])[\s-]?(?=\d)")
_NAMES = ("name", "call_note", "search_words")


@dataclass(frozen=True)
class Alternative:
    """Another list that is not empty: in words, its address, and how many it has."""

    label: str
    url: str
    total: Total


def alternatives_to(
    query: ListQuery, now: datetime, synonyms: Synonyms, crisis: CrisisWords | None
) -> tuple[Alternative, ...]:
    """Lists that have entries: with better spelling, with one word, without one filter, without any.

    Costs queries for each. `crisis` has the words of a crisis, for a query with words.
    """
    return tuple(
        Alternative(label, ListUrls(other).first_page, total)
        for label, other in _tried(query, now, crisis)
        if (total := total_of(other, now, synonyms)).number
    )


def total_of(query: ListQuery, now: datetime, synonyms: Synonyms) -> Total:
    """How many resources a list has, without the counts of its facets. Costs a query, and up to eight for words."""
    if not query.words:
        return Total(index.count(scope_of(query, now), query.keys_by_facet()).total)
    matches = TextMatcher(query, now, synonyms).matches()
    return Total(len(matches.ids), is_more=not matches.are_all)


def _tried(query: ListQuery, now: datetime, crisis: CrisisWords | None) -> Iterator[tuple[str, ListQuery]]:
    words = better_spelled(query.words, now, crisis) if crisis and query.words else None
    if words:
        other = query.with_words(words)
        yield gettext("Did you mean “%s”?") % other.words, other
    for joined in _joined_numbers(query.words):
        other = query.with_words(joined)
        yield gettext("Did you mean “%s”?") % other.words, other
    words_alone = telling_words(query.words)
    if len(words_alone) > 1:
        for word in words_alone[:ALTERNATIVE_LIMIT]:
            yield gettext("Only “%s”") % word, query.with_words(word)
    if query.chosen:
        if query.words:
            yield gettext("Without your search words"), query.without_words()
        for value in query.chosen[:ALTERNATIVE_LIMIT]:
            yield gettext("Without “%s”") % value.label, query.without_value(value)
    if len(query.chosen) + bool(query.words) > 1:
        yield gettext("Clear all filters"), query.without_filters()


def _joined_numbers(words: str) -> list[str]:
    """A word and its number written in the other ways: “covid 19”, “k-9” and “k9”."""
    return [form for sign in ("-", "", " ") if (form := _BEFORE_NUMBER.sub(sign, words)) != words]


def better_spelled(words: str, now: datetime, crisis: CrisisWords) -> str | None:
    """The words as they were probably meant; None where nothing in them is misspelled. Costs a query or two.

    No word of the library, of a crisis, of a help line's name or of the English language is taken for a slip.
    """
    names = folded_words(" ".join(text for row in HelpLine.objects.values_list(*_NAMES) for text in row)).split()
    known = {**dict.fromkeys([*crisis.lookalikes, *names], 0), **library_words.at(now)}
    corrected = correct(fold(words).split(" "), known, crisis.terms)
    return " ".join(corrected) if corrected else None
