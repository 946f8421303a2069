"""Importing in the admin: upload, look at what it would do, say yes, look at what it did, take it back.

The pages only ask; `library.imports.worker` does it, apart from any request, and they say how far it is.
"""

from dataclasses import asdict
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import OperationalError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.accounts.permissions import EDIT_EVERY, PUBLISH
from library.admin.base import CuratedAdmin
from library.admin.exports import file_answer
from library.admin.ids import only_ids
from library.exports.columns import COLUMNS, TAKES
from library.imports.bad_rows import BAD_ROW_COLUMNS, bad_rows
from library.imports.column_plan import ColumnPlan
from library.imports.uploads import receive
from library.imports.worker import start_worker
from library.models import FileImport, ImportedRow
from library.models.file_import import BEGIN_WITHIN, is_worker_running

from .columns_form import ColumnsForm, explain
from .forms import UploadForm, template_file

_State = FileImport.State
PER_PAGE = 100
DISK_FULL = "53100"  # PostgreSQL's code
IN_THE_WAY = "edited"
# Of a row that stands in the way, what its part of the table is called, and why it does: of a check, and of an undo.
PART_IN_THE_WAY = {
    _State.CHECKED: _("Edited since the last check"),
    _State.IMPORTED: _("Blocking undo"),
}
WHY_IN_THE_WAY = {
    _State.CHECKED: _("Someone edited this entry after the last check. These are its current values."),
    _State.IMPORTED: _("Edited since the import, or needed by something added later."),
}


@admin.register(FileImport)
class FileImportAdmin(CuratedAdmin):
    list_display = ("name", "state", "uploaded_at", "uploaded_by", "created", "changed", "unchanged", "bad")
    list_select_related = ("uploaded_by",)
    list_filter = ("state",)
    sortable_by = ()
    actions = None

    def get_queryset(self, request: HttpRequest) -> Any:
        """Without the long lists of what each has made: only an undo reads them."""
        return super().get_queryset(request).defer("warnings", "columns", "made_publishers", "made_tags")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever may add resources and change every one: an import does both."""
        return all(map(request.user.has_perm, ("library.add_resource", "library.change_resource", EDIT_EVERY)))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request)

    def get_urls(self) -> list[Any]:
        template = self.admin_site.admin_view(self.template_view)
        bad_rows = self.admin_site.admin_view(self.bad_rows_view)
        return [
            path("template/<str:ending>/", template, name="library_fileimport_template"),
            path("<int:pk>/bad-rows/<str:ending>/", bad_rows, name="library_fileimport_bad_rows"),
            *super().get_urls(),
        ]

    def bad_rows_view(self, request: HttpRequest, pk: int, ending: str) -> HttpResponseBase:
        """200 with the bad rows of an import, to correct and import again; 404 where there are none."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        file_import = get_object_or_404(FileImport, pk__in=only_ids([str(pk)]), bad__gt=0)
        if ending not in {"csv", "xlsx"}:
            raise Http404
        return file_answer(f"bad-rows-{pk}.{ending}", BAD_ROW_COLUMNS, bad_rows(file_import), ending)

    def template_view(self, request: HttpRequest, ending: str) -> HttpResponseBase:
        if not self.has_add_permission(request):
            raise PermissionDenied
        if ending not in {"csv", "xlsx"}:
            raise Http404
        return template_file(ending)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """200 with the form, also when there is a fault in it; 302 to the page of the import."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = UploadForm(*sent, may_publish=request.user.has_perm(PUBLISH))
        if form.is_valid():
            try:
                return self._receive(request, form.cleaned_data)
            except OperationalError as error:
                if getattr(error.__cause__, "pgcode", None) != DISK_FULL:
                    raise
                form.add_error(
                    "file",
                    gettext("There wasn’t enough room to store the file. Nothing was changed. Tell the operator."),
                )
        context = self.admin_site.each_context(request) | {
            "title": gettext("Import resources from a file"),
            "opts": self.opts,
            "form": form,
            "columns": [(column, TAKES[column]) for column in COLUMNS],
        }
        return TemplateResponse(request, "admin/library/fileimport/upload.html", context)

    def _receive(self, request: HttpRequest, values: dict[str, Any]) -> HttpResponse:
        file, user, now = values["file"], request.user, timezone.now()
        options = {"create_missing": values.get("create_missing", False), "publish": values.get("publish") == "yes"}
        file_import = receive(file.chunks(), file.name, user, now, **options)  # type: ignore[arg-type]
        self.log_addition(request, file_import, gettext("Uploaded to be checked."))
        transaction.on_commit(start_worker)
        return _to(file_import)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """200 with how far it is and what became of its rows; 302 to itself when something was asked for; 404."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        ids = only_ids([object_id])
        file_import = get_object_or_404(FileImport.objects.select_related("uploaded_by"), pk__in=ids)
        if file_import.columns and _is_about_columns(request, file_import):
            return self._columns_view(request, file_import)
        if request.method == "POST":
            self._start_step(request, file_import, request.POST.get("do", ""))
            return _to(file_import)
        return TemplateResponse(request, "admin/library/fileimport/import.html", self._context(request, file_import))

    def _columns_view(self, request: HttpRequest, file_import: FileImport) -> HttpResponse:
        """200 with the question which column is what; 302 to the page of the import, which is checked so."""
        may_decide = _may_decide(request, file_import)
        if request.method == "POST" and not may_decide:
            raise PermissionDenied
        plan = ColumnPlan.from_json(file_import.columns)
        form = ColumnsForm(request.POST if request.method == "POST" else None, plan)
        if form.is_valid():
            values = (_State.CHECKING, timezone.now(), request.user)
            columns = asdict(form.chosen())
            if FileImport.objects.ask(file_import.pk, file_import.state, *values, columns=columns):
                self.log_change(request, file_import, gettext("Columns chosen."))
                transaction.on_commit(partial(start_worker))
            return _to(file_import)
        context = self.admin_site.each_context(request) | {
            "title": gettext("Which column is what?"),
            "opts": self.opts,
            "file_import": file_import,
            "form": form,
            "may_decide": may_decide,
        }
        return TemplateResponse(request, "admin/library/fileimport/columns.html", context)

    def _start_step(self, request: HttpRequest, file_import: FileImport, step: str) -> None:
        """Have the next step done, where this import may take it."""
        steps: dict[str, tuple[str, str, dict[str, Any], Any]] = {
            "import": (_State.CHECKED, _State.IMPORTING, {"skip_bad": False}, gettext("Import requested.")),
            "import-good": (
                _State.CHECKED,
                _State.IMPORTING,
                {"skip_bad": True},
                gettext("Import of the good rows requested."),
            ),
            "undo": (_State.IMPORTED, _State.UNDOING, {"undo_rest": False}, gettext("Undo requested.")),
            "undo-rest": (_State.IMPORTED, _State.UNDOING, {"undo_rest": True}, gettext("Undo of the rest requested.")),
            "again": (file_import.state, file_import.state, {}, gettext("Restarted.")),
        }
        if not _may_decide(request, file_import):
            raise PermissionDenied
        now = timezone.now()
        if step not in steps or not _may(file_import, step, request.POST, now):
            self.message_user(request, gettext("That can’t be done now. Here’s where it is."), messages.WARNING)
            return
        old, new, values, text = steps[step]
        if not FileImport.objects.ask(file_import.pk, old, new, now, request.user, **values):
            self.message_user(request, gettext("Someone else got there first. Here’s where it is."), messages.WARNING)
            return
        self.log_change(request, file_import, text)
        transaction.on_commit(partial(start_worker))

    def _context(self, request: HttpRequest, file_import: FileImport) -> dict[str, Any]:
        now, rows = timezone.now(), file_import.rows.order_by("line").select_related("resource")
        rows = rows.only("file_import", "line", "outcome", "title", "details", "blocks_undo", "resource__title")
        shown = request.GET.get("show", "")
        if shown == IN_THE_WAY:
            rows = rows.filter(blocks_undo=True)
        elif shown in ImportedRow.Outcome.values:
            rows = rows.filter(outcome=shown)
        else:
            shown = ""
        stopped, choices = _has_stopped(file_import, now), _choices(file_import)
        until = file_import.undo_until
        return self.admin_site.each_context(request) | {
            "title": file_import.name,
            "opts": self.opts,
            "file_import": file_import,
            "is_working": file_import.state in FileImport.WORK and not stopped,
            "has_stopped": stopped,
            "may_decide": _may_decide(request, file_import),
            "columns": explain(ColumnPlan.from_json(file_import.columns)) if file_import.columns else [],
            "undo_until": until if until and until > now else None,
            "good": file_import.created + file_import.changed,
            "shown": shown,
            "choices": choices,
            "in_the_way": next((count for name, _label, count in choices if name == IN_THE_WAY), 0),
            "why_in_the_way": WHY_IN_THE_WAY.get(_State(file_import.state), ""),
            "rows": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        }


