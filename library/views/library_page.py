"""The library page: every section with its first entries, in eight queries whatever the library holds."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from library.db.edit_cache import edit_cache
from library.middleware.page_request import site_root
from library.models import Category, Guide, Page, Resource, Section
from library.models.resource.card_row import card_rows
from library.pages.cards import Year, by_year, cards_of, in_one_group
from library.pages.json_ld import of_library
from library.search.index import Scope, count, section_total
from library.search.pagination import Total

# So many of the entries that were added last are named.
RECENT_LIMIT = 5
# So many guides, and so many topics, are offered at the top.
TILE_LIMIT = 40


@dataclass(frozen=True)
class SectionPart:
    """A section as the library page shows it: its first entries, and how many it has in all."""

    section: Section
    years: list[Year]
    total: Total
    has_more: bool


def library(request: HttpRequest) -> HttpResponse:
    """200 with all sections, guides and topics. Eight queries once until the next edit, whatever the library holds."""
    context = edit_cache.get_or_make(("library page", site_root(request)), lambda: page_context(request))
    return render(request, "library/library.html", context)


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What the template prints: finished values, which cost no query."""
    now = timezone.now()
    page = get_object_or_404(Page, name=Page.Name.LIBRARY)
    counted = Section.objects.on_page().annotate(entry_count=section_total(now))
    sections = list(counted.with_first_entries(now).prefetch_related("aliases"))
    recent = (
        Resource.objects.published(now)
        .in_published_sections()
        .lately_listed()
        .only("slug", "title", "listed_at")[:RECENT_LIMIT]
    )
    parts = section_parts(sections)
    used = count(Scope(None, now), {}, ["category"]).of("category")
    return {
        "guides": list(Guide.objects.published().in_order()[:TILE_LIMIT]),
        "topics": [topic for topic in Category.objects.in_order() if used.get(str(topic.pk))][:TILE_LIMIT],
        "page": page,
        "parts": parts,
        "recent": list(recent),
        "structured_data": of_library(request, sections),
    }


def section_parts(sections: list[Section]) -> list[SectionPart]:
    """The sections with their entries, in one query; link texts are unique in the whole page."""
    shown = {section: section.first_entries[: section.entry_limit] for section in sections}
    ids = [pk for first in shown.values() for pk in first]
    rows = card_rows(ids)
    cards = dict(zip((row.pk for row in rows), cards_of(rows), strict=True))
    parts = []
    for section, first in shown.items():
        group = by_year if section.order == Section.Order.NEWEST else in_one_group
        total = section.total
        parts.append(
            SectionPart(section, group([cards[pk] for pk in first if pk in cards]), total, total.number > len(first))
        )
    return parts
