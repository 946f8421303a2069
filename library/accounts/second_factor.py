"""Second steps of signing in: whether somebody lacks one, and what is done for somebody who has lost theirs."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings

from library.models import User

from .permissions import needs_second_factor

_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_missing_for(user: Any) -> bool:
    """Whether this person needs a second step and has none. One query, for whoever needs one."""
    if not settings.REQUIRE_SECOND_FACTOR or not needs_second_factor(user):
        return False
    return not Authenticator.objects.filter(user=user, type__in=_STEPS).exists()


def oldest_step(user: Any) -> int:
    """Which second step somebody has had the longest, as its id; 0 without any."""
    steps = Authenticator.objects.filter(user=user, type__in=_STEPS).order_by("pk")
    return int(steps.values_list("pk", flat=True).first() or 0)


def remove_second_factor(user: User) -> int:
    """Remove every app, passkey and recovery code of somebody who has lost them; how many there were."""
    return int(Authenticator.objects.filter(user=user).delete()[0])
