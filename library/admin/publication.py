"""The buttons of a form that change what readers see: each stands for a state.

The state is no field that somebody chooses: a form carries the one that is saved, and a button sends another one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import flatten
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.models import Guide, Resource

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
    StateButton.PUBLISH: "published",
    StateButton.PUBLISH_NOW: "published",
    StateButton.SCHEDULE: "published",
    StateButton.BACK_TO_DRAFT: "draft",
    StateButton.WITHDRAW: "withdrawn",
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


def buttons_of(
    row: Resource | Guide | None,
    form: AdminForm,
    *,
    may_publish: bool,
    may_submit: bool = False,
    is_scheduled: bool = False,
) -> Sequence[Button]:
    """What can be done with a row, or a new one, the usual first. Takes the groups of the bar out of the form.

    `may_submit` is for drafts whose person does not publish them; what `is_scheduled` is published, but not seen yet.
    """
    panels = [group for group in form if PANEL in group.classes]
    form.fieldsets = [(name, options) for name, options in form.fieldsets if PANEL not in options.get("classes", ())]
    is_draft = row is None or row.state == "draft"
    save = Button(_SAVE, _("Save draft") if is_draft else _("Save changes"))
    if not may_publish:
        return [save, *([Button(SUBMIT, _("Submit for review"))] if is_draft and may_submit else [])]
    schedule = [Button(StateButton.SCHEDULE, _("Schedule"), _("Schedule…"), panel) for panel in panels]
    if is_draft:
        return [Button(StateButton.PUBLISH, _("Publish")), save, *schedule]
    if row is not None and row.state == "withdrawn":
        return [save, Button(StateButton.PUBLISH, _("Publish again"))]
    if is_scheduled:
        ways = (StateButton.PUBLISH_NOW, _("Publish now")), (StateButton.BACK_TO_DRAFT, _("Back to draft"))
        return [save, *(Button(*way) for way in ways), *schedule]
    return [save, *(Button(StateButton.WITHDRAW, _("Withdraw"), _("Withdraw…"), panel) for panel in panels)]


def saved_text(row: Resource | Guide, readers_see: str) -> SafeString:
    """What is said when a row was saved, with a link to its form."""
    return format_html(gettext("Saved “{}”. {}"), format_html('<a href="{}">{}</a>', _form_of(row), row), readers_see)


def saved_response(owner: Any, request: HttpRequest, row: Resource | Guide, text: str, add: str) -> HttpResponse:
    """302 to where the pressed button leads, with this text: the form, `add` for another one, or the list."""
    owner.message_user(request, text, messages.SUCCESS)
    if "_addanother" in request.POST:
        return HttpResponseRedirect(add)
    if "_continue" in request.POST:
        filters: Any = {"preserved_filters": owner.get_preserved_filters(request), "opts": owner.opts}
        return HttpResponseRedirect(add_preserved_filters(filters, _form_of(row)))
    response: HttpResponse = owner.response_post_save_change(request, row)
    return response


def _form_of(row: Resource | Guide) -> str:
    return reverse(f"admin:library_{row._meta.model_name}_change", args=[row.pk])
