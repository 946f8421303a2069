"""What readers see of an entry now, in a sentence, and the buttons that change it: each stands for a state.

The state is no field that somebody chooses: a form carries the one that is saved, and a button sends another one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django import forms
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.utils import flatten
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.models import Resource, ReviewRequest

from .url_changes import form_of

# The class of a group of fields that stands in the bar of buttons.
PANEL = "panel"
SUBMIT = "_submit_for_review"
_SAVE = "_save"


class StateButton(StrEnum):
    """The names of the buttons that send a form with another state."""

    PUBLISH = "_publish"
    PUBLISH_NOW = "_publish_now"
    SCHEDULE = "_schedule"
    BACK_TO_DRAFT = "_back_to_draft"
    WITHDRAW = "_withdraw"


_STATES = {
    StateButton.PUBLISH: Resource.State.PUBLISHED,
    StateButton.PUBLISH_NOW: Resource.State.PUBLISHED,
    StateButton.SCHEDULE: Resource.State.PUBLISHED,
    StateButton.BACK_TO_DRAFT: Resource.State.DRAFT,
    StateButton.WITHDRAW: Resource.State.WITHDRAWN,
}


class StateField(forms.TypedChoiceField):
    """The saved state, which a form carries unseen, and shows again whichever button was pressed."""

    widget = forms.HiddenInput

    def bound_data(self, data: Any, initial: Any) -> Any:
        return initial


@dataclass(frozen=True)
class Button:
    """A button that sends the form. With `fields`, a group of it, a label opens them and the button."""

    name: str
    label: Any
    opener: Any = ""
    fields: Any = None

    @property
    def is_open(self) -> bool:
        """Whether one of its fields is wrong."""
        names = flatten(self.fields.fields)
        return any(name in names for name in self.fields.form.errors)


def pressed_button(sent: QueryDict) -> StateButton | None:
    """The button of this module with which a form was sent; None for any other."""
    return next((button for button in StateButton if button in sent), None)


def with_button(sent: QueryDict) -> QueryDict:
    """What was sent, with the button as the state that it stands for: seen, asked about and kept as one chosen."""
    pressed = pressed_button(sent)
    if pressed is None:
        return sent
    data = sent.copy()
    del data[pressed]
    data["state"] = _STATES[pressed]
    if pressed is StateButton.PUBLISH_NOW:
        data["listed_at_0"] = data["listed_at_1"] = ""
    return data


def buttons_of(resource: Resource | None, form: AdminForm, *, may_publish: bool, is_waiting: bool) -> Sequence[Button]:
    """What can be done with an entry, or a new one, the usual first. Takes the groups of the bar out of the form.

    A draft that `is_waiting` for review already is not submitted again.
    """
    panels = [group for group in form if PANEL in group.classes]
    form.fieldsets = [(name, options) for name, options in form.fieldsets if PANEL not in options.get("classes", ())]
    is_draft = resource is None or resource.state == Resource.State.DRAFT
    save = Button(_SAVE, _("Save draft") if is_draft else _("Save changes"))
    if not may_publish:
        return [save, *([Button(SUBMIT, _("Submit for review"))] if is_draft and not is_waiting else [])]
    schedule = [Button(StateButton.SCHEDULE, _("Schedule"), _("Schedule…"), panel) for panel in panels]
    if is_draft:
        return [Button(StateButton.PUBLISH, _("Publish")), save, *schedule]
    if resource is not None and resource.state == Resource.State.WITHDRAWN:
        return [save, Button(StateButton.PUBLISH, _("Publish again"))]
    if resource is not None and not resource.is_listed(timezone.now()):
        ways = (StateButton.PUBLISH_NOW, _("Publish now")), (StateButton.BACK_TO_DRAFT, _("Back to draft"))
        return [save, *(Button(*way) for way in ways), *schedule]
    return [save, *(Button(StateButton.WITHDRAW, _("Withdraw"), _("Withdraw…"), panel) for panel in panels)]


def what_readers_see(resource: Resource, now: datetime) -> SafeString | str:
    """One sentence on what readers see of an entry at `now`. Costs a query for one that names its replacement."""
    if resource.state == Resource.State.DRAFT:
        return gettext("Only curators see this draft.")
    link = format_html('<a href="{0}">{0}</a>', reverse("short-resource", args=[resource.ref]))
    if resource.is_published(now) and resource.expires_at:
        return format_html(gettext("Readers see this entry at {} until {}."), link, moment_label(resource.expires_at))
    if resource.is_published(now):
        return format_html(gettext("Readers see this entry at {}."), link)
    if not resource.is_listed(now):
        return gettext("Goes live %s.") % moment_label(resource.listed_at)
    if resource.successor_id is None:
        return format_html(gettext("Withdrawn: readers see the reason at {}."), link)
    text = gettext("Withdrawn: at {}, readers see the reason and a link to “{}”.")
    return format_html(text, link, resource.successor)


def moment_label(moment: datetime | None) -> str:
    """A moment with the time zone in which it is meant; empty for none."""
    if moment is None:
        return ""
    label = date_format(timezone.localtime(moment), "DATETIME_FORMAT")
    return f"{label} ({timezone.get_current_timezone_name()})"


def saved_message(resource: Resource, now: datetime) -> SafeString:
    """What is said when an entry was saved. Costs a query for a draft."""
    entry = format_html('<a href="{}">{}</a>', form_of(resource), resource.title)
    said = format_html(gettext("Saved “{}”. {}"), entry, what_readers_see(resource, now))
    is_draft = resource.state == Resource.State.DRAFT
    if is_draft and ReviewRequest.objects.filter(resource=resource).exists():
        return format_html("{} {}", said, gettext("It’s waiting for review."))
    return said
