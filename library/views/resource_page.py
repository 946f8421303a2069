"""One resource: what it is, who made it, when, what it asks, where it leads, and when that was last checked."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from library.db.prepared import NOW, PreparedInstances
from library.models import Resource
from library.pages.markdown import transcript_parts
from library.pages.resource_page import resource_response, way_off
from library.search.pagination import page_number

from .errors import gone

_ENTRIES = PreparedInstances(
    lambda now, slug: Resource.objects.listed(now).with_transcript_mark().filter(slug=slug),
    relations=("publisher", "series", "section", "picture"),
    without=("slot", "transcript"),
    extra=("has_transcript",),
    now=NOW,
    slug="slug",
)


def resource(request: HttpRequest, slug: str) -> HttpResponse:
    """200; 301 from an older slug, 410 with the reason when withdrawn, 404 for drafts and what never was."""
    entry = entry_at(request, slug, "resource")
    if isinstance(entry, HttpResponse):
        return entry
    return resource_response(request, entry)


def transcript(request: HttpRequest, slug: str) -> HttpResponse:
    """200 with a part of what is said in an episode, each paragraph with an id of its own; 301, 404 and 410 as above.

    A number behind the last part leads to the last part, with 302.
    """
    entry = entry_at(request, slug, "transcript")
    if isinstance(entry, HttpResponse):
        return entry
    parts = transcript_parts(entry.transcript)
    if not parts:
        raise Http404
    address = reverse("transcript", args=[entry.slug])
    number = page_number(request.GET.get("page"))
    if number > len(parts):
        return HttpResponseRedirect(address_of_part(address, len(parts)))
    context = {
        "resource": entry,
        "paragraphs": parts[number - 1],
        "number": number,
        "parts": [(each, address_of_part(address, each)) for each in range(1, len(parts) + 1)],
        "canonical": address_of_part(address, number),
        "leave_address": way_off(entry, entry.categories.all()),
    }
    return render(request, "library/transcript.html", context)


def address_of_part(address: str, number: int) -> str:
    return f"{address}?page={number}" if number > 1 else address


def entry_at(request: HttpRequest, slug: str, address_name: str) -> Resource | HttpResponse:
    """The resource that readers may see under `slug`, with `has_transcript`; or the answer that stands in for it."""
    now = timezone.now()
    entry: Resource | None = next(iter(_ENTRIES.rows(now=now, slug=slug)), None)
    if entry is None:
        former = get_object_or_404(Resource.objects.listed(now).only("slug"), former_slugs__slug=slug)
        return redirect(address_name, slug=former.slug, permanent=True)
    if entry.is_gone(now):
        return withdrawn(request, entry)
    return entry


def withdrawn(request: HttpRequest, entry: Resource) -> HttpResponse:
    """410 with the reason, and with what replaces it, where readers can see it."""
    now = timezone.now()
    successor, was_replaced = Resource.objects.first_to_replace(entry, now)
    return gone(
        request,
        title=entry.title,
        reason=entry.why_gone(now),
        since=entry.withdrawn_at or entry.expires_at,
        successor=successor,
        was_replaced=was_replaced,
    )