def _is_about_columns(request: HttpRequest, file_import: FileImport) -> bool:
    """Whether this is the question which column is what, or its answer."""
    if request.method == "POST":
        return request.POST.get("do") == "columns" and file_import.state in (_State.COLUMNS, _State.CHECKED)
    return file_import.state == _State.COLUMNS or ("columns" in request.GET and file_import.state == _State.CHECKED)


def _to(file_import: FileImport) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:library_fileimport_change", args=[file_import.pk]))


def _may_decide(request: HttpRequest, file_import: FileImport) -> bool:
    """Whether this person may have it done, or undone: what it publishes is a publisher's decision."""
    return request.user.has_perm(PUBLISH) or not (file_import.publish or file_import.create_missing)


def _has_stopped(file_import: FileImport, now: Any) -> bool:
    """Whether something is to be done, and nobody does it. Costs a query then."""
    is_due = file_import.state in FileImport.WORK and file_import.requested_at + BEGIN_WITHIN < now
    return is_due and not is_worker_running()


def _may(file_import: FileImport, step: str, sent: Any, now: Any) -> bool:
    """Whether its page offers this."""
    match step:
        case "import":
            return not file_import.bad and bool(file_import.created + file_import.changed)
        case "import-good":
            return bool(file_import.created + file_import.changed)
        case "undo" | "undo-rest":
            return bool(sent.get("sure")) and file_import.undo_until is not None and now < file_import.undo_until
        case _:
            return _has_stopped(file_import, now)


def _choices(file_import: FileImport) -> list[tuple[str, Any, int]]:
    """The parts of the table: what the address says, its words, how many rows."""
    counts = (file_import.bad, file_import.changed, file_import.created, file_import.unchanged)
    labels = {
        "bad": gettext("Bad"),
        "changed": gettext("Changed entries"),
        "new": gettext("New entries"),
        "same": gettext("Already in the library, no changes"),
    }
    parts = [(name, label, count) for (name, label), count in zip(labels.items(), counts, strict=True) if count]
    label = PART_IN_THE_WAY.get(_State(file_import.state), "")
    in_the_way = file_import.rows.filter(blocks_undo=True).count() if file_import.message and label else 0
    return [*parts, (IN_THE_WAY, label, in_the_way)] if in_the_way else parts
