"""Words that readers searched for in vain, on five different days or more. A curator helps with them, or drops them."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.models import AuditEntry, Guide, ZeroResultDay, ZeroResultTerm

from .base import CuratedAdmin
from .history import record_many
from .vocabulary import WORD, search_for

GUIDES_SHOWN = 60


@admin.register(ZeroResultTerm)
class ZeroResultAdmin(CuratedAdmin):
    """A view of the database: its rows are not written, and deleting one deletes the days that were counted."""

    list_display = ("word", "days", "last_day", "as_synonym")
    file_columns = ("word", "days", "last_day")
    search_fields = ("word",)
    ordering = ("-days", "word")
    readonly_fields = ("word", "days", "last_day", "as_synonym", "to_guide")
    fieldsets = (
        (
            None,
            {
                "fields": ("word", "days", "last_day", "as_synonym", "to_guide"),
                "description": _(
                    "On each of these days, at least one reader searched the whole library for this one word and "
                    "found nothing. That’s all we know: not who, how often, or what time of day. You can add an "
                    "entry, add the word to a group of synonyms or to an entry’s search words, or do nothing. When "
                    "you’re done, delete it here. It comes back if it finds nothing on five more days."
                ),
            },
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("as a synonym"))
    def as_synonym(self, word: ZeroResultTerm) -> SafeString:
        address = reverse("admin:library_synonymgroup_add")
        return format_html('<a href="{}?{}">{}</a>', address, urlencode({WORD: word.word}), gettext("Add as a synonym"))

    @admin.display(description=_("to a guide"))
    def to_guide(self, word: ZeroResultTerm) -> SafeString:
        """A link to the form of each guide, where the word stands among its phrases already; and of a new one."""
        guides = list(Guide.objects.order_by("title").values_list("pk", "title")[:GUIDES_SHOWN])
        rows = [(reverse("admin:library_guide_change", args=[pk]), title) for pk, title in guides]
        rows += [(reverse("admin:library_guide_add"), gettext("a new guide"))]
        query = urlencode({WORD: word.word})
        return format_html_join(" · ", '<a href="{}?{}">{}</a>', [(address, query, name) for address, name in rows])

    def view_on_site(self, word: ZeroResultTerm) -> str:
        return search_for(word.word)

    def response_action(self, request: HttpRequest, queryset: Any, *place: Any, **options: Any) -> HttpResponse | None:
        """Django's own: the keys of these rows are words, and any text can be looked for among them."""
        return super(CuratedAdmin, self).response_action(request, queryset, *place, **options)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """How many, and never which: no word is kept beyond its days."""
        record_many(request, ZeroResultTerm, AuditEntry.Kind.DELETED, len(list(queryset)))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        ZeroResultDay.objects.filter(word=obj.word).delete()

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        ZeroResultDay.objects.filter(word__in=list(queryset.values_list("word", flat=True))).delete()
