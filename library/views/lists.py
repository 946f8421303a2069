"""The two lists that are one: a section's entries, and all resources."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from library.models import Section
from library.pages.cards import cards_of
from library.pages.json_ld import of_list
from library.search.filters import ResourceFilter
from library.search.pagination import page_number
from library.search.results import Found
from library.usage.counts import count_zero_result

from .errors import gone


def resource_list(request: HttpRequest) -> HttpResponse:
    """200 with a page of all resources that the query string asks for."""
    return render_list(request, ResourceFilter(request.GET, now=timezone.now()))


def section(request: HttpRequest, anchor: str) -> HttpResponse:
    """200 with a page of a section; 301 from an older anchor, 410 when withdrawn, 404 when there never was one."""
    found = get_object_or_404(Section.objects.on_page().with_name(anchor))
    if not found.is_published:
        return gone(request, title=found.title, reason=found.withdrawn_reason)
    asked = ResourceFilter(request.GET, now=timezone.now(), section=found)
    if found.anchor != anchor:
        return redirect(asked.url, permanent=True)
    return render_list(request, asked)


def render_list(request: HttpRequest, asked: ResourceFilter) -> HttpResponse:
    """200 with one page of the list; 302 to the last page from one behind it."""
    found = Found(asked)
    paginator, number = found.paginator, page_number(request.GET.get("page"))
    if number > paginator.num_pages:
        return HttpResponseRedirect(asked.url_of_page(paginator.num_pages))
    count_zero_result(found.missed, asked.now)
    page = paginator.page(number)
    cards = cards_of(found.cards(list(page.object_list)))
    title = asked.section.title if asked.section and not asked.is_narrowed else asked.title
    context = {
        "filter": asked,
        "found": found,
        "section": asked.section,
        "title": title,
        "page": page,
        "links": [(each, page_url(asked, each)) for each in paginator.get_elided_page_range(number)],
        "previous_url": asked.url_of_page(number - 1),
        "next_url": asked.url_of_page(number + 1),
        "cards": cards,
        "canonical": asked.url_of_page(number),
        "leave_address": settings.LEAVE_ADDRESS if found.is_delicate else "",
        "structured_data": of_list(request, asked.url_of_page(number), title, cards, page.start_index()),
    }
    return render(request, "library/list.html", context)


def page_url(asked: ResourceFilter, number: int | str) -> str:
    """The address of a page; empty for the gap between page numbers."""
    return asked.url_of_page(number) if isinstance(number, int) else ""
