"""Words to a text-search query, and what it says of the rows that answer. Expressions only: no model, no query.

The words are read as `websearch_to_tsquery` reads them (quotes, minus, or); they are read here, because two things are
added that it has not: words of the same meaning, and the last word as the beginning of a longer one.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from operator import and_, or_
from typing import Any

from django.contrib.postgres.search import CombinedSearchQuery, SearchHeadline, SearchQuery, SearchRank
from django.db.models import F, Func, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Concat, Greatest, Least, Left, Lower, NullIf, StrIndex, Substr

# Hostile input, e.g. 33 hyphens in a row, can overflow the stack of PostgreSQL's own parser: both bounds keep it away.
CHARACTER_LIMIT = 200
WORD_LIMIT = 16
CONFIG = "english"
# A shorter last word is not searched as the beginning of others: it would find nearly everything.
PREFIX_LENGTH = 3
# Of a long question so many words are taken into account where no text has all of them.
PART_LIMIT = 6
# Words that say nothing of a subject: those that PostgreSQL leaves out of English texts, and what people put around it.
_FILLERS = """
    a about above after again against all am an and any are as at be because been before being below between both but
    by can did do does doing don down during each few for from further had has have having he her here hers herself him
    himself his how i if in into is it its itself just me more most my myself no nor not now of off on once only or
    other our ours ourselves out over own s same she should so some such t than that the their theirs them themselves
    then there these they this those through to too under until up very was we were what when where which while who whom
    why will with you your yours yourself yourselves
    cant cannot dont im ive get getting got feel feeling find finding help info information know like looking make need
    near nearby please really someone something thing things want best free good online resource resources tell
    wont would could
