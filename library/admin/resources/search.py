"""Finding resources while somebody types: beginnings of words, an address name or a ref, all served by indexes.

And the filter for those of a subject.
"""

import re
from typing import Any

from django.contrib import admin
from django.contrib.postgres.search import SearchQuery
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from library.admin.ids import only_ids
from library.models import Category, Resource, SearchWords
from library.search.text_query import CONFIG, tidy_words

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
    matches: Any = Resource.objects.filter(Q(slug=name) | Q(ref=name)).values("pk")
    parts = re.findall(r"\w+", words)
    if parts:
        query = SearchQuery(" & ".join(beginning(part) for part in parts), config=CONFIG, search_type="raw")
        # Two questions, each to its own index, and not one that no index answers.
        matches = matches.union(SearchWords.objects.filter(search=query).values("pk"))
    return resources.filter(pk__in=matches)


class CategoryFilter(admin.SimpleListFilter):
    """The entries of one subject, or of none. Django's own filter joins the tables, and takes five times as long."""

    title = _("category")
    parameter_name = "category"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        subjects = [(str(pk), name) for pk, name in Category.objects.values_list("pk", "name")]
        return [*subjects, ("none", _("None"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        choice = self.value() or ""
        if choice == "none":
            return queryset.in_no_category()
        chosen = [Category(pk=pk) for pk in only_ids([choice])]
        return queryset.in_categories(chosen) if chosen else queryset
