"""A draft's way to a second person: submitted, then published or sent back with a note. And the notes of an entry.

A note is a form of its own: it saves nothing of the entry, and whoever may see the entry may write one.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.accounts.permissions import PUBLISH
from library.admin.base import CuratedAdmin
from library.admin.form_request import FormRequest
from library.admin.publication import SUBMIT
from library.history.record import record_event
from library.maintenance.alerts import alert, who_may
from library.models import AuditEntry, Resource, ResourceNote, ReviewRequest, User

from .permissions import may_publish
from .url_changes import form_of

SEND_BACK = "_send_back"


class NoteForm(forms.ModelForm):  # type: ignore[type-arg]
    """What one curator writes to the others."""

    class Meta:
        model = ResourceNote
        fields = ("text",)
        labels = {"text": _("New note")}
        help_texts = {"text": _("Only curators see notes. Please don’t write anything about a reader.")}
        error_messages = {"text": {"required": _("Write a note first.")}}
        widgets = {"text": forms.Textarea(attrs={"rows": 3, "cols": 60})}


@dataclass(frozen=True)
class NotesOfEntry:
    """What stands beneath the form of an entry: its notes, the form for a new one, and whether it waits for review."""

    notes: Collection[ResourceNote]
    form: NoteForm
    request: ReviewRequest | None
    may_decide: bool


def notes_of(entry: Resource, user: Any) -> NotesOfEntry:
    """Costs two queries."""
    notes = list(ResourceNote.objects.filter(resource=entry).select_related("author"))
    waiting = ReviewRequest.objects.waiting().filter(resource=entry).select_related("requested_by").first()
    return NotesOfEntry(notes, NoteForm(), waiting, may_publish(user))


def follow_up(form_request: FormRequest, entry: Resource, now: datetime) -> None:
    """After an entry was saved: it waits for review, where that button was pressed; once published, no longer."""
    user: Any = form_request.request.user
    if entry.state != Resource.State.DRAFT:
        tell_published([entry.pk], by=user)
    elif SUBMIT in form_request.sent and not may_publish(user):
        ReviewRequest.objects.ask(entry, user, now)
        record_event(Resource, AuditEntry.Kind.CHANGED, row=entry, by=user, now=now, comment=_submitted())
        text = gettext("“%(title)s” waits for your review. %(person)s submitted it.")
        alert(who_may(PUBLISH, but=user), text % {"title": entry.title, "person": user}, form_of(entry))


def tell_published(pks: Collection[int], *, by: User) -> None:
    """End the requests for review of these entries, which are published, and tell who made them. One query for none."""
    for request in ReviewRequest.objects.decide(pks):
        if request.requested_by_id != by.pk:
            text = gettext("“%s” is published.") % request.resource.title
            alert([request.requested_by], text, form_of(request.resource))


def note_page(owner: CuratedAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """302 to the form of the entry, with a new note; and where it is sent back for one, without its request."""
    entry = get_object_or_404(Resource, pk=pk)
    if not owner.has_view_permission(request, entry):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form, is_sent_back = NoteForm(request.POST), SEND_BACK in request.POST
    if is_sent_back and not may_publish(request.user):
        raise PermissionDenied
    if not form.is_valid():
        owner.message_user(request, " ".join(map(str, form.errors["text"])), messages.ERROR)
    elif is_sent_back:
        _send_back(owner, request, entry, form)
    else:
        _keep(request, entry, form)
        owner.message_user(request, gettext("Your note is added. Only curators see it."), messages.SUCCESS)
    return HttpResponseRedirect(f"{form_of(entry)}#notes")


@transaction.atomic
def _send_back(owner: CuratedAdmin, request: HttpRequest, entry: Resource, form: NoteForm) -> None:
    user: Any = request.user
    ended = ReviewRequest.objects.waiting().decide([entry.pk])
    _keep(request, entry, form)
    if not ended:
        text = gettext("It wasn’t waiting for review anymore. Your note is added.")
        owner.message_user(request, text, messages.WARNING)
        return
    comment = gettext("Sent back with a note.")
    record_event(Resource, AuditEntry.Kind.CHANGED, row=entry, by=user, now=timezone.now(), comment=comment)
    text = gettext("“%s” was sent back to you with a note.") % entry.title
    alert([each.requested_by for each in ended if each.requested_by_id != user.pk], text, form_of(entry))
    owner.message_user(request, gettext("“%s” is sent back with your note.") % entry.title, messages.SUCCESS)


def _keep(request: HttpRequest, entry: Resource, form: NoteForm) -> None:
    note = form.save(commit=False)
    user: Any = request.user
    note.resource, note.author, note.written_at = entry, user, timezone.now()
    note.save()


def _submitted() -> str:
    return gettext("Submitted for review.")
