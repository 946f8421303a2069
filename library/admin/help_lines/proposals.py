"""The form of a help line saves nothing that readers see: it proposes it to a second person."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from library.admin.base import Curated
from library.admin.history import SEEN
from library.help_lines.approval import CannotDecide, needs_approval, propose, propose_removal
from library.history.restore import ChangedMeanwhile, as_it_was
from library.history.snapshot import snapshot_now
from library.models import Deed, HelpLine, HelpLineChange

_ASKED = "proposed_change"


class SecondPersonAdmin(Curated):
    """An admin of help lines. A new look at an unchanged line is written down at once."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        fields = set(form.changed_data) if change else {field.name for field in HelpLine._meta.fields} - {"id"}
        fields |= {"verified_by"} if "verified_on" in fields else set()
        if not needs_approval(fields):
            # These columns alone: somebody may approve another number at this moment.
            obj.save(update_fields=fields)
            return
        by: Any = request.user
        self._note(request, propose(obj, fields, by, timezone.now()))

    def delete_model(self, request: HttpRequest, obj: HelpLine) -> None:
        by: Any = request.user
        self._note(request, propose_removal(obj, by, timezone.now()))

    # What the history would bring back is proposed, too

    def _restore(self, request: HttpRequest, row: Any, version: Any) -> HttpResponse:
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        now = snapshot_now(HelpLine, row.pk)
        if now is None or now.token != request.POST.get(SEEN, ""):
            raise ChangedMeanwhile
        return self.recover_version(request, version)

    def recover_version(self, request: HttpRequest, version: Any) -> HttpResponse:
        by: Any = request.user
        line, fields = as_it_was(version)
        try:
            if not fields:
                raise CannotDecide(gettext("It is the same as that version already."))
            self._note(request, propose(line, fields, by, timezone.now()))
        except CannotDecide as error:
            self.message_user(request, gettext("Nothing was changed. %s") % error, messages.ERROR)
        return self._to_proposal(request) or HttpResponseRedirect(request.path)

    def get_actions(self, request: HttpRequest) -> Any:
        """Without the deletion of many at once: each waits for a second person by itself."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    # What is written into the history, and where the browser is led

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None if _asked(request) else super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return self._log_proposal(request, gettext("Proposed.")) or super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        return self._log_proposal(request, gettext("Proposed to remove it."))

    def _note(self, request: HttpRequest, change: HelpLineChange) -> None:
        self._keep(request, change, Deed.Kind.ADDED, "")
        setattr(request, _ASKED, change)

    def _log_proposal(self, request: HttpRequest, words: str) -> Any:
        asked = _asked(request)
        return super().log_change(request, asked.line, words) if asked and asked.line else None

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self._to_proposal(request) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._to_proposal(request) or super().response_change(request, obj)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        return self._to_proposal(request) or super().response_delete(request, obj_display, obj_id)

    def _to_proposal(self, request: HttpRequest) -> HttpResponse | None:
        """302 to the page of the change that was just proposed."""
        asked = _asked(request)
        if asked is None:
            return None
        told = gettext(
            "Proposed. Readers see it when a second person has approved it; until then they see what was there."
        )
        self.message_user(request, told, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:library_helplinechange_change", args=[asked.pk]))


def _asked(request: HttpRequest) -> Any:
    return getattr(request, _ASKED, None)
