"""Who gets a session: nobody before they've proved who they are, however they knock."""

import json
import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from library.accounts.cleanup import delete_expired
from library.accounts.permissions import Role
from library.accounts.sessions import SessionStore
from library.models import User
from tests.accounts.people import LOGIN, STEP, set_up_app, sign_in
from tests.accounts.software_passkey import SoftwarePasskey
from tests.admin.roles import make_person

pytestmark = pytest.mark.django_db
BY_PASSKEY = "/admin/account/login/passkey/"
JSON = {"accept": "application/json"}
PAGES = [
    "/admin/",
    "/admin/login/",
    "/admin/library/resource/",
    "/admin/nowhere/",
    "/admin/account/nowhere/",
    LOGIN,
    STEP,
    BY_PASSKEY,
    "/admin/account/confirm/",
    "/admin/account/passkeys/add/",
    "/admin/jsi18n/",
]
FORMS: list[tuple[str, dict[str, str]]] = [
    (LOGIN, {}),
    (LOGIN, {"login": "editor", "password": "wrong"}),
    (LOGIN, {"login": "nobody", "password": "wrong"}),
    (STEP, {"code": "000000"}),
    (BY_PASSKEY, {"credential": "{}"}),
    (BY_PASSKEY, {}),
    ("/admin/account/logout/", {}),
    ("/admin/logout/", {}),
    ("/admin/account/confirm/", {"password": "wrong"}),
    ("/admin/library/tag/add/", {"name": "x"}),
]
MADE_UP = ["", "a" * 32, "é", "../../etc", "x" * 5_000]


@pytest.fixture
def editor(db: None) -> User:
    return make_person("editor", Role.EDITOR)


def options_for(client: Client) -> Any:
    return client.get(BY_PASSKEY, headers=JSON).json()["request_options"]


# Strangers


@pytest.mark.parametrize("cookie", MADE_UP, ids=["none", "shaped", "accent", "path", "long"])
def test_a_stranger_gets_no_session_from_any_page_or_form(editor: User, cookie: str) -> None:
    for method, path, form in [("get", page, {}) for page in PAGES] + [("post", *sent) for sent in FORMS]:
        for headers in ({}, JSON):
            client = Client()
            if cookie:
                client.cookies["sessionid"] = cookie
            answer = getattr(client, method)(path, form, headers=headers)
            assert answer.status_code < 500
            assert not answer.cookies["sessionid"].value if "sessionid" in answer.cookies else True
            assert not Session.objects.exists(), (method, path)


def test_a_failed_passkey_is_explained_on_the_sign_in_page(editor: User, client: Client) -> None:
    answer = client.post(BY_PASSKEY, {"credential": "{}"})
    assert answer.status_code == 200
    words = answer.content.decode()
    assert "That passkey didn’t work" in words
    assert "<title>Error:" in words
    assert 'id="login-form"' in words
    assert not Session.objects.exists()


# A passkey


def test_a_passkey_signs_in_with_a_challenge_that_waited_in_a_cookie(editor: User, client: Client) -> None:
    passkey = SoftwarePasskey(editor)
    answer = passkey.answer(options_for(client))
    challenge = client.cookies["passkey_challenge"]
    assert (challenge["path"], challenge["samesite"], challenge["max-age"]) == (BY_PASSKEY, "Strict", 300)
    assert challenge["httponly"]
    assert not Session.objects.exists()

    response = client.post(BY_PASSKEY, {"credential": answer})

    assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert client.get("/admin/").status_code == 200
    assert Session.objects.count() == 1
    assert client.cookies["passkey_challenge"].value == ""


def test_a_replayed_answer_is_refused_even_with_its_cookie(editor: User) -> None:
    passkey, first, thief = SoftwarePasskey(editor), Client(), Client()
    answer = passkey.answer(options_for(first))
    thief.cookies["passkey_challenge"] = first.cookies["passkey_challenge"].value
    assert first.post(BY_PASSKEY, {"credential": answer}).status_code == 302

    replayed = thief.post(BY_PASSKEY, {"credential": answer})

    assert "already been used" in replayed.content.decode()
    assert thief.get("/admin/").status_code == 302
    assert Session.objects.count() == 1


def test_an_answer_needs_the_challenge_of_its_own_browser(editor: User) -> None:
    passkey, first, other = SoftwarePasskey(editor), Client(), Client()
    answer = passkey.answer(options_for(first))
    for cookie in (None, "made:up:cookie", "x" * 5_000):
        if cookie:
            other.cookies["passkey_challenge"] = cookie
        assert other.post(BY_PASSKEY, {"credential": answer}).status_code == 200
    options_for(other)
    assert other.post(BY_PASSKEY, {"credential": answer}).status_code == 200
    assert not Session.objects.exists()


def test_a_passkey_lets_nobody_in_who_may_not_sign_in(editor: User) -> None:
    passkey = SoftwarePasskey(editor)
    for change in ({"is_active": False}, {"is_active": True, "is_staff": False}):
        User.objects.update(**change)
        client = Client()
        answer = client.post(BY_PASSKEY, {"credential": passkey.answer(options_for(client))})
        assert "This account can’t sign in" in answer.content.decode()
        assert not Session.objects.exists()


# Between the password and the second step


def test_who_owes_a_second_step_has_a_session_for_minutes(editor: User, client: Client) -> None:
    sign_in(client, "editor")
    set_up_app(client)
    client.logout()
    assert sign_in(client, "editor")["Location"] == STEP
    for _page in range(2):  # the page itself writes into the session
        assert client.get(STEP).status_code == 200
        left = Session.objects.get().expire_date - timezone.now()
        assert timedelta(minutes=9) < left <= timedelta(minutes=10)
    assert int(client.cookies["sessionid"]["max-age"]) <= 600


def test_a_second_step_that_took_too_long_starts_over(editor: User, client: Client) -> None:
    sign_in(client, "editor")
    set_up_app(client)
    client.logout()
    sign_in(client, "editor")
    session = client.session
    session[LOGIN_SESSION_KEY] |= {"initiated_at": time.time() - 601}
    session.save()
    assert client.get(STEP)["Location"].startswith(LOGIN)
    assert client.get(LOGIN).status_code == 200


def test_who_is_signed_in_stays_for_twelve_hours(editor: User, client: Client) -> None:
    sign_in(client, "editor")
    left = Session.objects.get().expire_date - timezone.now()
    assert timedelta(hours=11) < left <= timedelta(hours=12)


# Rows that are over


def test_expired_sessions_are_deleted_and_others_stay(editor: User, client: Client) -> None:
    sign_in(client, "editor")
    past = timezone.now() - timedelta(seconds=1)
    Session.objects.bulk_create(
        Session(session_key=f"{number:032}", session_data="x", expire_date=past) for number in range(5_001)
    )

    delete_expired(timezone.now())

    assert Session.objects.count() == 1
    assert client.get("/admin/").status_code == 200


def test_sessions_from_before_are_read(editor: User, client: Client) -> None:
    """The signature of a stored session depends on the name of the class that wrote it."""
    stored = SessionStore()
    assert stored.key_salt == "django.contrib.sessions.SessionStore"
    client.force_login(editor)
    assert json.dumps(Session.objects.get().get_decoded())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_session")
        assert cursor.fetchone() == (1,)
