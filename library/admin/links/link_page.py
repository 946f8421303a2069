"""What checks found about an entry’s link, with proof, and what a curator can say about it or ask for.

`?of=audio_url` shows the same for its audio file, `?of=transcript_url` for its transcript.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.admin.base import CuratedAdmin
from library.admin.forms import AddressField
from library.admin.ids import only_ids
from library.admin.resources.permissions import may_publish
from library.admin.resources.search import matching
from library.history.snapshot import tokens_now
from library.identity.current import current
from library.maintenance.link_records import look_soon
from library.models import Link, LinkCopy, LinkUse, Resource
from library.models.web_address import address_key

from .changes import change_addresses, mark_as_working, replace_entry
from .copies import CopyForm, judge_copy, use_copy

_SHOWN, _FOUND = 30, 10
_FIELDS = {"url": _("Address")} | {field.column: field.label for field in LinkUse.Field if field.model is Resource}
_LOST = (Link.Condition.DEAD, Link.Condition.CHANGED, Link.Condition.BACK, Link.Condition.UNSURE)


class NewAddressForm(forms.Form):
    """Where the page of an entry is now."""

    address = AddressField(label=_("New address"))


def link_page(owner: CuratedAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """200 with the looks at this entry’s link that failed; 302 to itself when something was said or asked for."""
    entry = get_object_or_404(Resource, pk=pk)
    if not owner.has_view_permission(request, entry):
        raise PermissionDenied
    field = request.GET.get("of", "url")
    if field not in _FIELDS:
        raise Http404
    address = getattr(entry, field)
    link = Link.objects.filter(key=address_key(address)).first()
    may_change = owner.has_change_permission(request, entry)
    form = NewAddressForm(request.POST if request.POST.get("do") == "address" else None)
    copy_form = CopyForm(request.POST if request.POST.get("do") == "use-copy" else None)
    if request.method == "POST":
        if not may_change or link is None:
            raise PermissionDenied
        page = _do(request, entry, field, link, form, copy_form)
        if page:
            return HttpResponseRedirect(page)
    context = (
        owner.admin_site.each_context(request)
        | _found_of(entry, link)
        | {
            "title": gettext("Link checks"),
            "subtitle": str(entry),
            "opts": owner.opts,
            "original": entry,
            "address": address,
            "field_label": _FIELDS[field] if field != "url" else "",
            "copy_form": copy_form,
            "asks_archive": current().asks_archive,
            "token": tokens_now(Resource, [pk])[pk],
            "may_change": may_change,
            "form": form,
            "may_replace": field == "url" and may_publish(request.user),
            "query": request.GET.get("q", "")[:200],
            "found": _replacements(entry, request.GET.get("q", "")[:200]),
        }
    )
    return TemplateResponse(request, "admin/library/resource/link.html", context)


def _found_of(entry: Resource, link: Link | None) -> dict[str, Any]:
    """What checks have found of a link of this entry, perhaps nothing; and what has replaced what."""
    chain = {"chain": Resource.objects.in_chain_of(entry)}
    if link is None:
        return chain
    return chain | {
        "link": link,
        "copy": LinkCopy.objects.filter(link=link).first(),
        "is_lost": link.condition in _LOST,
        "page_title": link.page.get("title", ""),
        "looks": list(link.looks.order_by("-looked_at")[:_SHOWN]),
        "changes": list(link.changes.order_by("-changed_at")[:_SHOWN]),
    }


def _replacements(entry: Resource, words: str) -> Any:
    """Entries that readers can see with these words, which may replace this one; none for no words."""
    published = Resource.objects.published(timezone.now()).exclude(pk=entry.pk)
    return matching(published, words).order_by("title", "pk")[:_FOUND] if words.strip() else []


def _do(
    request: HttpRequest, entry: Resource, field: str, link: Link, form: NewAddressForm, copy_form: CopyForm
) -> str:
    """Do what was asked for; the page to go to, or nothing where the form has an error to show."""
    here, matters = request.get_full_path(), reverse("admin:library_resource_links")
    seen = {entry.pk: request.POST.get("seen", "")}
    match request.POST.get("do"):
        case "address":
            if not form.is_valid():
                return ""
            address, comment = form.cleaned_data["address"], gettext("Address changed: the old one is gone.")
            is_done = change_addresses(request, seen, {entry.pk: {field: address}}, comment)
            return matters if is_done else here
        case "replace":
            if not may_publish(request.user):
                raise PermissionDenied
            successor = Resource.objects.filter(pk__in=only_ids([request.POST.get("by", "")])).first()
            return matters if successor and replace_entry(request, seen, entry, successor) else here
        case "confirm":
            mark_as_working(request, [link], [entry])
            messages.success(request, gettext("Thanks. We’ll go by that until the site answers differently."))
        case "use-copy":
            return here if use_copy(request, entry, link, copy_form) else ""
        case "copy-right" | "copy-wrong" as word:
            judge_copy(request, entry, link, is_right=word == "copy-right")
        case "look":
            look_soon(link, timezone.now())
            messages.success(request, gettext("We’ll check it within a few minutes."))
        case _:
            messages.warning(request, gettext("That can’t be done now. Here’s where it is."))
    return here
