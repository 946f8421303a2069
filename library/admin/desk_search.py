"""One search for everything on the desk: what somebody remembers of a row leads to it, whatever it is a row of."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Case, Model, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext

from library.models import Category, Guide, HelpLine, Page, Publisher, Resource, Section, Series, Tag, User
from library.search.addresses import address_keys
from library.search.text_query import tidy_words

from .public_pages import edit_address, own_path
from .resources.search import entry_name
from .taxonomy.filter_values import entries_address

# What is looked through, in the order in which it is shown.
_SEARCHED: tuple[type[Model], ...] = (
    Resource,
    Guide,
    Section,
    Category,
    Tag,
    Publisher,
    Series,
    HelpLine,
    Page,
    User,
)
_HAVE_ENTRIES = {Category, Tag, Publisher}
# The most rows of one list that the page names.
_SHOWN = 10
# So many entries are read to put those first whose title has the words.
_RANKED = 1000


@dataclass(frozen=True)
class FoundRow:
    """A row that was found: what it is called, its form, and the list of its entries, if it can have any."""

    label: str
    path: str
    entries: str


@dataclass(frozen=True)
class FoundGroup:
    """The first rows of one list, and where the others are; `more` is empty where there are none."""

    label: str
    rows: tuple[FoundRow, ...]
    more: str


def desk_search(request: HttpRequest) -> HttpResponse:
    """200 with what was found, by list; 302 to the one row whose ref or address was typed."""
    raw = request.GET.get("q", "")[:2000]
    exact = _exact_address(request, raw) if raw.strip() else ""
    if exact:
        return HttpResponseRedirect(exact)
    words = tidy_words(raw)
    groups = [group for model in _SEARCHED if (group := _group_of(request, model, raw))] if words else []
    context = admin.site.each_context(request) | {
        "title": gettext("Search"),
        "words": words,
        "desk_query": raw.strip(),
        "groups": groups,
    }
    return TemplateResponse(request, "admin/search.html", context)


def _exact_address(request: HttpRequest, raw: str) -> str:
    """The form of the one row that has this ref, or is at this address: of a page of this site, or of another one."""
    if path := own_path(request, raw):
        return edit_address(path)
    if not request.user.has_perm("library.view_resource"):
        return ""
    found = Resource.objects.filter(ref=entry_name(raw)) if "/" not in raw else Resource.objects.none()
    if keys := address_keys(raw):
        found = Resource.objects.filter(address_key__in=keys)
    ids = list(found.values_list("pk", flat=True)[:2])
    return reverse("admin:library_resource_change", args=ids) if len(ids) == 1 else ""


def _group_of(request: HttpRequest, model: type[Model], raw: str) -> FoundGroup | None:
    """None where nothing was found, and for those who may not see this list."""
    owner: Any = admin.site.get_model_admin(model)
    if not owner.has_view_permission(request):
        return None
    matches, may_repeat = owner.get_search_results(request, owner.get_queryset(request), raw)
    if model is Resource:
        matches = _titles_first(matches, tidy_words(raw))
    rows = list((matches.distinct() if may_repeat else matches)[: _SHOWN + 1])
    name = f"admin:library_{owner.opts.model_name}"
    found = tuple(
        FoundRow(
            owner.choice_label(row),
            reverse(f"{name}_change", args=[row.pk]),
            entries_address(row) if model in _HAVE_ENTRIES else "",
        )
        for row in rows[:_SHOWN]
    )
    more = f"{reverse(f'{name}_changelist')}?{urlencode({'q': raw.strip()})}" if len(rows) > _SHOWN else ""
    return FoundGroup(capfirst(str(owner.opts.verbose_name_plural)), found, more) if found else None


def _titles_first(matches: Any, words: str) -> Any:
    """Of the newest matches, first those whose title has the words: in the text of an entry they are less telling."""
    newest = list(matches.order_by("-pk").values_list("pk", flat=True)[:_RANKED])
    in_title = Case(When(title__icontains=words, then=0), default=1)
    return Resource.objects.filter(pk__in=newest).order_by(in_title, "-pk")
