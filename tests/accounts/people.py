"""Signing in as a person does it: page by page, with an authenticator app beside it."""

import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from tests.admin.roles import PASSWORD

LOGIN = "/admin/account/login/"
STEP = "/admin/account/login/step/"
STEPS = "/admin/account/"
ADD_APP = "/admin/account/app/add/"


def digits_of(secret: str, at: float | None = None) -> str:
    """What an authenticator app shows now, or at another moment."""
    return str(format_hotp_value(hotp_value(secret, int((time.time() if at is None else at) // 30))))


def sign_in(client: Client, name: str, password: str = PASSWORD, **more: Any) -> Any:
    """What the form with name and password answers."""
    return client.post(LOGIN, {"login": name, "password": password, **more})


def set_up_app(client: Client) -> str:
    """Set up an app for whoever is signed in; its secret."""
    secret = str(client.get(ADD_APP).context["form"].secret)
    answer = client.post(ADD_APP, {"code": digits_of(secret)})
    assert answer.status_code == 302, answer.context["form"].errors
    return secret
