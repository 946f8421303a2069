"""The forms that take what a passkey answers: JSON that anybody may send, so it is bounded before it is read."""

import struct
from typing import Any

from allauth.mfa.webauthn import forms as stock
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# An answer has a certificate or two in it, and a handful of levels.
LONGEST = 20_000
_MOST_BRACKETS = 200
_REFUSED = _("Your passkey didn’t answer as expected. Try again.")
# What reading a broken answer ends in, besides the errors that allauth expects.
_BROKEN = (LookupError, AttributeError, TypeError, ValueError, ArithmeticError, struct.error)


class AnswerField(forms.JSONField):
    """The answer as a dictionary; anything else is refused in words."""

    default_error_messages = {"required": _REFUSED, "invalid": _REFUSED}

    def to_python(self, value: Any) -> Any:
        text = value if isinstance(value, str) else ""
        brackets = text.count("[") + text.count("{")
        if len(text) > LONGEST or brackets > _MOST_BRACKETS or "\\u0000" in text:
            raise ValidationError(_REFUSED)
        try:
            answer = super().to_python(value)
        except ValueError as error:  # a number of more digits than Python reads
            raise ValidationError(_REFUSED) from error
        if answer is not None and not isinstance(answer, dict):
            raise ValidationError(_REFUSED)
        return answer

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Nothing: an answer is good once, and a form that comes back waits for another one."""
        return None

    def prepare_value(self, value: Any) -> str:
        return ""


class _Answer(forms.Form):
    credential = AnswerField(widget=forms.HiddenInput)

    def clean(self) -> Any:
        return _read(super().clean)

    def clean_credential(self) -> Any:
        above: Any = super()
        return _read(above.clean_credential) if hasattr(above, "clean_credential") else self.cleaned_data["credential"]


def _read(reading: Any) -> Any:
    try:
        return reading()
    except _BROKEN as error:
        raise ValidationError(_REFUSED) from error


class AddPasskey(_Answer, stock.AddWebAuthnForm):
    """A new passkey and its name."""

    name = forms.CharField(
        label=_("Its name"), max_length=60, required=False, help_text=_("So that you know it again, e.g. “My phone”.")
    )
    passwordless = forms.BooleanField(
        label=_("Sign in with it alone, without a password"),
        required=False,
        initial=True,
        help_text=_("Switch this off for an older security key that has no PIN: it is then your second step."),
    )
    credential = AnswerField(widget=forms.HiddenInput)


class SignInByPasskey(_Answer, stock.LoginWebAuthnForm):
    credential = AnswerField(widget=forms.HiddenInput)


class StepByPasskey(_Answer, stock.AuthenticateWebAuthnForm):
    credential = AnswerField(widget=forms.HiddenInput)


class ConfirmByPasskey(_Answer, stock.ReauthenticateWebAuthnForm):
    credential = AnswerField(widget=forms.HiddenInput)


class NamePasskey(stock.EditWebAuthnForm):
    name = forms.CharField(label=_("Its name"), max_length=60)
