"""The help lines. A wrong number harms someone, so the form begins with when and where it was last seen to be right."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from library.admin.base import CuratedAdmin
from library.admin.dashboard.front_page import VerifiedFilter
from library.admin.form_request import FormRequest, Outcome
from library.help_lines.approval import CannotDecide, needs_approval
from library.models import HelpLine

from .proposals import propose_deletion, propose_form, propose_version, refuse_unseen


@admin.register(HelpLine)
class HelpLineAdmin(CuratedAdmin):
    """A new look at an unchanged line is written down at once; all else is proposed."""

    list_display = ("name", "reached_by", "verified", "is_crisis", "in_strip", "position")
    list_filter = (VerifiedFilter, "is_crisis", "in_strip")
    search_fields = ("name", "audience", "call_number", "text_number")
    ordering = ("position", "name")
    # Hours of the line's own zone: Django's own field would offer the curator's "now", and speak of the server's.
    formfield_overrides = {models.TimeField: {"widget": forms.TimeInput(format="%H:%M")}}
    fieldsets = (
        (
            _("Review"),
            {
                "fields": ("verified_on", "verified_by", "source_url", "notes"),
                "description": _(
                    "A wrong number can cost a life. Check the provider’s website, or call the number. Correct "
                    "anything wrong below, then record the date and where you saw it."
                ),
            },
        ),
        (
            _("Basics"),
            {
                "fields": (
                    "name",
                    ("action", "reason"),
                    "audience",
                    "place",
                    "search_words",
                    "run_by",
                    "answered_by",
                    "languages",
                    "anonymous",
                    "url",
                ),
                "description": _(
                    "The card says what to do and when: “Call or text if you’re worried about someone.” Enter only "
                    "what the provider says publicly. Leave blank what you don’t know."
                ),
            },
        ),
        (
            _("How to reach it"),
            {
                "fields": ("call_number", "call_note", ("text_number", "text_word"), "tty_number", "chat_url"),
                "description": _("Give at least one: a number to call, a number to text, or a chat."),
            },
        ),
        (
            _("Hours"),
            {
                "fields": (
                    "availability",
                    ("first_day", "last_day"),
                    ("opens_at", "closes_at", "time_zone"),
                    "hours",
                )
            },
        ),
        (_("On this site"), {"fields": ("is_crisis", "in_strip", "position")}),
    )

    def view_on_site(self, line: HelpLine) -> str:
        return reverse("help")

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> HelpLine:
        """As Django's; a new day without a new name is the curator's own."""
        line: HelpLine = super().save_form(request, form, change)
        if "verified_on" in form.changed_data and "verified_by" not in form.changed_data:
            line.verified_by = request.user.get_username()[:80]
        return line

    def store(self, form_request: FormRequest, form: Any) -> Outcome:
        """Saved where it needs no second person; else proposed, in the words of the history too."""
        fields = _changed(form) if not form_request.is_new else {field.name for field in HelpLine._meta.fields} - {"id"}
        if not needs_approval(fields):
            return super().store(form_request, form)
        line = self.save_form(form_request.request, form, change=not form_request.is_new)
        return propose_form(form_request.request, line, fields)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """These columns alone: somebody may approve another number at this moment."""
        obj.save(update_fields=_changed(form))

    def remove(self, request: HttpRequest, row: Any) -> Outcome:
        return propose_deletion(request, row)

    def restore_version(self, request: HttpRequest, row: Any, version: Any) -> HttpResponse:
        refuse_unseen(request, row)
        return self.recover_version(request, version)

    def recover_version(self, request: HttpRequest, version: Any) -> HttpResponse:
        """302 to the page of the change that is proposed; to the same page, with the reason, where none can be."""
        try:
            outcome = propose_version(request, version)
        except CannotDecide as error:
            self.message_user(request, gettext("Nothing was changed. %s") % error, messages.ERROR)
            return HttpResponseRedirect(request.path)
        for level, text in outcome.messages:
            self.message_user(request, text, level)
        return HttpResponseRedirect(outcome.address)

    def get_actions(self, request: HttpRequest) -> Any:
        """Without the deletion of many at once: each waits for a second person by itself."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    @admin.display(description=_("contact"))
    def reached_by(self, line: HelpLine) -> str:
        texting = f"{line.text_word} → {line.text_number}" if line.text_word else line.text_number
        return " · ".join(part for part in (line.call_number, texting, line.chat_url) if part)

    @admin.display(description=_("verified on"), ordering="verified_on")
    def verified(self, line: HelpLine) -> str:
        now = timezone.now()
        days = (timezone.localdate(now) - line.verified_on).days
        if days == 0:
            return gettext("today")
        label = ngettext("%(date)s (%(days)d day ago)", "%(date)s (%(days)d days ago)", days) % {
            "date": line.verified_on.isoformat(),
            "days": days,
        }
        return label if line.is_verified_in_time(now) else gettext("Overdue: %(when)s") % {"when": label}


def _changed(form: Any) -> set[str]:
    """The columns that this form changes."""
    fields = set(form.changed_data)
    return fields | ({"verified_by"} if "verified_on" in fields else set())
