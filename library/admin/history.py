"""Every change that is made through the admin is recorded, and each row's page lists its own."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext

from library.history.diff import difference
from library.history.record import record, record_event
from library.history.restore import STAYS, EditConflict, recover, restore, within_reach
from library.history.snapshot import is_versioned, snapshot_now, snapshot_of, versions_of
from library.models import AuditEntry, Resource, ResourceNote, Version

from .errors import REFUSALS, error_text
from .form_request import SEEN

if TYPE_CHECKING:
    from .base import CuratedAdmin

# The most changes of a row that its page lists.
_LISTED = 200


def change_message(form: Any) -> str:
    """Which fields a form has changed, in a sentence; empty where none."""
    labels = [str(form.fields[name].label or name) if name in form.fields else name for name in form.changed_data]
    return gettext("Changed %s.") % get_text_list(labels, gettext("and")) if labels else ""


def record_row(request: HttpRequest, row: models.Model, kind: AuditEntry.Kind, text: str = "") -> None:
    """Record that the person of this request added or changed a row. What other code changes, that code records."""
    by: Any = request.user
    if is_versioned(type(row)):
        record(type(row), [row.pk], kind, by=by, now=timezone.now(), comment=text)
    else:
        record_event(type(row), kind, row=row, by=by, now=timezone.now(), comment=text)


def record_many(
    request: HttpRequest, model: type[models.Model], kind: AuditEntry.Kind, total: int, text: str = ""
) -> None:
    """Record that the person of this request did something to so many rows, and not to which."""
    by: Any = request.user
    record_event(model, kind, total=total, by=by, now=timezone.now(), comment=text)


def record_deletions(owner: "CuratedAdmin", request: HttpRequest, rows: Collection[Any]) -> None:
    """Record what is about to be deleted."""
    by: Any = request.user
    if is_versioned(owner.model):
        record(owner.model, [row.pk for row in rows], AuditEntry.Kind.DELETED, by=by, now=timezone.now())
        return
    for row in rows:
        record_event(owner.model, AuditEntry.Kind.DELETED, row=row, by=by, now=timezone.now())


def history_page(owner: "CuratedAdmin", request: HttpRequest, object_id: str) -> HttpResponse | None:
    """200 with every change of the row, the newest first, with its version, if any; None where there is no row."""
    row = owner.get_object(request, unquote(object_id))
    if row is None:
        return None
    if not owner.has_view_or_change_permission(request, row):
        raise PermissionDenied
    changes: list[tuple[AuditEntry, Version | None]]
    if is_versioned(owner.model):
        versions = versions_of(owner.model, row.pk).select_related("entry__user")
        changes = [(version.entry, version) for version in versions[:_LISTED]]
    else:
        entries = AuditEntry.objects.about(row).select_related("user")
        changes = [(entry, None) for entry in entries[:_LISTED]]
    context = _row_context(owner, request, row, gettext("History: %s") % row)
    notes = ResourceNote.objects.filter(resource=row).select_related("author") if isinstance(row, Resource) else ()
    context |= {"changes": changes, "has_versions": is_versioned(owner.model), "notes": notes}
    return TemplateResponse(request, "admin/history.html", context)


def version_page(owner: "CuratedAdmin", request: HttpRequest, object_id: str, version: int) -> HttpResponse:
    """200 with what a change did and what restoring it would do; 302 when it has been restored.

    409 with what it would do today, where somebody has changed the row since the page was made.
    """
    row = owner.get_object(request, unquote(object_id)) if is_versioned(owner.model) else None
    if row is None:
        raise Http404
    if not owner.has_view_or_change_permission(request, row):
        raise PermissionDenied
    versions = versions_of(owner.model, row.pk).select_related("entry__user")
    shown = versions.filter(pk=version).first()
    if shown is None:
        raise Http404
    if request.method != "POST":
        return _version_page(owner, request, row, shown, versions)
    if not owner.has_change_permission(request, row):
        raise PermissionDenied
    try:
        return owner.restore_version(request, row, shown)
    except EditConflict:
        return _version_page(owner, request, row, shown, versions, is_changed=True)


def _version_page(
    owner: "CuratedAdmin", request: HttpRequest, row: Any, shown: Any, versions: Any, is_changed: bool = False
) -> HttpResponse:
    before = versions.filter(pk__lt=shown.pk).first()
    then, now = snapshot_of(shown), snapshot_now(owner.model, row.pk)
    stays = STAYS.get(owner.model, frozenset())
    restored, left_out = within_reach(owner.model, then)
    changes = [change for change in difference(owner.model, now, restored) if change.name not in stays]
    context = _row_context(owner, request, row, gettext("Version of %s") % row) | {
        "version": shown,
        "then": then,
        "is_first": before is None,
        "done": difference(owner.model, snapshot_of(before) if before else None, then),
        "changes": changes,
        "left_out": left_out if changes else (),
        "address": owner.restore_warning(row, then.fields) if changes else "",
        "seen": now.token if now else "",
        "is_changed": is_changed,
        "may_restore": owner.has_change_permission(request, row),
    }
    return TemplateResponse(request, "admin/version.html", context, status=409 if is_changed else 200)


def restore_row(owner: "CuratedAdmin", request: HttpRequest, row: Any, version: Any) -> HttpResponse:
    """302 to the row as it was in this version; to the same page, with the reason, where it cannot be.

    Raises `EditConflict` where the row is not what the page showed.
    """
    by: Any = request.user
    try:
        with transaction.atomic():
            done = restore(version, seen=request.POST.get(SEEN, ""), by=by, now=timezone.now())
    except REFUSALS as error:
        return _refused(owner, request, error, request.path)
    owner.message_user(request, gettext("The older version is restored."), messages.SUCCESS)
    if text := owner.restore_note(done.row, row):
        owner.message_user(request, text, messages.INFO)
    _report_left_out(owner, request, done.left_out)
    return _to_row(owner, row.pk)


def recover_row(owner: "CuratedAdmin", request: HttpRequest, version: Any) -> HttpResponse:
    """302 to the row that is back; to what was deleted, with the reason, where it cannot be."""
    by: Any = request.user
    try:
        with transaction.atomic():
            done = recover(version, by=by, now=timezone.now())
    except REFUSALS as error:
        return _refused(owner, request, error, request.get_full_path())
    text = gettext("“%s” is back.") if done.renamed else gettext("“%s” is back, with the same permanent links.")
    owner.message_user(request, text % done.row, messages.SUCCESS)
    if done.renamed:
        owner.message_user(request, done.renamed, messages.WARNING)
    _report_left_out(owner, request, done.left_out)
    return _to_row(owner, done.row.pk)


def _refused(owner: "CuratedAdmin", request: HttpRequest, error: Exception, address: str) -> HttpResponse:
    owner.message_user(request, gettext("Nothing was changed. %s") % error_text(error, owner.model), messages.ERROR)
    return HttpResponseRedirect(address)


def _report_left_out(owner: "CuratedAdmin", request: HttpRequest, left_out: Collection[str]) -> None:
    if left_out:
        owner.message_user(
            request, gettext("Left out, because they no longer exist: %s.") % ", ".join(left_out), messages.WARNING
        )


def _to_row(owner: "CuratedAdmin", pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse(f"admin:{owner.opts.app_label}_{owner.opts.model_name}_change", args=[pk]))


def _row_context(owner: "CuratedAdmin", request: HttpRequest, row: Any, title: str) -> dict[str, Any]:
    return owner.admin_site.each_context(request) | {"title": title, "opts": owner.opts, "original": row}
