"""The help lines. A wrong number harms someone, so the form begins with when and where it was last seen to be right."""

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from library.models import HelpLine

from .base import Curated


@admin.register(HelpLine)
class HelpLineAdmin(Curated):
    list_display = ("name", "reached_by", "verified", "is_crisis", "in_strip", "position")
    list_filter = ("is_crisis", "in_strip")
    search_fields = ("name", "audience", "call_number", "text_number")
    ordering = ("position", "name")
    fieldsets = (
        (
            gettext_lazy("Is it still right?"),
            {
                "fields": ("verified_on", "source_url", "notes"),
                "description": gettext_lazy(
                    "A wrong number harms someone. Look at a page of the line's owner, or dial the number; correct "
                    "what is wrong below; then write down here on which day and where you saw it."
                ),
            },
        ),
        (gettext_lazy("What it is"), {"fields": ("name", "audience", "run_by", "hours", "url")}),
        (
            gettext_lazy("How to reach it"),
            {
                "fields": ("call_number", "call_note", ("text_number", "text_word"), "tty_number", "chat_url"),
                "description": gettext_lazy("A number to call, a number to text, or a chat: at least one of them."),
            },
        ),
        (gettext_lazy("On this site"), {"fields": ("is_crisis", "in_strip", "position")}),
    )

    def view_on_site(self, line: HelpLine) -> str:
        return reverse("help")

    @admin.display(description=gettext_lazy("reached by"))
    def reached_by(self, line: HelpLine) -> str:
        texting = f"{line.text_word} → {line.text_number}" if line.text_word else line.text_number
        return " · ".join(part for part in (line.call_number, texting, line.chat_url) if part)

    @admin.display(description=gettext_lazy("verified on"), ordering="verified_on")
    def verified(self, line: HelpLine) -> str:
        days = (timezone.localdate() - line.verified_on).days
        if days == 0:
            return _("today")
        return ngettext("%(date)s (%(days)d day ago)", "%(date)s (%(days)d days ago)", days) % {
            "date": line.verified_on.isoformat(),
            "days": days,
        }
