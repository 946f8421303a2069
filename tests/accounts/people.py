"""Signing in as a person does it: page by page, with an authenticator app beside it."""

import re
import threading
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


SITE = "https://library.example.org"


def sign_in(client: Client, name: str, password: str = PASSWORD, **more: Any) -> Any:
    """What the form with name and password answers."""
    return client.post(LOGIN, {"login": name, "password": password, **more})


def set_up_app(client: Client) -> str:
    """Set up an app for whoever is signed in; its secret."""
    secret = str(client.get(ADD_APP).context["form"].secret)
    answer = client.post(ADD_APP, {"code": digits_of(secret)})
    assert answer.status_code == 302, answer.context["form"].errors
    return secret


def link_in(mails: list[Any]) -> str:
    """Where the link of the only mail leads, below the site's own address; the mail is taken away."""
    wait_for_mail()
    (mail,) = mails
    (address,) = re.findall(r"https?://\S+", mail.body)
    assert address.startswith(f"{SITE}/admin/account/")
    mails.clear()
    return str(address.removeprefix(SITE))


def wait_for_mail() -> None:
    """Until what is sent while a page is answered is on its way."""
    for thread in threading.enumerate():
        if thread.name == "mail":
            thread.join()


def choose_password(address: str, password: str, client: Client | None = None) -> Any:
    """What a link answers to a new password."""
    return (client or Client()).post(address, {"new_password1": password, "new_password2": password})
