"""The secrets of second steps in the database, and what happens when the key to them is lost."""

from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test import Client

from library.accounts.encryption import decrypt, encrypt
from library.accounts.permissions import Role
from library.models import Attempt, User
from tests.accounts.people import ADD_APP, LOGIN, STEP, digits_of, set_up_app, sign_in
from tests.accounts.software_passkey import SoftwarePasskey
from tests.admin.roles import make_person

pytestmark = pytest.mark.django_db
BY_PASSKEY = "/admin/account/login/passkey/"


@pytest.fixture
def editor(db: None) -> User:
    return make_person("editor", Role.EDITOR)


@pytest.fixture
def secret(editor: User, client: Client) -> str:
    """That of an app which the editor has set up."""
    sign_in(client, "editor")
    return set_up_app(client)


def data_of(kind: str) -> dict[str, Any]:
    return dict(Authenticator.objects.get(type=kind).data)


def test_neither_an_app_nor_recovery_codes_are_in_the_database_in_the_clear(secret: str) -> None:
    assert decrypt(data_of("totp")["secret"]) == secret
    assert len(decrypt(data_of("recovery_codes")["seed"])) == 80
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        assert all(secret not in text for (text,) in cursor.fetchall())


def test_an_app_that_is_being_set_up_is_not_in_the_sessions_in_the_clear(editor: User, client: Client) -> None:
    sign_in(client, "editor")
    secret = str(client.get(ADD_APP).context["form"].secret)
    stored = Session.objects.get().get_decoded()
    assert secret not in str(stored)
    assert decrypt(stored[SECRET_SESSION_KEY]) == secret
    assert client.post(ADD_APP, {"code": "000000"}).context["form"].secret == secret  # the picture stays the same
    assert client.post(ADD_APP, {"code": digits_of(secret)}).status_code == 302
    assert SECRET_SESSION_KEY not in Session.objects.get().get_decoded()


@pytest.mark.parametrize("before", ["JBSWY3DPEHPK3PXP", "", 5])
def test_an_app_that_cannot_be_read_in_a_session_is_begun_again(editor: User, client: Client, before: Any) -> None:
    sign_in(client, "editor")
    row = Session.objects.get()
    row.session_data = db.SessionStore().encode(row.get_decoded() | {SECRET_SESSION_KEY: before})
    row.save()
    page = client.post(ADD_APP, {"code": digits_of("JBSWY3DPEHPK3PXP")})
    assert page.status_code == 200
    assert page.context["form"].secret not in {"JBSWY3DPEHPK3PXP", "", "5"}
    assert client.post(ADD_APP, {"code": digits_of(page.context["form"].secret)}).status_code == 302


def lose_the_key() -> None:
    """As if the secrets had been encrypted by a site with another secret key, and nothing else had changed."""
    for row in Authenticator.objects.filter(type__in=["totp", "recovery_codes"]):
        for name in {"secret", "seed"} & set(row.data):
            text = encrypt("x")
            row.data[name] = text[:-6] + ("AAAA" if text[-6:-2] != "AAAA" else "BBBB") + text[-2:]
        row.save()


def test_with_another_key_the_second_step_says_who_can_help(secret: str) -> None:
    lose_the_key()
    other = Client()
    assert sign_in(other, "editor")["Location"] == STEP
    for _time in range(7):
        answer = other.post(STEP, {"code": digits_of(secret)})
        assert answer.status_code == 200
    assert "manage.py forget_second_factor editor" in answer.content.decode()
    assert not Attempt.objects.exists()

    call_command("forget_second_factor", "editor", stdout=StringIO())

    assert sign_in(Client(), "editor")["Location"] == "/admin/"


def test_with_another_key_a_passkey_signs_in_and_makes_new_codes(editor: User, secret: str) -> None:
    passkey, other = SoftwarePasskey(editor), Client()
    lose_the_key()
    options = other.get(BY_PASSKEY, headers={"accept": "application/json"}).json()["request_options"]
    assert other.post(BY_PASSKEY, {"credential": passkey.answer(options)})["Location"] == "/admin/"
    for path in ("codes/", "codes/download/", "codes/new/"):
        answer = other.get(f"/admin/account/{path}")
        assert answer.status_code == 409
        assert "secret key has changed" in answer.content.decode()
    assert other.post("/admin/account/codes/new/")["Location"] == "/admin/account/codes/"
    assert other.get("/admin/account/codes/").status_code == 200
    assert other.get("/admin/account/").status_code == 200
    assert other.post("/admin/account/app/remove/").status_code == 302


def test_a_recovery_code_that_can_be_read_still_works_beside_an_app_that_cannot(secret: str, client: Client) -> None:
    codes = client.get("/admin/account/codes/").context["unused_codes"]
    app = Authenticator.objects.get(type="totp")
    app.data["secret"] = "lost"
    app.save()
    other = Client()
    sign_in(other, "editor")
    assert other.post(STEP, {"code": codes[0]})["Location"] == "/admin/"
    assert other.get(LOGIN).status_code == 302
