"""What is shown of a resource and not edited: in its list, and among the fields of its form."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.accounts.permissions import may_change
from library.admin.dashboard.open_counts import opened_of_late
from library.models import Resource


@admin.display(description=_("published"), ordering="published_on")
def published(resource: Resource) -> str:
    return resource.published_label or "–"


@admin.display(description=_("on this site"), ordering="state")
def status(resource: Resource) -> str:
    """The state as readers meet it: dates make of a published resource a scheduled one, or one that has ended."""
    now = timezone.now()
    if resource.is_gone(now):
        return gettext("Withdrawn")
    if resource.state == Resource.State.DRAFT:
        return gettext("Draft")
    if resource.listed_at and resource.listed_at > now:
        return gettext("From %s") % date_format(timezone.localtime(resource.listed_at), "DATETIME_FORMAT")
    if resource.expires_at:
        return gettext("Until %s") % date_format(timezone.localtime(resource.expires_at), "DATETIME_FORMAT")
    return gettext("Published")


@admin.display(description=_("opened in the last 28 days"))
def opened_recently(resource: Resource) -> str:
    return opened_of_late(resource)


@admin.display(description=_("short link"))
def short_link(resource: Resource) -> SafeString:
    return format_html('<a href="{0}">{0}</a>', reverse("short-resource", args=[resource.ref]))


@admin.display(description=_("former addresses"))
def older_addresses(resource: Resource) -> str:
    former: Any = resource.former_slugs
    slugs = former.order_by("slug").values_list("slug", flat=True)[:50]
    return ", ".join(reverse("resource", args=[slug]) for slug in slugs) or "–"


def quick_edit_column(user: Any, filters: str) -> Callable[[Resource], SafeString | str]:
    """The column that leads this person to the small form of an entry they may change, and from there back here."""

    @admin.display(description=_("edit"))
    def edit(resource: Resource) -> SafeString | str:
        if not may_change(user, resource):
            return ""
        address = reverse("quick-edit", args=[resource.pk])
        label = gettext("Quick edit: %s") % resource.title
        text = gettext("Quick edit")
        return format_html('<a href="{}{}" aria-label="{}">{}</a>', address, f"?{filters}" * bool(filters), label, text)

    return edit
