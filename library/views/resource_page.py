"""One resource: what it is, who made it, when, what it asks, where it leads, and when that was last checked."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from library.models import FormerSlug, Resource
from library.structured_data import of_resource

from .errors import gone


def resource(request: HttpRequest, slug: str) -> HttpResponse:
    """200; 301 from an older slug, 410 with the reason when withdrawn, 404 for drafts and what never was."""
    found = Resource.objects.select_related("publisher", "series__publisher", "section", "successor").filter(slug=slug)
    entry = found.first()
    if entry is None:
        former = FormerSlug.objects.select_related("resource").filter(slug=slug).first()
        if former is None or not former.resource.is_public(timezone.now()):
            raise Http404
        return redirect(former.resource, permanent=True)
    if not entry.is_public(timezone.now()):
        raise Http404
    if entry.is_withdrawn:
        return withdrawn(request, entry)
    categories, tags = list(entry.categories.all()), list(entry.tags.order_by("name"))
    context = {
        "resource": entry,
        "categories": categories,
        "tags": tags,
        "structured_data": of_resource(request, entry, [str(subject) for subject in (*categories, *tags)]),
    }
    return render(request, "library/resource.html", context)


def withdrawn(request: HttpRequest, entry: Resource) -> HttpResponse:
    """410 with the reason, and with the successor where readers can see it."""
    successor = entry.successor
    if successor and (successor.is_withdrawn or not successor.is_public(timezone.now())):
        successor = None
    return gone(
        request, title=entry.title, reason=entry.withdrawn_reason, since=entry.withdrawn_at, successor=successor
    )
