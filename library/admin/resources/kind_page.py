"""The page on which an entry becomes one of another kind: what it would lose, what each kind has, and doing it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from library.admin.base import CuratedAdmin
from library.admin.errors import REFUSALS, error_text
from library.admin.form_request import SEEN
from library.admin.history import record_row
from library.history.diff import labels_of, value_of
from library.history.record import record_before
from library.history.restore import EditConflict, check
from library.history.snapshot import Snapshot, snapshot_now, versions_of
from library.models import AuditEntry, Resource
from library.models.resource.kinds import FIELDS_OF_KIND, Kind

from .form import SENTENCES
from .url_changes import form_of


def kind_page(owner: CuratedAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """200 with the kinds, and what the entry would lose; 302 to its form when it is of another kind, or to itself
    with why it cannot be.

    409 with what it would lose now, where it is another entry than the page showed.
    """
    entry = get_object_or_404(Resource, pk=pk)
    if not owner.has_change_permission(request, entry):
        raise PermissionDenied
    if request.method != "POST":
        return _kinds(owner, request, entry)
    chosen = request.POST.get("kind", "")
    if chosen not in Kind.values or chosen == entry.kind:
        return _refused(request, gettext("Choose a kind."))
    try:
        _change(request, pk, Kind(chosen))
    except EditConflict:
        return _kinds(owner, request, get_object_or_404(Resource, pk=pk), is_changed=True)
    except REFUSALS as error:
        return _refused(request, gettext("Nothing was changed. %s") % error_text(error, Resource))
    messages.success(request, _changed_message(pk))
    return HttpResponseRedirect(form_of(entry))


def _kinds(owner: CuratedAdmin, request: HttpRequest, entry: Resource, *, is_changed: bool = False) -> HttpResponse:
    now = snapshot_now(Resource, entry.pk)
    labels = labels_of(Resource)
    context = owner.admin_site.each_context(request) | {
        "title": gettext("Change kind"),
        "subtitle": str(entry),
        "opts": owner.opts,
        "original": entry,
        "lost": _lost(entry, now) if now else [],
        "kinds": [
            (kind.value, kind.label, sentence, [labels[name] for name in FIELDS_OF_KIND[kind]])
            for kind, sentence in SENTENCES.items()
            if kind != entry.kind
        ],
        "seen": now.token if now else "",
        "is_changed": is_changed,
    }
    return TemplateResponse(request, "admin/library/resource/kind.html", context, status=409 if is_changed else 200)


def _lost(entry: Resource, now: Snapshot) -> list[tuple[str, Any]]:
    """Label and value of each field that only the kind of now has, without those that are empty."""
    labels = labels_of(Resource)
    values = ((labels[name], value_of(Resource, name, now)) for name in FIELDS_OF_KIND[Kind(entry.kind)])
    return [(label, value) for label, value in values if value]


@transaction.atomic
def _change(request: HttpRequest, pk: int, kind: Kind) -> None:
    """Empty what only its old kind has; all else stays. Raises EditConflict, and RestoreError for what it can't be."""
    # With all of its columns: one that is read later would bring those of the database along.
    entry = Resource.objects.defer(None).select_for_update(of=("self",), no_key=True).get(pk=pk)
    now = snapshot_now(Resource, pk)
    if now is None or now.token != request.POST.get(SEEN):
        raise EditConflict
    record_before(Resource, [pk], now=timezone.now())
    text = gettext("Changed its kind from %(old)s to %(new)s.") % {"old": _label(entry.kind), "new": _label(kind)}
    for name in FIELDS_OF_KIND[Kind(entry.kind)]:
        setattr(entry, name, Resource._meta.get_field(name).get_default())  # type: ignore[union-attr]
    entry.kind = kind
    check(entry)
    entry.save()
    record_row(request, entry, AuditEntry.Kind.CHANGED, text)


def _label(kind: str) -> str:
    """A kind as it is called within a sentence."""
    return Kind(kind).label.lower()


def _changed_message(pk: int) -> SafeString:
    """What it is now, with the version before, from which it can be restored."""
    entry = Resource.objects.get(pk=pk)
    before = versions_of(Resource, pk)[1]
    address = reverse("admin:library_resource_version", args=[pk, before.pk])
    text = gettext("“{}” is now a {}. Fill in its details below. To undo this, {}.")
    undo = format_html('<a href="{}">{}</a>', address, gettext("restore the version before"))
    return format_html(text, entry.title, _label(entry.kind), undo)


def _refused(request: HttpRequest, text: str) -> HttpResponse:
    messages.error(request, text)
    return HttpResponseRedirect(request.path)
