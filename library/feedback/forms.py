"""The forms for readers: what they ask, what they refuse in plain words, and the report that comes of them.

Nothing here knows who sends a form; `rate_limit` bounds how many are taken.
"""

import re
from typing import Any

from django import forms
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest
from django.http.request import UnreadablePostError
from django.utils.translation import gettext_lazy as _

from library.models import ReaderReport, Resource
from library.models.reader_report import SUGGESTION_NAME_LIMIT, WORDS_LIMIT
from library.models.web_address import WebAddressField, without_tracking
from library.pages.markdown import plain_words

# Bytes of a form: 3,300 characters of any script, each in twelve letters at most, and a little.
BODY_LIMIT = 50_000
# Fields of a form, several times as many as any of ours has. The admin's forms have up to a thousand.
FIELD_LIMIT = 20
_URLENCODED = "application/x-www-form-urlencoded"
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

    def texts(self) -> list[tuple[str, str]]:
        """What a person wrote, as labels and texts, in a form that is valid or not."""
        fields = [(name, self.fields[name]) for name in ("address", "name", "words") if name in self.fields]
        labeled = [(str(field.label), plain_words(self.data.get(name, ""))) for name, field in fields]
        return [(label, text) for label, text in labeled if text]

    def report(self, resource: Resource | None) -> ReaderReport:
        """The report, unsaved. Only of a form that is valid."""
        raise NotImplementedError


class ProblemForm(ReaderForm):
    """What is wrong with an entry, or with the site."""

    reason = forms.ChoiceField(
        label=_("What’s wrong?"),
        choices=ReaderReport.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what’s wrong"),
            "invalid_choice": _("Choose one of the reasons listed"),
        },
    )
    words = PlainWords(
        label=_("Tell us more"),
        required=False,
        max_length=WORDS_LIMIT,
        widget=forms.Textarea(attrs=_UNREMEMBERED | {"rows": "5"}),
        help_text=_("Required if you choose “Something else.” Up to 1,000 characters."),
        error_messages={"max_length": _("The limit is 1,000 characters. You have %(show_value)s.")},
    )

    def clean(self) -> None:
        if self.cleaned_data.get("reason") == ReaderReport.Reason.OTHER and self.cleaned_data.get("words") == "":
            self.add_error("words", _("Tell us in a few words what’s wrong"))

    def report(self, resource: Resource | None) -> ReaderReport:
        data = self.cleaned_data
        kind = ReaderReport.Kind.PROBLEM
        return ReaderReport(kind=kind, reason=data["reason"], words=data["words"], resource=resource)


class SuggestionForm(ReaderForm):
    """A resource that the library should have."""

    address = PlainWords(
        label=_("Web address"),
        max_length=2000,
        widget=forms.TextInput(attrs=_UNREMEMBERED | {"inputmode": "url", "spellcheck": "false"}),
        help_text=_("For example, https://example.org/course"),
        error_messages={
            "required": _("Enter the web address of the resource"),
            "max_length": _("Enter a web address of up to 2,000 characters"),
        },
    )
    name = PlainWords(
        label=_("What is it? (optional)"),
        required=False,
        max_length=SUGGESTION_NAME_LIMIT,
        widget=forms.TextInput(attrs=_UNREMEMBERED),
        help_text=_("Its title, or a few words such as “free online course.” Up to 300 characters."),
        error_messages={"max_length": _("The limit is 300 characters. You have %(show_value)s.")},
    )
    words = PlainWords(
        label=_("Why would it help? (optional)"),
        required=False,
        max_length=WORDS_LIMIT,
        widget=forms.Textarea(attrs=_UNREMEMBERED | {"rows": "5"}),
        help_text=_("Up to 1,000 characters."),
        error_messages={"max_length": _("The limit is 1,000 characters. You have %(show_value)s.")},
    )

    def clean_address(self) -> str:
        """The address, with https:// before it where nothing was; refused when the library could not keep it."""
        typed = self.cleaned_data["address"]
        address = typed if "://" in typed else f"https://{typed}"
        try:
            WebAddressField().run_validators(address)
        except ValidationError as error:
            raise ValidationError(_("Enter a full web address, like https://example.org/course")) from error
        return without_tracking(address)

    def report(self, resource: Resource | None) -> ReaderReport:
        data = self.cleaned_data
        kind = ReaderReport.Kind.SUGGESTION
        return ReaderReport(kind=kind, address=data["address"], name=data["name"], words=data["words"])


FORMS: dict[str, type[ReaderForm]] = {"/report/": ProblemForm, "/suggest/": SuggestionForm}


def submitted_texts(request: HttpRequest) -> list[tuple[str, str]]:
    """What a reader wrote into a form of this site, as `ReaderForm.texts`; nothing of any other request."""
    form_class = FORMS.get(request.path_info)
    try:
        if form_class is None or request.method != "POST" or is_cross_site(request) or is_too_long(request):
            return []
        return form_class(read_post(request)).texts()
    except BadRequest:
        return []


def is_cross_site(request: HttpRequest) -> bool:
    """Whether the browser says so. Older ones say `Origin` alone, and that is “null”: our pages tell no referrer."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin", "null")
    return origin != "null" and origin.partition("://")[2] != request.get_host()


def is_too_long(request: HttpRequest) -> bool:
    """Whether more is sent than any form here takes. Raises BadRequest for a length that is no number."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not re.fullmatch("[0-9]+", length):  # Django would fail on it
        raise BadRequest("no length of a form")
    return int(length[:10]) > BODY_LIMIT


def read_post(request: HttpRequest) -> Any:
    """The form as it was sent. Raises BadRequest for what no form of ours sends, and for half a form."""
    if request.content_type != _URLENCODED:
        raise BadRequest("not a form of this site")
    try:
        if request.body.count(b"&") >= FIELD_LIMIT:
            raise BadRequest("more fields than a form of this site has")
        return request.POST
    except UnreadablePostError as error:
        raise BadRequest("a form that did not arrive whole") from error
