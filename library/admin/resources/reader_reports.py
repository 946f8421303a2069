"""What readers sent about an entry, at its form; and a reader's suggestion that becomes a draft in one press."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from library.admin.base import CuratedAdmin
from library.admin.form_request import FormRequest
from library.admin.history import record_row
from library.admin.ids import only_ids
from library.models import AuditEntry, ReaderReport, Resource
from library.models.resource.kinds import Kind

from .duplicate_urls import links_to
from .proposals import READ
from .url_changes import form_of

# The query parameter with the id of the suggestion that a new entry is made of.
REPORT = "report"
_VIEW, _CHANGE = "library.view_readerreport", "library.change_readerreport"


def suggestion_of(request: HttpRequest) -> ReaderReport | None:
    """The suggestion that the address asks to make an entry of; None where this person may see none. One query."""
    pk = next(iter(only_ids(request.GET.getlist(REPORT))), None)
    if pk is None or not request.user.has_perm(_VIEW):
        return None
    report: ReaderReport | None = ReaderReport.objects.filter(pk=pk, kind=ReaderReport.Kind.SUGGESTION).first()
    return report


def draft_buttons(report: ReaderReport, labels: Mapping[Kind, str | Promise]) -> SafeString:
    """For each of these kinds a button to the form of a new entry, filled in with what the suggested page says."""
    action = reverse("admin:library_resource_add")
    rows = [(f"{action}?kind={kind.value}&{REPORT}={report.pk}", READ, label) for kind, label in labels.items()]
    button = '<button type="submit" formmethod="post" formaction="{}" name="{}" value="1">{}</button>'
    return format_html_join(" ", button, rows)


def known_entries(report: ReaderReport) -> SafeString | str:
    """Links to the entries that lead to the suggested page already. One query."""
    others = list(Resource.objects.at_the_same_address(report.address)[:6]) if report.address else []
    return links_to(others) if others else ""


def with_suggested_address(form_request: FormRequest) -> FormRequest:
    """The form as it was sent, with the address of the suggestion where none was sent."""
    if READ not in form_request.sent or "url" in form_request.sent:
        return form_request
    report = suggestion_of(form_request.request)
    if report is None:
        return form_request
    data = form_request.sent.copy()
    data["url"] = report.address
    return replace(form_request, data=data)


def close_suggestion(request: HttpRequest, entry: Resource) -> None:
    """Mark the suggestion that the entry was made of as done, with the entry; nothing where somebody has closed it."""
    report = suggestion_of(request)
    if report is None or report.state != ReaderReport.State.NEW:
        return
    user: Any = request.user
    report.change_state(ReaderReport.State.DONE, user, timezone.now())
    report.resource = entry
    report.save()
    record_row(request, report, AuditEntry.Kind.CHANGED, gettext("Made into an entry."))


def reports_of(request: HttpRequest, entry: Resource | None) -> dict[str, Any]:
    """For the form of an entry: its open reports, or the suggestion that a new one is made of. At most two queries."""
    if entry is None:
        report = suggestion_of(request)
        return {"suggestion": report, "suggestion_known": known_entries(report) if report else ""}
    if not request.user.has_perm(_VIEW):
        return {}
    reports = ReaderReport.objects.open().filter(resource=entry, kind=ReaderReport.Kind.PROBLEM).order_by("-pk")
    return {"open_reports": list(reports), "may_close_reports": request.user.has_perm(_CHANGE)}


def close_report(owner: CuratedAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """302 to the form of the entry, of which a report is marked as done; 403, 404, 405."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    entry = get_object_or_404(Resource, pk=pk)
    if not (request.user.has_perm(_CHANGE) and owner.has_view_permission(request, entry)):
        raise PermissionDenied
    chosen = ReaderReport.objects.filter(pk__in=only_ids([request.POST.get("report", "")]), resource=entry)
    report, user = chosen.first(), request.user
    if chosen.close(ReaderReport.State.DONE, user, timezone.now()) and report:  # type: ignore[arg-type]
        record_row(request, report, AuditEntry.Kind.CHANGED, gettext("Marked as done."))
        owner.message_user(request, gettext("The report is marked as done."), messages.SUCCESS)
    return HttpResponseRedirect(form_of(entry))