"""
FILLERS = frozenset(_FILLERS.split())
# What surrounds a match, until `pages.markdown.highlight` makes HTML of it. No stored text has such characters.
MATCH_START, MATCH_END = "\x02", "\x03"
WINDOW = 700  # characters of a long text from which a passage is cut
# So much of a long text is looked through for a passage, and for so many of the words.
TEXT_LIMIT, STEM_LIMIT = 200_000, 4


class WrittenQuery(SearchQuery):
    """A query as the database has written it, so that no statement after the first has to make it anew."""

    def as_sql(self, compiler: Any, connection: Any, **_options: Any) -> Any:  # type: ignore[override]
        return Func.as_sql(self, compiler, connection, template="%(expressions)s::tsquery")


Query = SearchQuery | CombinedSearchQuery
Synonyms = Mapping[str, Sequence[str]]

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_OPERATOR_RUN = re.compile(r"[-!|&<>():*\\]{2,}")
# As phones and word processors write what the search's own language has: apostrophes, quotes, and hyphens in words.
_TYPED_SIGNS = str.maketrans(dict.fromkeys("’‘ʼ", "'") | dict.fromkeys("“”„«»", '"'))
_DASH_IN_WORD = re.compile(r"(?<=\w)[‐‑‒–—−](?=\w)")
_SPACE = re.compile(r"\s+")
_TERM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_APOSTROPHE = re.compile("['’‘ʼ`´]")
_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile("[\u0300-\u036f]")
# Typographic signs in texts, one by one as in `library_fold.sql`: any but these two is no part of a word.
_PLAIN_SIGNS = str.maketrans(
    dict.fromkeys("’‘ʼ‛′", "'") | dict.fromkeys("‐", "-") | dict.fromkeys("‒–—―−“”„‟«»‹›•·¿¡", " ")
)
# A name with an apostrophe, which people leave out: as in `library_words.sql`.
_NAME_WITH_APOSTROPHE = re.compile(r"\w'\w{3}")


@dataclass(frozen=True)
class Term:
    """One word or one quoted phrase, folded; `is_excluded` after a minus."""

    text: str
    is_phrase: bool = False
    is_excluded: bool = False


def tidy_words(raw: str) -> str:
    """`raw` as it is searched and shown again: one line of at most 200 characters and 16 words, no run of operators.

    Typographic apostrophes, quotes, and hyphens are plain ones; any other dash stays, and excludes nothing.
    """
    text = _CONTROL.sub(" ", raw[: CHARACTER_LIMIT * 4])
    text = _DASH_IN_WORD.sub("-", text.translate(_TYPED_SIGNS))
    text = _OPERATOR_RUN.sub(" ", text)
    text = _SPACE.sub(" ", text).strip()
    words = text[:CHARACTER_LIMIT].split(" ")
    return " ".join(words[:WORD_LIMIT]).strip()


def fold(text: str) -> str:
    """Without accents, with plain signs, in small letters: as the database folds what it searches."""
    return _plain(text).lower()


def folded_words(text: str) -> str:
    """The words of `text` and nothing else, folded, with a space between: “Can’t go-on!” is `cant go on`."""
    return " ".join(_WORD.findall(_APOSTROPHE.sub("", fold(text))))


def _plain(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKD", text)).translate(_PLAIN_SIGNS)


def terms_of(words: str) -> list[list[Term]]:
    """Tidied `words` as alternatives (divided by `or`), each a list of terms that must all be there."""
    alternatives: list[list[Term]] = [[]]
    for match in _TERM.finditer(words):
        word, phrase = match["word"], match["phrase"]
        if word and word.casefold() == "or" and not match["minus"]:
            alternatives.append([])
        elif any(character.isalnum() for character in word or phrase or ""):
            alternatives[-1].append(Term(fold(word or phrase), word is None, bool(match["minus"])))
    return [terms for terms in alternatives if terms]


def query_for(words: str, synonyms: Synonyms) -> Query | None:
    """The query for tidied `words`; None where there is no word in them. Keys and values of `synonyms` are folded."""
    return _any_of(terms_of(words), synonyms)


def wide_query_for(words: str, synonyms: Synonyms) -> Query | None:
    """A query that an index answers alone, and that finds whatever `query_for` finds, and more: no phrase, no minus.

    None where there is no such query, because the words only say what is not to be there.
    """
    alternatives = [[term for term in terms if not term.is_excluded] for terms in terms_of(words)]
    return _any_of(alternatives, synonyms, "plain") if all(alternatives) else None


def some_query_for(words: str, synonyms: Synonyms, search_type: str = "phrase") -> Query | None:
    """A query for texts with at least half of tidied `words`, of two with one: for words of which no text has all.

    Words that say nothing of the subject (`FILLERS`) don't count. With `plain`, as in `wide_query_for`. None where
    there is nothing to leave out, or the words use the search's own language: quotes, minus, or.
    """
    alternatives = terms_of(words)
    if len(alternatives) != 1 or any(term.is_phrase or term.is_excluded for term in alternatives[0]):
        return None
    parts = _telling_parts(alternatives[0], synonyms, search_type)
    if not parts or (len(parts) == 1 and len(alternatives[0]) == 1):
        return None
    return reduce(or_, (reduce(and_, some) for some in combinations(parts, (len(parts) + 1) // 2)))


def any_query_for(words: str, synonyms: Synonyms) -> Query | None:
    """A query for short texts with any telling word of tidied `words`; None where there is none."""
    terms = [term for terms in terms_of(words) for term in terms if not term.is_excluded]
    parts = _telling_parts(terms, synonyms, "phrase")
    return reduce(or_, parts) if parts else None


def telling_words(words: str) -> list[str]:
    """Each word or quoted phrase of tidied `words` that says something of the subject, as it can be searched alone."""
    terms = [term for terms in terms_of(words) for term in terms if not term.is_excluded]
    texts = [f'"{term.text}"' if term.is_phrase else term.text for term in terms]
    return [text for text in texts if not FILLERS.issuperset(folded_words(text).split())]


def _telling_parts(terms: list[Term], synonyms: Synonyms, search_type: str) -> list[Query]:
    """A query for each of the first words, or terms with synonyms, that say something of the subject."""
    telling = [
        group
        for group in _groups_of(terms, synonyms)
        if not FILLERS.issuperset(folded_words(" ".join(term.text for term in group)).split())
    ]
    return [_group_query(group, synonyms, terms[-1], search_type) for group in telling[:PART_LIMIT]]


def _any_of(alternatives: list[list[Term]], synonyms: Synonyms, search_type: str = "phrase") -> Query | None:
    if not alternatives:
        return None
    last = alternatives[-1][-1]
    return reduce(or_, (_all_of(terms, synonyms, last, search_type) for terms in alternatives))


def _all_of(terms: list[Term], synonyms: Synonyms, last: Term, search_type: str) -> Query:
    return reduce(and_, (_group_query(group, synonyms, last, search_type) for group in _groups_of(terms, synonyms)))


def _groups_of(terms: list[Term], synonyms: Synonyms) -> Iterator[list[Term]]:
    """The terms in their order, those together that are one term with synonyms."""
    rest = list(terms)
    while rest:
        sizes = range(len(rest), 0, -1)
        size = next((size for size in sizes if folded_words(_plain_text(rest[:size])) in synonyms), 1)
        yield rest[:size]
        rest = rest[size:]


def _group_query(group: list[Term], synonyms: Synonyms, last: Term, search_type: str) -> Query:
    own = reduce(and_, (_one(term, search_type, is_last=term is last) for term in group))
    others = synonyms.get(folded_words(_plain_text(group)), ())
    return reduce(or_, (_in_text(other, search_type) for other in others), own)


def _plain_text(terms: list[Term]) -> str:
    """What the terms say together; nothing where one is excluded or in quotes: no other word stands in for those."""
    return "" if any(term.is_excluded or term.is_phrase for term in terms) else " ".join(term.text for term in terms)


def _one(term: Term, search_type: str, *, is_last: bool) -> Query:
    spellings = [_in_text(text, search_type) for text in _spellings(term.text)]
    if term.is_excluded:
        return reduce(and_, (~spelling for spelling in spellings))
    query: Query = reduce(or_, spellings)
    if is_last and not term.is_phrase and term.text.isalnum() and len(term.text) >= PREFIX_LENGTH:
        query |= SearchQuery(f"{term.text}:*", config=CONFIG, search_type="raw")
    return query


def _spellings(text: str) -> list[str]:
    """`text` with what a text may have in the place of its hyphens, and a name without its apostrophe."""
    spellings = [text, text.replace("-", " ")]
    if _NAME_WITH_APOSTROPHE.search(text):
        spellings.append(text.replace("'", ""))
    return list(dict.fromkeys(spellings))


def _in_text(text: str, search_type: str) -> SearchQuery:
    """That the words of `text` are there: in a row, or where the type of search is `plain`, anywhere."""
    return SearchQuery(text, config=CONFIG, search_type=search_type)


def rank_for(query: Query) -> SearchRank:
    """How well the words of a resource answer the query; long texts don't win by length alone."""
    return SearchRank(F("words__search"), query, normalization=1)


