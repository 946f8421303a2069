"""What somebody without an account sees of an entry that is not published, by a link that a curator made."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from library.models import PreviewLink, Resource
from library.pages.resource_page import hidden_response, preview_of

from .errors import sections


def preview(request: HttpRequest, token: str) -> HttpResponse:
    """200 with the entry as it is saved; 404 for a link that has ended, was ended, or never was: they look the same."""
    now = timezone.now()
    link = PreviewLink.objects.at(token, now)
    if link is None:
        page = render(request, "library/preview_ended.html", {"sections": sections()}, status=404)
        return hidden_response(page)
    entry: Resource = Resource.objects.with_page_relations().get(pk=link.resource_id)
    return preview_of(request, entry, now)
