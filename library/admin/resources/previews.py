"""Looking at an entry before readers do: the curators' own preview, and a link for somebody without an account.

Both show the row as it is saved. The buttons belong to the form and save it first, so that nothing typed is lost.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.admin.base import CuratedAdmin
from library.admin.form_request import FormRequest, Outcome
from library.history.record import record_event
from library.models import AuditEntry, PreviewLink, Resource
from library.pages.resource_page import preview_of

from .url_changes import form_of

PREVIEW, MAKE_LINK, END_LINK = "_preview", "_make_link", "_end_link"
_BEFORE_READERS = _(
    "A link for someone without an account, who sees the entry the way readers will. It works for seven days or until "
    "you end it, and search engines don’t list it. Anyone with the link sees the latest saved version."
)
_WITH_READERS = _("No one needs a preview link: “View on site” opens its page, which anyone can see.")


def is_seen(resource: Resource) -> bool:
    """Whether readers see the page of this entry now."""
    return resource.is_published(timezone.now())


def preview_page(owner: CuratedAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """200 with the page of a resource as it is saved, whatever its state."""
    entry = get_object_or_404(Resource.objects.with_page_relations(), pk=pk)
    if not owner.has_view_permission(request, entry):
        raise PermissionDenied
    return preview_of(request, entry, timezone.now(), way_back=form_of(entry))


def press_preview_button(form_request: FormRequest, outcome: Outcome) -> Outcome:
    """What the buttons of this module do with a form that has been saved; other buttons leave the outcome as it is."""
    resource: Resource = outcome.row
    if PREVIEW in form_request.sent:
        return replace(outcome, address=reverse("admin:library_resource_preview", args=[resource.pk]))
    if MAKE_LINK in form_request.sent and is_seen(resource):
        text = gettext("Saved. No link was made, because anyone can already open this entry’s page.")
        return _with_message(outcome, messages.WARNING, text, form_of(resource))
    if MAKE_LINK in form_request.sent:
        user: Any = form_request.request.user
        link = PreviewLink.objects.make(resource, user, timezone.now())
        text = gettext("Saved. Until %s, anyone with the link below can view this entry.") % _moment(link)
    elif END_LINK in form_request.sent:
        PreviewLink.objects.end(resource)
        text = gettext("Saved. The preview link no longer works.")
    else:
        return outcome
    by: Any = form_request.request.user
    record_event(Resource, AuditEntry.Kind.CHANGED, row=resource, by=by, now=timezone.now(), comment=text)
    return _with_message(outcome, messages.SUCCESS, text, f"{form_of(resource)}#link_for_others")


def _with_message(outcome: Outcome, level: int, text: str, address: str) -> Outcome:
    return replace(outcome, messages=(*outcome.messages, (level, text)), address=address)


@dataclass(frozen=True)
class LinkForOthers:
    """The link that works now, if there is one, and the buttons that make and end one: a field of the form.

    `site_root` is the scheme and host that the link begins with.
    """

    site_root: str
    short_description = _("preview link")
    __name__ = "link_for_others"

    def __call__(self, resource: Any) -> SafeString:
        link = PreviewLink.objects.alive(timezone.now()).filter(resource=resource.pk).first()
        made = [(MAKE_LINK, gettext("Save and make a new link") if link else gettext("Save and make a link"))]
        made = [] if is_seen(resource) else made
        made += [(END_LINK, gettext("Save and end the link"))] if link else []
        text: Any = gettext("No active link.")
        if link:
            address = f"{self.site_root}{link.get_absolute_url()}"
            until = gettext("Anyone with the link can view it until %s, or until you make a new one.") % _moment(link)
            text = format_html('<a href="{0}">{0}</a><br>{1}', address, until)
        return format_html('<div id="link_for_others"><p>{}</p><p>{}</p></div>', text, _buttons(made))


def preview_group(resource: Resource, link_for_others: LinkForOthers) -> list[tuple[Any, dict[str, Any]]]:
    """The group of the form with the link for others, open while one works. What readers see needs no link."""
    has_link = PreviewLink.objects.alive(timezone.now()).filter(resource=resource.pk).exists()
    if is_seen(resource) and not has_link:
        return []
    text = _WITH_READERS if is_seen(resource) else _BEFORE_READERS
    classes = () if has_link else ("collapse",)
    return [(_("Preview link"), {"fields": (link_for_others,), "classes": classes, "description": text})]


def _buttons(made: list[tuple[str, str]]) -> SafeString:
    return format_html_join(" ", '<button type="submit" name="{}" value="1">{}</button>', made)


def _moment(link: PreviewLink) -> str:
    return date_format(timezone.localtime(link.until), "DATETIME_FORMAT")