class Fold(Func):
    """A text without its accents, with plain signs; the database's own way of `fold`, in the letters that it has."""

    function = "library_fold"
    output_field = TextField()


def whole_text(field: str, query: Query) -> SearchHeadline:
    """The whole of a short field, folded, with the found words between `MATCH_START` and `MATCH_END`."""
    return _headline(Fold(F(field)), query, highlight_all=True)


def stems_of(words: str) -> list[str]:
    """The beginnings by which `window` finds some of the words in a text; one that is anywhere where there are none."""
    stems = [stem for terms in terms_of(words) for term in terms if not term.is_excluded for stem in _stems(term)]
    return stems[:STEM_LIMIT] or [""]


def window(fields: Sequence[str], stems: Sequence[str]) -> Substr:
    """The part of long texts around the first word with one of the stems; their beginning where none is."""
    whole = Concat(
        *(part for field in fields for part in (F(field), Value(" ", TextField()))), output_field=TextField()
    )
    text = Left(whole, TEXT_LIMIT)
    # Folding a long text is dear: only where it has none of the words as they were typed.
    first = Coalesce(_first_place(text, stems), _first_place(Fold(text), stems), Value(1))
    return Substr(text, Greatest(first - Value(WINDOW // 4), Value(1)), Value(WINDOW))


def passage(field: str, query: Query) -> SearchHeadline:
    """The passage of a text around the first found word, folded, with the found words marked as above."""
    return _headline(Fold(F(field)), query, max_fragments=1, max_words=32, min_words=12)


def as_written(text: str, marked: str) -> str:
    """`marked`, which is all or a part of `text` as it was folded, with the letters of `text`; marks stay."""
    if text.isascii():
        return marked
    folded, places = "", []
    for place, letter in enumerate(text):
        plain = _plain(letter)
        folded += plain
        places += [place] * len(plain)
    places.append(len(text))
    at = folded.find(marked.replace(MATCH_START, "").replace(MATCH_END, ""))
    if at < 0:
        return text
    written = []
    for character in marked:
        if character in {MATCH_START, MATCH_END}:
            written.append(character)
        else:
            written.append(text[places[at] : places[at + 1]])
            at += 1
    return "".join(written)


def _first_place(text: Combinable, stems: Sequence[str]) -> Combinable:
    places = [NullIf(StrIndex(Lower(text), Value(stem, TextField())), Value(0)) for stem in stems]
    return Least(*places) if len(places) > 1 else places[0]


def _stems(term: Term) -> list[str]:
    """The beginnings by which the words of a term are found in a text, without asking the dictionary."""
    return [word[: max(4, len(word) - 3)] for word in re.findall(r"\w+", term.text)]


def _headline(text: Combinable, query: Query, **options: Any) -> SearchHeadline:
    return SearchHeadline(text, query, config=CONFIG, start_sel=MATCH_START, stop_sel=MATCH_END, **options)
