"""The forms for readers: what they ask, what they refuse in plain words, and the report that comes of them.

Nothing here knows who sends a form; `taking_in` bounds how many are taken.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from library.models import ReaderReport, Resource
from library.models.reader_report import NAME_LIMIT, WORDS_LIMIT
from library.models.web_address import WebAddressField
from library.text import plain_words

# Nobody is known here, so nothing is remembered for anybody.
_UNREMEMBERED = {"autocomplete": "off"}


class PlainWords(forms.CharField):
    """Words without anything that cannot be seen: control characters, and marks that turn the direction of text."""

    def to_python(self, value: Any) -> str:
        return plain_words(super().to_python(value) or "")


class ReaderForm(forms.Form):
    """What both forms have in common. A person never sees `homepage`; a program fills it in."""

    use_required_attribute = False  # the page says what is missing, in its own words

    homepage = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs=_UNREMEMBERED | {"tabindex": "-1"}),
    )

    def is_trap(self) -> bool:
        """Whether the field that nobody sees has been filled in."""
        return bool(self.data.get("homepage"))

    def report(self, resource: Resource | None) -> ReaderReport:
        """What was said, unsaved. Only of a form that is valid."""
        raise NotImplementedError


class ProblemForm(ReaderForm):
    """What is wrong with an entry, or with the site."""

    reason = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=ReaderReport.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what is wrong"),
            "invalid_choice": _("Choose what is wrong from the list"),
        },
    )
    words = PlainWords(
        label=_("What should we know?"),
        required=False,
        max_length=WORDS_LIMIT,
        widget=forms.Textarea(attrs=_UNREMEMBERED | {"rows": "5"}),
        help_text=_("Only needed for “Something else”. At most 1,000 characters."),
        error_messages={"max_length": _("Write 1,000 characters or fewer; these are %(show_value)s")},
    )

    def clean(self) -> None:
        if self.cleaned_data.get("reason") == ReaderReport.Reason.OTHER and self.cleaned_data.get("words") == "":
            self.add_error("words", _("Say in a few words what is wrong"))

    def report(self, resource: Resource | None) -> ReaderReport:
        told = self.cleaned_data
        kind = ReaderReport.Kind.PROBLEM
        return ReaderReport(kind=kind, reason=told["reason"], words=told["words"], resource=resource)


class SuggestionForm(ReaderForm):
    """A resource that the library should have."""

    address = PlainWords(
        label=_("Its address on the web"),
        max_length=2000,
        widget=forms.TextInput(attrs=_UNREMEMBERED | {"inputmode": "url", "spellcheck": "false"}),
        help_text=_("For example, https://example.org/course"),
        error_messages={
            "required": _("Enter the address of the resource"),
            "max_length": _("Enter an address of 2,000 characters or fewer"),
        },
    )
    name = PlainWords(
        label=_("What is it? (optional)"),
        required=False,
        max_length=NAME_LIMIT,
        widget=forms.TextInput(attrs=_UNREMEMBERED),
        help_text=_("Its title, or a few words: a course, a podcast, a site. At most 300 characters."),
        error_messages={"max_length": _("Write 300 characters or fewer; these are %(show_value)s")},
    )
    words = PlainWords(
        label=_("Why would it help? (optional)"),
        required=False,
        max_length=WORDS_LIMIT,
        widget=forms.Textarea(attrs=_UNREMEMBERED | {"rows": "5"}),
        help_text=_("At most 1,000 characters."),
        error_messages={"max_length": _("Write 1,000 characters or fewer; these are %(show_value)s")},
    )

    def clean_address(self) -> str:
        """The address, with https:// before it where nothing was; refused when the library could not keep it."""
        typed = self.cleaned_data["address"]
        address = typed if "://" in typed else f"https://{typed}"
        try:
            WebAddressField().run_validators(address)
        except ValidationError as error:
            raise ValidationError(_("Enter an address as in your browser, like https://example.org/course")) from error
        return str(address)

    def report(self, resource: Resource | None) -> ReaderReport:
        told = self.cleaned_data
        kind = ReaderReport.Kind.SUGGESTION
        return ReaderReport(kind=kind, address=told["address"], name=told["name"], words=told["words"])
