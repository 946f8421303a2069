"""What is counted of readers' visits, without a reader in it: words that found nothing, and entries that were opened.

A count is never worth a page: where the database cannot write it, nothing is counted, and nobody is told.
"""

from collections.abc import Callable
from datetime import date, datetime

from django.db import InterfaceError, InternalError, OperationalError
from django.utils import timezone

from library.models import OpenCount, ZeroResultDay
from library.models.zero_result_term import LONGEST_TERM, SHORTEST_TERM
from library.search.text_query import fold
from library.search.vocabulary.crisis import load_crisis_words

# No database, no time, no room on its disk; and one that may only be read.
_UNAVAILABLE = (OperationalError, InterfaceError, InternalError)
# Shorter words of a crisis stand in too many others.
_SHORTEST_PART = 4


def countable_term(typed: str) -> str:
    """The word that may be counted of what was typed, folded; "" where there is none.

    That is one word of 3 to 30 letters and nothing beside it: no number, no name of two words, no sentence.
    """
    word = fold(typed.strip())
    is_one = typed.strip().isalpha() and word.isascii() and word.isalpha()
    return word if is_one and SHORTEST_TERM <= len(word) <= LONGEST_TERM else ""


def count_zero_result(typed: str, now: datetime) -> None:
    """Count that a search for this found nothing. Words of a crisis, misspelled or in a longer word, never are."""
    word, today = countable_term(typed), timezone.localdate(now)
    if word:
        _ignoring_failures(lambda: None if crisis_words_in([word]) else ZeroResultDay.objects.count_one(word, today))


def count_open(ref: str, now: datetime) -> None:
    """Count that the address of the entry of this ref was opened from here."""
    _ignoring_failures(lambda: OpenCount.objects.count_one(ref, now))


def crisis_words_in(words: list[str]) -> list[str]:
    """Those of these words that are, or that hold, words of a crisis, or one word of several. Costs a query."""
    crisis = load_crisis_words()
    alone = {word for term in crisis.terms for word in [term.replace(" ", ""), *term.split()]}
    parts = [word for word in alone if len(word) >= _SHORTEST_PART]
    return [word for word in words if crisis.are_in(word) or word in alone or any(part in word for part in parts)]


def purge_crisis_words() -> None:
    """Delete every word that is written down and has become one of a crisis since. The others never will be."""
    words = list(ZeroResultDay.objects.exclude(word=None).values_list("word", flat=True).distinct())
    ZeroResultDay.objects.filter(word__in=crisis_words_in(words)).delete()


def purge_counts(today: date) -> int:
    """Delete what is counted of days that are too long ago, and of words of a crisis; how many old rows that was."""
    purge_crisis_words()
    return OpenCount.objects.purge(today) + ZeroResultDay.objects.purge(today)


def _ignoring_failures(count: Callable[[], None]) -> None:
    try:
        count()
    except _UNAVAILABLE:
        return
