"""What is printed and handed out: a sheet about one resource, a sheet of a section, and the roll-call pack."""

from contextlib import suppress

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from library.models import Section
from library.models.resource.card_row import card_rows
from library.models.resource.facts import Length
from library.pages.cards import cards_of
from library.pages.packs import Pack
from library.pages.resource_page import around, successor_of, way_off
from library.search.facets import are_lengths_known
from library.search.filters import read_query
from library.search.index import section_total
from library.search.query import ListQuery
from library.search.results import search

from .errors import gone
from .resource_page import entry_at

# So many entries fit on one sheet, with the help lines below them.
SHEET_SIZE = 7
# So many of what words find are offered to a pack.
OFFER_LIMIT = 10


def resource_handout(request: HttpRequest, slug: str) -> HttpResponse:
    """200 with one sheet about a resource; 301, 404 and 410 as its page answers them."""
    entry = entry_at(request, slug, "resource-handout")
    if isinstance(entry, HttpResponse):
        return entry
    categories, _tags, links = around(entry)
    context = {
        "resource": entry,
        "links": links,
        "successor": successor_of(entry, timezone.now()),
        "age": entry.age(timezone.localdate()),
        "leave_address": way_off(entry, categories),
    }
    return render(request, "library/resource_handout.html", context)


def section_handout(request: HttpRequest, anchor: str) -> HttpResponse:
    """200 with one sheet of a section's first entries; 301 from an older anchor, 410 when withdrawn, else 404."""
    now = timezone.now()
    sections = Section.objects.on_page().with_name(anchor)
    section = get_object_or_404(sections.annotate(entry_count=section_total(now)).with_first_entries(now))
    if not section.is_published:
        return gone(request, title=section.title, reason=section.withdrawn_reason)
    if section.anchor != anchor:
        return redirect("section-handout", anchor=section.anchor, permanent=True)
    ids = section.first_entries[:SHEET_SIZE]
    cards = cards_of(card_rows(ids))
    context = {"section": section, "cards": cards, "more": section.total.number - len(cards)}
    return render(request, "library/section_handout.html", context)


def pack(request: HttpRequest) -> HttpResponse:
    """200 with the chosen entries, or with how to choose some; with `q` or `length`, also what these find, to add."""
    now = timezone.now()
    chosen = Pack(request.GET, now=now)
    asked = read_query(request.GET)
    short = tuple(value for value in asked.of("length") if value.key == Length.SHORT)
    query = ListQuery(words=asked.words, chosen=short)
    found = search(query, now).resources if query.is_narrowed and not chosen.is_full else ()
    offered = [(card, chosen.url_with(card.ref)) for card in cards_of(found) if card.ref not in chosen.refs]
    context = {"pack": chosen, "query": query, "offered": offered[:OFFER_LIMIT], "has_lengths": False}
    with suppress(DatabaseError, InterfaceError):  # a pack can be begun without it
        context["has_lengths"] = are_lengths_known()
    return render(request, "library/pack.html", context)
