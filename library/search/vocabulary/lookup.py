"""What readers' words mean here: synonyms, guides, and all words that the library knows.

Nothing of what anybody typed is remembered or logged here.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from django.db import OperationalError, connection, transaction

from library.db.edit_cache import until_next_edit
from library.models import Guide, Resource, SynonymGroup
from library.models.vocabulary import VOCABULARY_ROW_LIMIT
from library.search.text_query import Synonyms, fold, folded_words

from .spelling import LONGEST, SHORTEST

# So many guides stand above a list; phrases are looked for in so many of the words that were typed.
GUIDE_LIMIT = 3
TYPED_WORDS_LIMIT = 30

# PostgreSQL's code for a statement that ran out of time.
_QUERY_CANCELED = "57014"


@until_next_edit
def load_synonyms() -> dict[str, tuple[str, ...]]:
    """What each term also finds: the others of its groups, and what those find. The keys are `folded_words`s.

    Costs a query, once until the next edit. Groups that share a term are not chained: what the one adds does not bring
    in the other.
    """
    finds: dict[str, dict[str, None]] = {}
    for group in SynonymGroup.objects.all()[:VOCABULARY_ROW_LIMIT]:
        terms = [fold(term) for term in group.terms_as_list]
        found = dict.fromkeys([*terms, *map(fold, group.finds_as_list)])
        for term in terms:
            finds.setdefault(folded_words(term), {}).update(found)
    return {key: tuple(term for term in found if folded_words(term) != key) for key, found in finds.items()}


def guides_for(words: str, synonyms: Synonyms) -> tuple[Guide, ...]:
    """The published guides with a phrase that stands in a reader's words, whole: the longest phrase first.

    Then those with a phrase that the words also find. At most three, as links need them: without their texts. One
    query, once until the next edit.
    """
    typed = folded_words(words).split()[:TYPED_WORDS_LIMIT]
    spoken = {" ".join(typed[start:end]) for start in range(len(typed)) for end in range(start + 1, len(typed) + 1)}
    meant = {folded_words(term) for phrase in spoken for term in synonyms.get(phrase, ())}
    guides = _guides_by_phrase()
    return tuple(dict.fromkeys([*_guides_with(spoken, guides), *_guides_with(meant, guides)]))[:GUIDE_LIMIT]


@until_next_edit
def _guides_by_phrase() -> dict[str, list[Guide]]:
    by_phrase: dict[str, list[Guide]] = {}
    for guide in Guide.objects.published().only("title", "slug", "folded", "note_html"):
        for phrase in guide.folded:
            by_phrase.setdefault(phrase, []).append(guide)
    return by_phrase


def _guides_with(phrases: set[str], guides: Mapping[str, list[Guide]]) -> tuple[Guide, ...]:
    longest: dict[Guide, int] = {}
    for phrase in phrases:
        for guide in guides.get(phrase, ()):
            longest[guide] = max(len(phrase), longest.get(guide, 0))
    return tuple(sorted(longest, key=lambda guide: (-longest[guide], guide.title))[:GUIDE_LIMIT])


# The words of the library

# So many resources and names of each sort, and so much of each text. A reader's statement may take two seconds; this
# one was seen to take 0.4 for usual texts and 1.0 for the longest, in a library of 100,000 entries on two busy cores.
VOCABULARY_TEXT_LIMIT = 5_000
VOCABULARY_CHARACTER_LIMIT = 600
VOCABULARY_LIMIT = 20_000
VOCABULARY_LIFETIME = timedelta(minutes=10)

_FIELDS = ["title", "summary", "keywords", "credit", "speaker", "speaker_affiliation", "host"]
_FIELDS += ["incident", "place", "agency", "authors"]
_TEXTS = f"""
    SELECT concat_ws(' ', {", ".join(_FIELDS)}) FROM ({{newest}}) AS newest
    UNION ALL (SELECT name FROM library_category ORDER BY id DESC LIMIT %s)
    UNION ALL (SELECT name FROM library_tag ORDER BY id DESC LIMIT %s)
    UNION ALL (SELECT name FROM library_publisher ORDER BY id DESC LIMIT %s)
    UNION ALL (SELECT title FROM library_series ORDER BY id DESC LIMIT %s)
"""  # noqa: S608 - of our own text
_WORDS = f"""
    SELECT word, count(*) FROM ({_TEXTS}) AS texts (text),
        unnest(tsvector_to_array(to_tsvector('simple', left(text, %s)))) AS word
    WHERE char_length(word) BETWEEN %s AND %s AND word !~ '[[:digit:][:punct:]]'
    GROUP BY word ORDER BY count(*) DESC, word LIMIT %s
"""  # noqa: S608 - of our own text


class LibraryWords:
    """The words of the library with the number of texts that they stand in, gathered at most every ten minutes.

    They only serve to guess what a misspelled word was meant to be, and a guess is offered after the search itself
    has been asked whether it finds anything. So it harms nobody that a word of the last ten minutes is missing, that
    one which has gone is still known, or that each process knows them as of its own moment.
    """

    def __init__(self) -> None:
        self._gathering = Lock()
        self.clear()

    def clear(self) -> None:
        """Gather them anew the next time."""
        self._words: Mapping[str, int] = {}
        self._gathered_at: datetime | None = None

    def at(self, now: datetime) -> Mapping[str, int]:
        """The words, folded. Costs a query where they are new or too old; nobody waits for another's query.

        While they are gathered for the first time, and where that takes too long, there are none.
        """
        is_fresh = self._gathered_at is not None and abs(now - self._gathered_at) < VOCABULARY_LIFETIME
        if not is_fresh and self._gathering.acquire(blocking=False):
            try:
                gathered = gather_words(now)
                self._words = self._words if gathered is None else gathered
                self._gathered_at = now
            finally:
                self._gathering.release()
        return self._words


def gather_words(now: datetime) -> dict[str, int] | None:
    """The words of all names and of the newest resources that readers may see at `now`, with their frequency.

    At most 20,000, the most frequent; only those of 4 to 30 letters. None when the database has no time for it.
    """
    seen: Any = Resource.objects.published(now)
    newest, texts = seen.newest_first()[:VOCABULARY_TEXT_LIMIT].values(*_FIELDS).query.sql_with_params()
    values = [*texts, *[VOCABULARY_TEXT_LIMIT] * 4, VOCABULARY_CHARACTER_LIMIT, SHORTEST, LONGEST, VOCABULARY_LIMIT]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_WORDS.format(newest=newest), values)
            rows = cursor.fetchall()
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) == _QUERY_CANCELED:
            return None
        raise
    counted: Counter[str] = Counter()
    for word, count in rows:
        folded = fold(word)
        if folded.isalpha():
            counted[folded] += count
    return dict(counted)


library_words = LibraryWords()
