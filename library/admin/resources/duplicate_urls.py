"""A new address that the library has already: the form asks once whether it is another resource, and believes it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.admin.forms import CuratedForm
from library.admin.publication import SUBMIT, Button, StateButton
from library.models import Resource
from library.models.web_address import address_key

from .previews import MAKE_LINK, PREVIEW
from .url_changes import form_of

# The button that says “it is another resource”. It says so of one address, and not of the next that is typed.
ANOTHER = "_another_resource"
_PUBLISH = _("Publish anyway: it’s a different resource")
_SAVE = _("Save anyway: it’s a different resource")
# What else a form can be sent with than “Save”, and what its answer is called then.
_ANYWAY = {
    StateButton.PUBLISH: _PUBLISH,
    StateButton.PUBLISH_NOW: _PUBLISH,
    StateButton.SCHEDULE: _("Schedule anyway: it’s a different resource"),
    SUBMIT: _("Submit anyway: it’s a different resource"),
    **dict.fromkeys((StateButton.BACK_TO_DRAFT, PREVIEW, MAKE_LINK, "_continue", "_addanother"), _SAVE),
}
_NAMED = 5
_STATES = {
    Resource.State.DRAFT: _("a draft"),
    Resource.State.PUBLISHED: _("published"),
    Resource.State.WITHDRAWN: _("withdrawn"),
}


def answer_button(sent: QueryDict) -> Button:
    """The button that answers the question about what was sent: it does what was pressed."""
    name = next((name for name in _ANYWAY if name in sent), ANOTHER)
    return Button(name, _ANYWAY.get(name, _SAVE))


def with_answer(sent: QueryDict) -> QueryDict:
    """What was sent, with the value of the pressed button as the answer. That of a usual button is no key."""
    name = answer_button(sent).name
    if ANOTHER in sent or name == ANOTHER:
        return sent
    data = sent.copy()
    data[ANOTHER] = str(sent[name])
    return data


class SameAddressForm(CuratedForm):
    """Asks about a `url` that was typed now. One that the row has kept is no news, and titles are never compared.

    `same_address` is the key that the button is to send; `is_another` the one that was sent, kept for the next try.
    """

    same_address = ""
    is_another = ""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        url = cleaned.get("url", "")
        key = address_key(url)
        if self.instance.address_key == key:
            return cleaned
        others = list(Resource.objects.at_the_same_address(url).exclude(pk=self.instance.pk)[: _NAMED + 1])
        if others and self.data.get(ANOTHER) == key:
            self.is_another = key
        elif others:
            self.same_address = key
            self.add_error("url", ValidationError(warning_of(others), code="same-address"))
        return cleaned


def links_to(others: list[Resource]) -> SafeString:
    """Links to entries, each with its kind and state, that leave the page open; no more than a few."""
    rows = (
        (form_of(other), other.title, other.get_kind_display(), _STATES[Resource.State(other.state)])
        for other in others
    )
    links = format_html_join(", ", '<a href="{}" target="_blank">{}</a> ({}, {})', list(rows)[:_NAMED])
    return format_html("{}{}", links, gettext(" … and more") if len(others) > _NAMED else "")


def warning_of(others: list[Resource]) -> SafeString:
    """What leads to the same page already, with links that leave this form open."""
    return format_html(
        "{} {}. {}",
        gettext("The library already has this address:"),
        links_to(others),
        gettext(
            "The link opens in a new tab, so this form stays open. If it’s the same resource, edit that entry and "
            "close this form. If it’s a different resource at the same address, use the button at the end of the form."
        ),
    )
