"""Devices on which someone has signed in before: guessers elsewhere don't slow them down.

A device keeps a signed token for each of its people in one cookie, sent to the sign-in pages alone. A token is good for
one person until they change their password or their second step changes; nothing about it is stored here.
"""

import re
import secrets
from collections.abc import Callable

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from library.models import User

from .second_factor import oldest_step

COOKIE = "known_device"
_AGE = 365 * 24 * 3600  # seconds
_MOST = 8  # people who share a device
_TOKEN = re.compile(r"(\d{1,19})\.[\w-]{8,40}:[\w-]{1,20}:[\w-]{1,60}")


def device_of(request: HttpRequest, owner: Callable[[], User | None]) -> str:
    """What this device is called for its owner; "" when they haven't signed in on it. Calls `owner` if need be."""
    tokens = _tokens(request)
    user = owner() if tokens else None
    if user is None:
        return ""
    signer = _signer(user)
    for token in tokens:
        try:
            return signer.unsign(token, max_age=_AGE)
        except BadSignature:
            continue
    return ""


def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Give the device a new token for this person, and leave those of others."""
    others = [token for token in _tokens(request) if not token.startswith(f"{user.pk}.")]
    token = _signer(user).sign(f"{user.pk}.{secrets.token_urlsafe(9)}")
    response.set_cookie(
        COOKIE,
        "|".join([token, *others][:_MOST]),
        max_age=_AGE,
        path=reverse("mfa_index"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _tokens(request: HttpRequest) -> list[str]:
    """Those in the cookie that have the right shape."""
    return [token for token in request.COOKIES.get(COOKIE, "").split("|")[:_MOST] if _TOKEN.fullmatch(token)]


def _signer(user: User) -> TimestampSigner:
    """Signs for one person with this password and this second step."""
    return TimestampSigner(salt=f"library.known-device {user.get_session_auth_hash()} {oldest_step(user)}")
