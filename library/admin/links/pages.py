"""Links to decide, and the moves of one host: what the checks have found, and the buttons that act on it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from library.admin.ids import only_ids
from library.admin.resources.bulk_changes import BULK_LIMIT
from library.admin.resources.bulk_undo import last_act
from library.history.snapshot import tokens_now
from library.maintenance.help_line_pages import line_matters, number_is_right
from library.maintenance.link_records import look_soon
from library.models import Link, Resource

from .changes import change_addresses, mark_as_working
from .matters import KINDS, LOST, UNCLEAR, check_health, links_of_kind, links_to_https, matters_by_kind, moved_hosts
from .proposals import NewAddress, decline, new_addresses, stale_targets
from .users import users_of


def links_page(owner: Any, request: HttpRequest) -> HttpResponse:
    """200 with all that is to be decided, by host; 302 to itself after a word about all links of one."""
    if not owner.has_view_permission(request):
        raise PermissionDenied
    if request.method == "POST":
        _require_every(owner, request)
        if "https" in request.POST:
            _change_to_https(request)
        elif "number" in request.POST:
            _keep_number(owner, request)
        else:
            _confirm_host(owner, request)
        return HttpResponseRedirect(reverse("admin:library_resource_links"))
    now = timezone.now()
    matters = matters_by_kind(now)
    sorts = [[(name, KINDS[name], matters[name]) for name in names if matters[name]] for names in (LOST, UNCLEAR)]
    context = owner.admin_site.each_context(request) | {
        "title": gettext("Links to decide"),
        "opts": owner.opts,
        "lines": line_matters() if request.user.has_perm("library.view_helpline") else [],
        "lost": sorts[0],
        "unclear": sorts[1],
        "moved": moved_hosts(),
        "to_https": links_to_https().count(),
        "health": check_health(now),
        "may_change": owner.has_every_permission(request),
        "last_act": last_act(request),
    }
    return TemplateResponse(request, "admin/library/links/matters.html", context)


def moved_page(owner: Any, request: HttpRequest) -> HttpResponse:
    """200 with the new addresses of a host's links; 302 once they are taken, or the old ones are kept."""
    if not owner.has_view_permission(request):
        raise PermissionDenied
    host, new_host = request.GET.get("from", "")[:253], request.GET.get("to", "")[:253]
    proposals = new_addresses(host, new_host)
    if request.method == "POST":
        _require_every(owner, request)
        wanted = set(only_ids(request.POST.getlist("move")))
        chosen = [one for one in proposals if str(one.move_id) in wanted]
        if not chosen:
            messages.warning(request, gettext("Select at least one address."))
            return HttpResponseRedirect(f"{request.path}?{urlencode({'from': host, 'to': new_host})}")
        if "keep" in request.POST:
            decline([one.move_id for one in chosen], timezone.now())
            messages.success(request, gettext("The old addresses stay. We won’t ask again."))
        else:
            _take(request, chosen, request.POST)
        return HttpResponseRedirect(reverse("admin:library_resource_links"))
    for link in stale_targets(proposals, timezone.now()):
        look_soon(link, timezone.now())
    context = owner.admin_site.each_context(request) | {
        "title": gettext("New addresses"),
        "subtitle": host,
        "opts": owner.opts,
        "host": host,
        "new_host": new_host,
        "proposals": proposals,
        "is_counter": bool(proposals) and proposals[0].is_counter,
        "ready": sum(one.is_right for one in proposals),
        "may_change": owner.has_every_permission(request),
    }
    return TemplateResponse(request, "admin/library/links/moved.html", context)


def _require_every(owner: Any, request: HttpRequest) -> None:
    if not (owner.has_change_permission(request) and owner.has_every_permission(request)):
        raise PermissionDenied


def _confirm_host(owner: Any, request: HttpRequest) -> None:
    """Someone has opened all links that are shown of a host under one heading, and found them right."""
    name = request.POST.get("works", "")
    links = links_of_kind(name, timezone.now(), only_ids(request.POST.getlist("link"))) if name in KINDS else []
    mark_as_working(request, links, {user.row for user in users_of(links)})
    number = len(links)
    text = ngettext("%d link is marked as working.", "%d links are marked as working.", number) % number
    owner.message_user(request, text, messages.SUCCESS if number else messages.WARNING)


def _keep_number(owner: Any, request: HttpRequest) -> None:
    """Someone has checked the number of a help line whose page doesn’t show it any more."""
    if not request.user.has_perm("library.change_helpline"):
        raise PermissionDenied
    ids = only_ids([request.POST["number"]])
    for link in Link.objects.filter(pk__in=ids):
        number_is_right(link)
    owner.message_user(request, gettext("Thanks. If you verified the number, record the date on the help line."))


def _take(request: HttpRequest, chosen: Sequence[NewAddress], sent: Any) -> None:
    """Give these entries their new addresses, where they are still as the page has shown them."""
    addresses: dict[int, dict[str, str]] = {}
    for one in chosen:
        addresses.setdefault(one.entry_id, {})[one.field] = one.address
    seen = {pk: sent.get(f"seen-{pk}", "") for pk in addresses}
    comment = gettext("Address changed: the site moved it.")
    if chosen[0].is_counter:
        comment = gettext("Address changed: the counter in front of it is gone.")
    change_addresses(request, seen, addresses, comment)


def _change_to_https(request: HttpRequest) -> None:
    keys = links_to_https().order_by("pk").values("key")[:BULK_LIMIT]
    entries = Resource.objects.filter(address_key__in=keys, state="published", url__startswith="http://")
    addresses = {
        pk: {"url": f"https{url.removeprefix('http')}"} for pk, url in entries.values_list("pk", "url")[:BULK_LIMIT]
    }
    seen = tokens_now(Resource, list(addresses))
    change_addresses(request, seen, addresses, gettext("Address changed: the site opens with https."))
