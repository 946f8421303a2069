"""What checks have found of an entry’s link, with its proof; and what a curator can say of it, or ask for."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from library.admin.base import CuratedAdmin
from library.history.record import record_event
from library.maintenance.link_records import confirm, look_soon
from library.models import AuditEntry, Link, Resource

_SHOWN = 30


def link_page(owner: CuratedAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """200 with the looks at this entry’s link that failed; 302 to itself when something was said or asked for."""
    entry = get_object_or_404(Resource, pk=pk)
    if not owner.has_view_permission(request, entry):
        raise PermissionDenied
    link = Link.objects.filter(key=entry.address_key).first()
    may_change = owner.has_change_permission(request, entry)
    if request.method == "POST":
        if not may_change or link is None:
            raise PermissionDenied
        _do(request, entry, link)
        return HttpResponseRedirect(reverse("admin:library_resource_link", args=[pk]))
    context = owner.admin_site.each_context(request) | {
        "title": gettext("Link checks"),
        "subtitle": str(entry),
        "opts": owner.opts,
        "original": entry,
        "link": link,
        "may_change": may_change,
        "page_title": link.page.get("title", "") if link else "",
        "looks": list(link.looks.order_by("-looked_at")[:_SHOWN]) if link else [],
        "changes": list(link.changes.order_by("-changed_at")[:_SHOWN]) if link else [],
    }
    return TemplateResponse(request, "admin/library/resource/link.html", context)


def _do(request: HttpRequest, entry: Resource, link: Link) -> None:
    user: Any = request.user
    match request.POST.get("do"):
        case "confirm":
            text = gettext("Opened the link and found it right.")
            with transaction.atomic():
                confirm(link, user, timezone.now())
                record_event(Resource, AuditEntry.Kind.CHANGED, row=entry, by=user, now=timezone.now(), comment=text)
            messages.success(request, gettext("Thanks. We’ll go by that until the site answers differently."))
        case "look":
            look_soon(link, timezone.now())
            messages.success(request, gettext("We’ll check it within a few minutes."))
        case _:
            messages.warning(request, gettext("That can’t be done now. Here’s where it is."))
