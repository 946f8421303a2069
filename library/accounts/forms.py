"""The forms of the second step: codes, and what a passkey answers.

An answer is JSON that anybody may send, so it is bounded before it is read.
"""

import struct
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as code_forms
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as stock
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .attempts import CountedAttempt, Counter, counters_of_code, counters_of_confirming
from .codes import CodeUsed, authenticator_for, step_of
from .encryption import Unreadable

# An answer has a certificate or two in it, and a handful of levels.
PASSKEY_ANSWER_LIMIT = 20_000
_MOST_BRACKETS = 200
_REFUSED = _("That passkey didn’t work. Try again.")
_UNREADABLE = _(
    "This site’s secret key has changed, so it can’t read your app or your recovery codes anymore. Use a passkey, or "
    "ask an administrator to run “manage.py forget_second_factor %(name)s”."
)
# What reading a broken answer ends in, besides the errors that allauth expects.
_BROKEN = (LookupError, AttributeError, TypeError, ValueError, ArithmeticError, struct.error)


class _Code(forms.Form):
    """A code from an app or of the recovery codes, for `user`."""

    user: Any
    code = forms.CharField(
        label=_("Code"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "one-time-code"})
    )

    def counters(self) -> list[Counter]:
        raise NotImplementedError

    def clean_code(self) -> str:
        """The code, with whose it is in `authenticator`. Raises TooManyAttempts."""
        attempt = CountedAttempt(self.counters())
        code = str(self.cleaned_data["code"])
        try:
            self.authenticator = authenticator_for(self.user, code)
        except CodeUsed as error:
            raise ValidationError(_("That code has already been used. Wait for your app to show a new one.")) from error
        except Unreadable as error:
            attempt.succeeded()  # a right code couldn't be told from a wrong one
            raise ValidationError(_UNREADABLE % {"name": self.user.get_username()}) from error
        if self.authenticator is None:
            raise get_adapter().validation_error("incorrect_code")
        attempt.succeeded()
        return code


class StepByCode(_Code, code_forms.AuthenticateForm):
    """After the password."""

    trust = forms.BooleanField(
        label=_("Trust this device for 30 days"),
        required=False,
        help_text=_("We won’t ask for this step here, only for your password. Leave it off on a shared device."),
    )

    def counters(self) -> list[Counter]:
        return counters_of_code(context.request, self.user)


class ConfirmByCode(_Code, code_forms.ReauthenticateForm):
    """Is it still you?"""

    def counters(self) -> list[Counter]:
        return counters_of_confirming(self.user)


class SetUpApp(ActivateTOTPForm):
    """The first digits of a new app, and in `step` which half-minute they are of."""

    def clean_code(self) -> str:
        code: str = super().clean_code()
        self.step = step_of(self.secret, code)
        if self.step is None:  # the half-minute turned since the digits were compared
            raise get_adapter().validation_error("incorrect_code")
        return code


class AnswerField(forms.JSONField):
    """The answer as a dictionary; anything else is refused in words."""

    default_error_messages = {"required": _REFUSED, "invalid": _REFUSED}

    def to_python(self, value: Any) -> Any:
        text = value if isinstance(value, str) else ""
        brackets = text.count("[") + text.count("{")
        if len(text) > PASSKEY_ANSWER_LIMIT or brackets > _MOST_BRACKETS or "\\u0000" in text:
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
        label=_("Name"), max_length=60, required=False, help_text=_("So you can tell it apart, e.g. “My phone”.")
    )
    passwordless = forms.BooleanField(
        label=_("Use it to sign in without a password"),
        required=False,
        initial=True,
        help_text=_("Turn this off for an older security key without a PIN. It’s then your second step."),
    )
    credential = AnswerField(widget=forms.HiddenInput)


class SignInByPasskey(_Answer, stock.LoginWebAuthnForm):
    credential = AnswerField(widget=forms.HiddenInput)


class StepByPasskey(_Answer, stock.AuthenticateWebAuthnForm):
    credential = AnswerField(widget=forms.HiddenInput)


class ConfirmByPasskey(_Answer, stock.ReauthenticateWebAuthnForm):
    credential = AnswerField(widget=forms.HiddenInput)


class NamePasskey(stock.EditWebAuthnForm):
    name = forms.CharField(label=_("Name"), max_length=60)
