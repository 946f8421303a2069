"""Finding resources while somebody types: beginnings of words, an address name or a ref, all served by indexes."""

import re
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from library.models import Resource, SearchWords
from library.search import CONFIG, tidy_words

# The index holds stems, “resili” for “resilience”: the beginning of a longer word is looked for a little shorter.
_LONG, _ENDING = 7, 3


def beginning(word: str) -> str:
    """One word of letters and digits as a text-search term that finds every word beginning with it."""
    return f"('{word}':* | '{word[: max(5, len(word) - _ENDING)]}':*)" if len(word) >= _LONG else f"'{word}':*"


def matching(resources: Any, raw: str) -> Any:
    """Those of `resources` with a beginning like each word of `raw`, or of that address or ref; all for no words."""
    words = tidy_words(raw)
    if not words:
        return resources
    name = words.rstrip("/").rpartition("/")[2].lower()
    found: Any = Resource.objects.filter(Q(slug=name) | Q(ref=name)).values("pk")
    parts = re.findall(r"\w+", words)
    if parts:
        query = SearchQuery(" & ".join(beginning(part) for part in parts), config=CONFIG, search_type="raw")
        # Two questions, each to its own index, and not one that no index answers.
        found = found.union(SearchWords.objects.filter(search=query).values("pk"))
    return resources.filter(pk__in=found)
