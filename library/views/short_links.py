"""The permanent short links and the list of all anchors: what other sites build on."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from library.middleware.page_request import site_root
from library.models import Resource, Section
from library.pages.qr_codes import qr_picture

from .errors import gone
from .resource_page import withdrawn


def short_section(request: HttpRequest, anchor: str) -> HttpResponse:
    """302 to the section on the library page, from any anchor it ever had; 410 when withdrawn; else 404."""
    section = get_object_or_404(Section.objects.on_page().with_name(anchor))
    if not section.is_published:
        return gone(request, title=section.title, reason=section.withdrawn_reason)
    return HttpResponseRedirect(f"{reverse('library')}#{section.anchor}")


def short_resource(request: HttpRequest, ref: str) -> HttpResponse:
    """302 to the resource's page of today; 410 when withdrawn; 404 for drafts and what never was."""
    now = timezone.now()
    entry = get_object_or_404(Resource.objects.listed(now), ref=ref)
    return withdrawn(request, entry) if entry.is_gone(now) else redirect(entry)


def section_qr_code(request: HttpRequest, anchor: str) -> HttpResponse:
    """200 with the short link to a section as a picture, kept for a year; 404 for an anchor that never was."""
    get_object_or_404(Section.objects.on_page().with_name(anchor))
    return qr_code_of(request, reverse("short-section", args=[anchor]))


def resource_qr_code(request: HttpRequest, ref: str) -> HttpResponse:
    """200 with the short link to a resource as a picture, kept for a year; 404 for drafts and what never was."""
    get_object_or_404(Resource.objects.listed(timezone.now()).only("ref"), ref=ref)
    return qr_code_of(request, reverse("short-resource", args=[ref]))


def qr_code_of(request: HttpRequest, path: str) -> HttpResponse:
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return HttpResponse(qr_picture(site_root(request) + path), content_type="image/svg+xml", headers=headers)


def anchors(request: HttpRequest) -> JsonResponse:
    """200 with every public anchor, its aliases, since when, and its state. Two queries."""
    sections = Section.objects.on_page().prefetch_related("aliases")
    return JsonResponse({"anchors": [described(request, section) for section in sections]})


def described(request: HttpRequest, section: Section) -> dict[str, object]:
    return {
        "anchor": section.anchor,
        "heading": section.title,
        "state": section.state,
        "since": section.since.isoformat(),
        "reason": section.withdrawn_reason,
        "aliases": [{"anchor": alias.anchor, "since": alias.since.isoformat()} for alias in section.aliases.all()],
        "url": f"{site_root(request)}{reverse('library')}#{section.anchor}",
        "short_url": site_root(request) + reverse("short-section", args=[section.anchor]),
    }
