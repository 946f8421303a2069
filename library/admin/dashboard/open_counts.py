"""What readers open: shown in whole tens of the last 28 days, and only from ten upwards."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from library.models import OpenCount, Resource
from library.models.open_count import OPEN_COUNT_STEP, WINDOW_DAYS

# So many entries stand in the list.
MOST_OPENED_LIMIT = 100


def opened_of_late(resource: Resource) -> str:
    """How often, in words. Costs a query."""
    return open_count_label(OpenCount.objects.in_tens(resource, localdate()))


def open_count_label(number: int) -> str:
    """Browsers that tell nothing are not in the number, so it is never more than “at least”."""
    return (
        gettext("At least %d times") % number
        if number
        else gettext("Fewer than %d times, or unknown") % OPEN_COUNT_STEP
    )


def most_opened_page(model_admin: Any, request: HttpRequest) -> TemplateResponse:
    """200 with the entries that were opened ten times or more, the most opened first. Two queries for its rows."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    counts = OpenCount.objects.most_opened(localdate(), MOST_OPENED_LIMIT)
    resources = Resource.objects.select_related("publisher").in_bulk([pk for pk, _number in counts])
    context = model_admin.admin_site.each_context(request) | {
        "title": gettext("Most opened"),
        "opts": model_admin.opts,
        "days": WINDOW_DAYS,
        "step": OPEN_COUNT_STEP,
        "rows": [(resources[pk], open_count_label(number)) for pk, number in counts if pk in resources],
    }
    return TemplateResponse(request, "admin/library/resource/most_opened.html", context)
