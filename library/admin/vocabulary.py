"""The words that searches understand. Each form says what happens when a reader types them."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from library.models import CrisisTerm, SynonymGroup
from library.models.vocabulary import TERM_LENGTH
from library.pages.markdown import single_line
from library.usage.counts import purge_crisis_words

from .base import CuratedAdmin

# The query parameter with a word that a form begins with.
WORD = "word"


def word_in(request: HttpRequest) -> str:
    """The word in the address that the form is to begin with, on one line; empty where there is none."""
    return single_line(request.GET.get(WORD, "")[:TERM_LENGTH])


def search_for(words: str) -> str:
    """The address of the list that a reader gets who types these words."""
    return f"{reverse('resource-list')}?{urlencode({'q': words})}"


@admin.register(SynonymGroup)
class SynonymGroupAdmin(CuratedAdmin):
    list_display = ("name", "in_a_row")
    search_fields = ("name", "terms")
    fieldsets = (
        (
            None,
            {
                "fields": ("name", "terms", "finds"),
                "description": _(
                    "Abbreviations and what they stand for, and different words for the same thing. Leave out words "
                    "that are only related, or a reader searching for one would get results for the other."
                ),
            },
        ),
    )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A word that readers searched for in vain, where one leads here."""
        word = word_in(request)
        return {"name": word, "terms": f"{word}\n"} if word else {}

    def view_on_site(self, group: SynonymGroup) -> str:
        return search_for(group.terms_as_list[0])

    @admin.display(description=_("synonyms"))
    def in_a_row(self, group: SynonymGroup) -> str:
        return " · ".join(group.terms_as_list)


@admin.register(CrisisTerm)
class CrisisTermAdmin(CuratedAdmin):
    list_display = ("term", "about", "lookalikes")
    list_filter = ("about",)
    search_fields = ("term", "folded", "lookalikes")
    search_help_text = _("Check here before you add one. Typos in longer words are understood without an entry.")
    fieldsets = (
        (
            None,
            {
                "fields": ("term", "about", "lookalikes"),
                "description": _(
                    "A search with these words shows the help lines above everything else. An extra word costs a "
                    "glance; a missing one could cost a life. We don’t count or record who searches for them."
                ),
            },
        ),
    )

    def view_on_site(self, term: CrisisTerm) -> str:
        return search_for(term.term)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """As Django's; nothing that was counted of it as a plain word is kept."""
        super().save_model(request, obj, form, change)
        purge_crisis_words()
