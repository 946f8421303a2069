"""The form of a help line saves nothing that readers see: it proposes it to a second person."""

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from library.admin.form_request import SEEN, Outcome
from library.admin.history import record_row
from library.help_lines.approval import APPROVE, CannotDecide, propose, propose_removal
from library.history.restore import EditConflict, as_it_was
from library.history.snapshot import snapshot_now
from library.maintenance.alerts import alert, who_may
from library.models import AuditEntry, HelpLine, HelpLineChange


def propose_form(request: HttpRequest, line: HelpLine, fields: Collection[str]) -> Outcome:
    """These fields of the line, as a form laid them over it."""
    by: Any = request.user
    return _proposed(request, propose(line, set(fields), by, timezone.now()))


def propose_deletion(request: HttpRequest, line: HelpLine) -> Outcome:
    by: Any = request.user
    return _proposed(request, propose_removal(line, by, timezone.now()))


def propose_version(request: HttpRequest, version: Any) -> Outcome:
    """What the line was in this version. Raises `CannotDecide` where it is the same already."""
    by: Any = request.user
    line, fields = as_it_was(version)
    if not fields:
        raise CannotDecide(gettext("It already matches that version."))
    return _proposed(request, propose(line, fields, by, timezone.now()))


def refuse_unseen(request: HttpRequest, line: HelpLine) -> None:
    """Raises `EditConflict` where the line is not what the page showed."""
    now = snapshot_now(HelpLine, line.pk)
    if now is None or now.token != request.POST.get(SEEN, ""):
        raise EditConflict


def _proposed(request: HttpRequest, change: HelpLineChange) -> Outcome:
    """The page of the change, which is kept in the history."""
    record_row(request, change, AuditEntry.Kind.ADDED)
    text = gettext("Proposed. Readers will see it once someone else approves it. Until then, nothing changes for them.")
    address = reverse("admin:library_helplinechange_change", args=[change.pk])
    user: Any = request.user
    waits = gettext("A change of the help line “%(name)s” needs your approval. %(person)s proposed it.")
    alert(who_may(APPROVE, but=user), waits % {"name": change.name, "person": user}, address)
    return Outcome(change.line, ((messages.SUCCESS, text),), address)
