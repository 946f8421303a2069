"""The changes of help lines: what was proposed, by whom, and the page on which a second person decides."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.admin.base import CuratedAdmin
from library.admin.errors import REFUSALS, error_text
from library.admin.form_request import SEEN
from library.help_lines.approval import APPROVE, CannotDecide, LineChanged, approve, drop, preview_change, publish_alone
from library.models import HelpLine, HelpLineChange
from library.models.help_line_change import REASON_LIMIT


class DecisionForm(forms.Form):
    """One of three decisions; a reason for the one that nobody else has seen."""

    decision = forms.ChoiceField(choices=[("approve", ""), ("alone", ""), ("drop", "")])
    reason = forms.CharField(
        label=_("Why no one else could check it"),
        max_length=REASON_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("E.g. “The number is out of order and no one else is on duty.” It stays on record."),
    )


@admin.register(HelpLineChange)
class HelpLineChangeAdmin(CuratedAdmin):
    list_display = ("name", "kind", "state", "proposed_by", "proposed_at", "decided_by", "decided_at", "reason")
    list_filter = ("state", "kind")
    list_select_related = ("proposed_by", "decided_by")
    search_fields = ("name", "reason")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: it is the record of who did what."""
        return False

    def get_actions(self, request: HttpRequest) -> Any:
        return {}

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """200 with what would change and the decisions that this person has; 302 when one was taken.

        409 with the same page anew, where the line is not what this person had seen: nothing is written then.
        """
        change: HelpLineChange | None = self.get_object(request, object_id)
        if change is None:
            self.message_user(request, gettext("That change no longer exists."), messages.WARNING)
            return HttpResponseRedirect(reverse("admin:library_helplinechange_changelist"))
        if not self.has_view_permission(request, change):
            raise PermissionDenied
        offered = self._offered(request, change)
        form = DecisionForm(request.POST or None)
        if request.method == "POST":
            if request.POST.get("decision") not in offered:
                raise PermissionDenied
            if form.is_valid() and self._decide(request, change, form):
                return HttpResponseRedirect(reverse("admin:library_helplinechange_changelist"))
        context = self._context(change, form, request)
        status = 409 if form.has_error(NON_FIELD_ERRORS, "changed") else 200
        return TemplateResponse(request, "admin/library/helplinechange/decide.html", context, status=status)

    def _offered(self, request: HttpRequest, change: HelpLineChange) -> set[str]:
        """The decisions that this person may take now."""
        if change.state != HelpLineChange.State.OPEN:
            return set()
        own = change.proposed_by_id == request.user.pk
        may_approve = request.user.has_perm(APPROVE)
        offered = {"alone" if own else "approve"} if may_approve else set()
        return offered | ({"drop"} if own or may_approve else set())

    def _decide(self, request: HttpRequest, change: HelpLineChange, form: DecisionForm) -> bool:
        by: Any = request.user
        now, decision, seen = timezone.now(), form.cleaned_data["decision"], request.POST.get(SEEN, "")
        try:
            if decision == "approve":
                approve(change, by, now, seen)
            elif decision == "alone":
                publish_alone(change, by, form.cleaned_data["reason"], now, seen)
            else:
                drop(change, by, now)
        except LineChanged as error:
            form.add_error(None, ValidationError(str(error), "changed"))
            return False
        except CannotDecide as error:
            form.add_error("reason" if decision == "alone" else None, str(error))
            return False
        except REFUSALS as error:
            form.add_error(None, error_text(error, HelpLine))
            return False
        change.refresh_from_db()
        self.log_change(request, change, str(change.get_state_display()))
        text = (
            gettext("Dropped. The help line stays as it is.")
            if decision == "drop"
            else gettext("Readers can see it now.")
        )
        self.message_user(request, text, messages.SUCCESS)
        return True

    def _context(self, change: HelpLineChange, form: DecisionForm, request: HttpRequest) -> dict[str, Any]:
        return self.admin_site.each_context(request) | {
            "title": str(change),
            "opts": self.opts,
            "change": change,
            "preview": preview_change(change),
            "form": form,
            "offered": self._offered(request, change),
        }
