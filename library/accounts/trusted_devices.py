"""Devices that somebody trusts for 30 days, so that a password is enough there; a passkey needs neither.

A device keeps a random token in a cookie for the pages of signing in alone; the database has a keyed hash of it.
"""

import secrets
from typing import Any

from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from library.models import TrustedDevice, User
from library.models.trusted_device import TRUST_LIFE

from .encryption import keyed_hash

_PURPOSE = "library.trusted-device"
_AGE = int(TRUST_LIFE.total_seconds())


class SecondStep(AuthenticateStage):
    """django-allauth's own, passed over on a trusted device."""

    def handle(self) -> Any:
        return (None, True) if trusted_device(self.request, self.login.user) else super().handle()


def trust_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Ask this person for no second step on this device, from now on and for as long as trust lasts."""
    now, token = timezone.now(), secrets.token_urlsafe(32)
    TrustedDevice.objects.create(user=user, token_hash=_hashed(token), created_at=now, expires=now + TRUST_LIFE)
    response.set_signed_cookie(
        _cookie_of(user),
        token,
        salt=_PURPOSE,
        max_age=_AGE,
        path=reverse("mfa_index"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def trusted_device(request: HttpRequest, user: Any) -> TrustedDevice | None:
    """What says that this person trusts this device now."""
    token = request.get_signed_cookie(_cookie_of(user), "", salt=_PURPOSE, max_age=_AGE)
    if not token:
        return None
    trusted = TrustedDevice.objects.filter(user=user, token_hash=_hashed(token), expires__gt=timezone.now())
    device: TrustedDevice | None = trusted.first()
    return device


@login_required
def forget_devices(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """302 to the account, when one or all of its trusted devices are forgotten; by GET, after signing in, none is."""
    devices = TrustedDevice.objects.filter(user=request.user)
    if request.method == "POST":
        (devices if pk is None else devices.filter(pk=pk)).delete()
    return HttpResponseRedirect(reverse("mfa_index"))


def _cookie_of(user: User) -> str:
    """Each of the people who share a device has their own."""
    return f"trusted_device_{user.pk}"


def _hashed(token: str) -> str:
    return keyed_hash(_PURPOSE, token)
