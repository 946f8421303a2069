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

from .base import CuratedAdmin
from .history import record_many

_SHOWN = ("what", "entry", "address_as_text", "name", "words")


@admin.register(ReaderReport)
class ReaderReportAdmin(CuratedAdmin):
    list_display = ("what", "in_short", "entry_title", "received_on", "state", "closed_by")
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
    readonly_fields = (*_SHOWN, "received_on", "by_whom", "closed_at")
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
