"""Codes as a second step: the six digits of an app, good once, or a recovery code."""

from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.db import transaction

from .encryption import Unreadable

# The newest half-minute whose digits were accepted, counted from 1970, among the data of an app.
_LAST_USED = "last_used_step"


class CodeUsed(Exception):
    """The digits are right, and were accepted before."""


def authenticator_for(user: Any, code: str) -> Authenticator | None:
    """Whose code this is. It can't be used again. Raises CodeUsed, or Unreadable when it can't be told."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
    problem: Exception | None = None
    for authenticator in Authenticator.objects.filter(user=user, type__in=kinds).order_by("-type"):
        try:
            if _takes(authenticator, code):
                return authenticator
        except (CodeUsed, Unreadable) as error:
            problem = problem or error
    if problem:
        raise problem
    return None


def step_of(secret: str, code: str) -> int | None:
    """Which half-minute's digits these are, among those that are accepted now; the newest, should two be the same."""
    steps = [
        step
        for step in yield_hotp_counters_from_time()
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step)))
    ]
    return max(steps, default=None)


def mark_used(authenticator: Authenticator, step: int) -> None:
    """Accept no digits of this half-minute or an earlier one any more."""
    authenticator.data[_LAST_USED] = step
    authenticator.save(update_fields=["data"])


def _takes(authenticator: Authenticator, code: str) -> bool:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return bool(authenticator.wrap().validate_code(code))
    with transaction.atomic():
        app = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        step = step_of(decrypt(app.data["secret"]), code)
        if step is None:
            return False
        if step <= (app.data.get(_LAST_USED) or 0):
            raise CodeUsed
        mark_used(app, step)
        return True
