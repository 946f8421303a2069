"""What is to come, by month: entries that go live, that end, or that are due for review, and guides due for review."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.models import Guide, Resource

# So many of each sort are shown, the next ones first.
CALENDAR_LIMIT = 200


@dataclass(frozen=True, slots=True)
class CalendarItem:
    """What happens on a day to an entry or a guide, with the address of its form."""

    day: date
    what: str | Promise
    title: str
    path: str


def calendar_items(now: datetime, may_see_guides: bool) -> list[CalendarItem]:
    """From today on, in order of their days. At most four queries."""
    today = timezone.localdate(now)
    published = Resource.objects.filter(state=Resource.State.PUBLISHED)
    sorts: list[tuple[Any, str, str | Promise]] = [
        (published.filter(listed_at__gt=now), "listed_at", _("Goes live")),
        (published.filter(expires_at__gt=now), "expires_at", _("Ends")),
        (published.filter(review_by__gte=today), "review_by", _("Review due")),
    ]
    if may_see_guides:
        sorts.append((Guide.objects.published().filter(review_by__gte=today), "review_by", _("Guide: review due")))
    items = [item for rows, name, what in sorts for item in _items_of(rows, name, what)]
    return sorted(items, key=lambda item: (item.day, item.title))


def _items_of(rows: Any, name: str, what: str | Promise) -> list[CalendarItem]:
    address = f"admin:library_{rows.model._meta.model_name}_change"
    values = rows.order_by(name, "pk").values_list("pk", "title", name)[:CALENDAR_LIMIT]
    return [
        CalendarItem(
            timezone.localdate(moment) if isinstance(moment, datetime) else moment,
            what,
            title,
            reverse(address, args=[pk]),
        )
        for pk, title, moment in values
    ]


def calendar_page(model_admin: Any, request: HttpRequest) -> TemplateResponse:
    """200 with what is to come, by month."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    items = calendar_items(timezone.now(), request.user.has_perm("library.view_guide"))
    months = groupby(items, key=lambda item: item.day.replace(day=1))
    context = model_admin.admin_site.each_context(request) | {
        "title": gettext("Calendar"),
        "opts": model_admin.opts,
        "months": [(month, list(of_month)) for month, of_month in months],
        "limit": CALENDAR_LIMIT,
    }
    return TemplateResponse(request, "admin/library/resource/calendar.html", context)
