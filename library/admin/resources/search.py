"""Finding resources while somebody types: beginnings of words, a name or a ref, an address or a host, by indexes alone.

And the filter for those of a subject.
"""

import re
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.search import SearchQuery
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from library.admin.ids import only_ids
from library.models import AuditEntry, Category, Resource, SearchWords, Version
from library.search.addresses import address_query
from library.search.text_query import CONFIG, tidy_words

from .permissions import other_curators

# The index holds stems, “resili” for “resilience”: the beginning of a longer word is looked for a little shorter.
_LONG, _ENDING = 7, 3
_OF_LATE = timedelta(days=90)


def beginning(word: str) -> str:
    """One word of letters and digits as a text-search term that finds every word beginning with it."""
    return f"('{word}':* | '{word[: max(5, len(word) - _ENDING)]}':*)" if len(word) >= _LONG else f"'{word}':*"


def matching(resources: Any, raw: str) -> Any:
    """Those of `resources` with a beginning like each word of `raw`, or of that address or ref; all for no words."""
    words = tidy_words(raw)
    if not words:
        return resources
    matches: Any = Resource.objects.filter(Q(slug=entry_name(raw)) | Q(ref=entry_name(raw))).values("pk")
    if address := address_query(raw):
        matches = matches.union(SearchWords.objects.filter(search=address).values("pk"))
    parts = re.findall(r"\w+", words)
    if parts:
        query = SearchQuery(" & ".join(beginning(part) for part in parts), config=CONFIG, search_type="raw")
        # Two questions, each to its own index, and not one that no index answers.
        matches = matches.union(SearchWords.objects.filter(search=query).values("pk"))
    return resources.filter(pk__in=matches)


def entry_name(raw: str) -> str:
    """The ref or URL name that these words are, or with which an address of this site ends."""
    path = re.split(r"[?#]", raw.strip())[0]
    return path.rstrip("/").rpartition("/")[2].lower()[:100]


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


class EditorFilter(admin.SimpleListFilter):
    """The entries that somebody has changed of late: of each act the history has the rows."""

    title = _("editor, last 90 days")
    parameter_name = "editor"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("me", _("Me")), *other_curators(request)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        ids = only_ids([str(request.user.pk) if self.value() == "me" else self.value() or ""])
        if not ids:
            return queryset
        acts = AuditEntry.objects.acts().filter(user=int(ids[0]), created_at__gt=timezone.now() - _OF_LATE)
        entity_type = ContentType.objects.get_for_model(Resource)
        changed = Version.objects.filter(entry__in=acts, entity_type=entity_type)
        return queryset.filter(pk__in=changed.values("object_id"))
