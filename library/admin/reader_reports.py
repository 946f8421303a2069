"""What readers told. Their words are shown as they came, as plain text: none of their links can be clicked."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from library.models import AuditEntry, ReaderReport
from library.models.resource.kinds import Kind

from .base import CuratedAdmin
from .history import record_many
from .resources.reader_reports import draft_buttons, known_entries

_SHOWN = ("what", "entry", "address_as_text", "name", "words")
_ADD = "library.add_resource"
_TO_DRAFT_HELP = _(
    "Choose its kind. We read the page and suggest a title, a summary, a publisher, and a date. When you save the "
    "entry, this report is marked as done."
)
_TO_DRAFT = ("known", "to_draft")


def _may_become_draft(request: HttpRequest, report: ReaderReport | None) -> bool:
    if report is None or report.state != ReaderReport.State.NEW:
        return False
    return report.kind == ReaderReport.Kind.SUGGESTION and request.user.has_perm(_ADD)


@admin.register(ReaderReport)
class ReaderReportAdmin(CuratedAdmin):
    list_display = ("what", "in_short", "entry_title", "received_on", "state", "closed_by", "draft_in_list")
    file_columns = (
        "what",
        "entry_title",
        "address",
        "name",
        "words",
        "received_on",
        "state",
        "note",
        "closed_by",
        "closed_at",
    )
    list_filter = ("state", "kind")
    list_select_related = ("resource", "closed_by")
    search_fields = ("words", "name", "address", "note", "resource__title")
    actions = ("mark_as_done", "dismiss")
    readonly_fields = (*_SHOWN, "received_on", *_TO_DRAFT, "by_whom", "closed_at")
    fieldsets = (
        (
            _("What the reader sent"),
            {
                "fields": (*_SHOWN, "received_on"),
                "description": _(
                    "This is anonymous, so we can’t reply. Anyone could have written it, so be careful with web "
                    "addresses. Nothing here is clickable. If it names a person, delete the report when you’re done."
                ),
            },
        ),
        (_("Outcome"), {"fields": ("state", "note", "by_whom", "closed_at")}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """With the way to a draft, where it is an open suggestion and this person may add entries."""
        sent, outcome = super().get_fieldsets(request, obj)
        draft = (_("Make a draft of it"), {"fields": _TO_DRAFT, "description": _TO_DRAFT_HELP})
        return [sent, draft, outcome] if _may_become_draft(request, obj) else [sent, outcome]

    def get_list_display(self, request: HttpRequest) -> Any:
        columns = super().get_list_display(request)
        return columns if request.user.has_perm(_ADD) else [name for name in columns if name != "draft_in_list"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if "state" in form.changed_data:
            obj.change_state(obj.state, request.user, timezone.now())
        super().save_model(request, obj, form, change)

    @admin.display(description=_("what"), ordering="kind")
    def what(self, report: ReaderReport) -> str:
        return report.get_reason_display() or report.get_kind_display()

    @admin.display(description=_("closed by"), empty_value="–")
    def by_whom(self, report: ReaderReport) -> str | None:
        """The name alone: not everybody who reads reports may open the pages of people."""
        return str(report.closed_by) if report.closed_by else None

    @admin.display(description=_("summary"))
    def in_short(self, report: ReaderReport) -> str:
        text = " · ".join(part for part in (report.address, report.name, report.words) if part)
        return Truncator(text).chars(120)

    @admin.display(description=_("entry"), ordering="resource__title")
    def entry_title(self, report: ReaderReport) -> str:
        return report.resource.title if report.resource else ""

    @admin.display(description=_("entry"))
    def entry(self, report: ReaderReport) -> str:
        """The entry, as curators change it and as readers see it."""
        if report.resource is None:
            return gettext("none (about the site)") if report.kind == ReaderReport.Kind.PROBLEM else ""
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a>',
            reverse("admin:library_resource_change", args=[report.resource.pk]),
            report.resource.title,
            report.resource.get_absolute_url(),
            gettext("view on site"),
        )

    @admin.display(description=_("suggested address"))
    def address_as_text(self, report: ReaderReport) -> str:
        """Not Django's own way: that makes a link of it."""
        if not report.address:
            return ""
        return format_html("{}<br><em>{}</em>", report.address, gettext("If you trust it, copy it to open it."))

    @admin.display(description=_("already in the library"))
    def known(self, report: ReaderReport) -> Any:
        return known_entries(report) or gettext("No entry has this address.")

    @admin.display(description=_("make a draft"))
    def to_draft(self, report: ReaderReport) -> Any:
        return draft_buttons(report, {kind: kind.label for kind in Kind})

    @admin.display(description=_("make a draft"))
    def draft_in_list(self, report: ReaderReport) -> Any:
        is_open = report.kind == ReaderReport.Kind.SUGGESTION and report.state == ReaderReport.State.NEW
        return draft_buttons(report, {Kind.SITE: gettext("Make a draft")}) if is_open else ""

    @admin.action(description=_("Mark as done"), permissions=["change"])
    def mark_as_done(self, request: HttpRequest, reports: Any) -> None:
        self._close(request, reports, ReaderReport.State.DONE)

    @admin.action(description=_("Dismiss (no action needed)"), permissions=["change"])
    def dismiss(self, request: HttpRequest, reports: Any) -> None:
        self._close(request, reports, ReaderReport.State.DISMISSED)

    def _close(self, request: HttpRequest, reports: Any, state: str) -> None:
        chosen = ReaderReport.objects.filter(pk__in=reports.order_by().values("pk"))
        number = chosen.close(state, request.user, timezone.now())  # type: ignore[arg-type]
        text = ngettext("%d open report was closed.", "%d open reports were closed.", number) % number
        if number:
            record_many(request, ReaderReport, AuditEntry.Kind.CHANGED, number, text)
        self.message_user(request, text, messages.SUCCESS if number else messages.WARNING)
