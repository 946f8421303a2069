"""Words to a text-search query. Expressions only: no model, no query."""

import re

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F

# websearch_to_tsquery overflows its stack on hostile input, e.g. 33 hyphens in a row: both bounds keep it far away.
CHARACTER_LIMIT = 200
WORD_LIMIT = 16
CONFIG = "english"

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_OPERATOR_RUN = re.compile(r"[-!|&<>():*\\]{2,}")
_SPACE = re.compile(r"\s+")


def tidy_words(raw: str) -> str:
    """`raw` as it is searched and shown again: one line of at most 200 characters and 16 words, no run of operators."""
    text = _CONTROL.sub(" ", raw[: CHARACTER_LIMIT * 4])
    text = _OPERATOR_RUN.sub(" ", text)
    text = _SPACE.sub(" ", text).strip()
    words = text[:CHARACTER_LIMIT].split(" ")
    return " ".join(words[:WORD_LIMIT]).strip()


def query_for(words: str) -> SearchQuery:
    """The query for tidied `words`: phrases in quotes, minus, and OR are understood."""
    return SearchQuery(words, config=CONFIG, search_type="websearch")


def rank_for(words: str) -> SearchRank:
    """How well a row of `search` answers `words`; long texts don't win by length alone."""
    return SearchRank(F("search"), query_for(words), normalization=1)
