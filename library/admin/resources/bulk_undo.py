"""The button above the list that takes back what its person did last to many entries: a change, or a feed's import."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from library.admin.errors import REFUSALS, error_text
from library.history.undo import UndoneAct, undo_act
from library.models import AuditEntry, Resource

# The key in the session: the id of the entry of the audit log.
_LAST = "last_bulk_change"
_OFFERED = timedelta(days=7)
_NAMED = 10  # the most entries that the message afterwards names


def keep_undo(request: HttpRequest, entry_id: int | None) -> None:
    """Remember what the button takes back; it goes where there is nothing to take back."""
    request.session.pop(_LAST, None)
    if entry_id is not None:
        request.session[_LAST] = entry_id


def last_act(request: HttpRequest) -> AuditEntry | None:
    """The change that the button takes back, if there is one. A query only where there may be."""
    entry_id = request.session.get(_LAST)
    if not entry_id:
        return None
    by: Any = request.user
    return AuditEntry.objects.filter(pk=entry_id, user=by, created_at__gt=timezone.now() - _OFFERED).first()


def undo_page(owner: Any, request: HttpRequest) -> HttpResponse:
    """302 to the list with what became of it; 404 where there is nothing to take back."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not owner.has_change_permission(request):
        raise PermissionDenied
    entry = last_act(request)
    if entry is None:
        raise Http404
    back = f"{reverse('admin:library_resource_changelist')}?{request.POST.get('back', '')}".rstrip("?")
    by: Any = request.user
    try:
        result = undo_act(entry, by=by, now=timezone.now(), may_publish=owner.has_publish_permission(request))
    except REFUSALS as error:
        owner.message_user(request, gettext("Nothing was changed. %s") % error_text(error, Resource), messages.ERROR)
        return HttpResponseRedirect(back)
    keep_undo(request, result.entry_id)
    for level, text in _results(result):
        owner.message_user(request, text, level)
    return HttpResponseRedirect(back)


def _results(result: UndoneAct) -> Iterator[tuple[int, str]]:
    """What became of it, in words, each with the level of its message."""
    if result.deleted:
        text = ngettext("%d draft was deleted.", "%d drafts were deleted.", result.deleted) % result.deleted
        yield messages.SUCCESS, gettext("%s Find deleted items under “Recently deleted”.") % text
    if result.restored or not result.deleted:
        text = ngettext("%d entry is as it was before.", "%d entries are as they were before.", result.restored)
        yield messages.SUCCESS if result.restored else messages.WARNING, text % result.restored
    if result.left:
        named = [f"“{label}”: {reason}" for label, reason in result.left[:_NAMED]]
        more = len(result.left) - len(named)
        named += [gettext("And %d more.") % more] if more else []
        yield messages.WARNING, gettext("Not undone: %s") % " ".join(named)
