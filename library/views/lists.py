"""The two lists that are one: a section's entries, and all resources."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone

from library.help_lines.cards import help_cards, help_lines_for_pages
from library.identity.current import current
from library.models import HelpLine
from library.models.section import sections_by_name
from library.pages.cards import cards_of
from library.pages.json_ld import of_list
from library.search.description import describe
from library.search.filters import read_query
from library.search.pagination import NoSuchPage
from library.search.query import ListQuery
from library.search.results import SearchResults, search
from library.search.urls import ListUrls
from library.usage.counts import count_zero_result

from .errors import gone


def resource_list(request: HttpRequest) -> HttpResponse:
    """200 with a page of all resources that the query string asks for."""
    return render_list(request, read_query(request.GET))


def section(request: HttpRequest, anchor: str) -> HttpResponse:
    """200 with a page of a section; 301 from an older anchor, 410 when withdrawn, 404 when there never was one."""
    row = sections_by_name().get(anchor)
    if row is None:
        raise Http404
    if not row.is_published:
        return gone(request, title=row.title, reason=row.withdrawn_reason)
    query = read_query(request.GET, row)
    if row.anchor != anchor:
        return redirect(ListUrls(query).first_page, permanent=True)
    return render_list(request, query)


def render_list(request: HttpRequest, query: ListQuery) -> HttpResponse:
    """200 with one page of the list; 302 to the last page from one behind it."""
    now = timezone.now()
    try:
        results = search(query, now)
    except NoSuchPage as error:
        return HttpResponseRedirect(ListUrls(query).page(error.last))
    count_zero_result(results.zero_result_words, now)
    return render(request, "library/list.html", list_context(request, query, results))


def list_context(request: HttpRequest, query: ListQuery, results: SearchResults) -> dict[str, Any]:
    """What the template of a list prints: finished values, which cost no query."""
    urls, description, page = ListUrls(query), describe(query), results.page
    now = timezone.now()
    cards = cards_of(results.resources)
    return {
        "query": query,
        "urls": urls,
        "description": description,
        "results": results,
        "section": query.section,
        "title": description.heading,
        "page": page,
        "links": [(number, urls.page(number) if isinstance(number, int) else "") for number in page.numbers()],
        "previous_url": urls.page(page.number - 1),
        "next_url": urls.page(page.number + 1),
        "cards": cards,
        "canonical": urls.page(page.number),
        "leave_address": current().leave_url if results.crisis else "",
        "named_cards": help_cards(results.help_lines, now),
        "crisis_cards": help_cards(crisis_lines(results, now), now) if results.crisis else (),
        "structured_data": of_list(request, urls.page(page.number), description.heading, cards, page.first_entry),
    }


def crisis_lines(results: SearchResults, now: datetime) -> list[HelpLine]:
    """The help lines above words of a crisis: those that the words name, then those of every page. One query."""
    return list({line.name: line for line in (*results.help_lines, *help_lines_for_pages(now))}.values())
