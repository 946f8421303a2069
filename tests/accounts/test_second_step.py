"""The second step: who has to have one, setting up an app, recovery codes, and asking once more who it is."""

import time
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client

from library.accounts.permissions import Role
from library.accounts.second_factor import is_missing_for
from library.models import User
from tests.accounts.people import ADD_APP, LOGIN, STEP, STEPS, digits_of, set_up_app, sign_in
from tests.admin.roles import make_person
from tests.factories import make_identity
from tests.reading import read

pytestmark = pytest.mark.django_db
ADMIN = "/admin/"


@pytest.fixture(autouse=True)
def _required(settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True


@pytest.fixture
def publisher(db: None) -> User:
    return make_person("publisher", Role.PUBLISHER)


@pytest.fixture
def with_app(publisher: User, client: Client) -> tuple[Client, str]:
    """A publisher who has just set up an app, and its secret."""
    sign_in(client, "publisher")
    return client, set_up_app(client)


def later(client: Client) -> None:
    """As if the last time that somebody said who they are were ten minutes ago."""
    session = client.session
    for record in (records := session["account_authentication_methods"]):
        record["at"] -= 600
    session["account_authentication_methods"] = records
    session.save()


def through(answer: Any) -> str:
    return str(answer["Location"]) if answer.status_code == 302 else str(answer.status_code)


# Who has to have one


def test_a_publisher_without_one_is_led_to_set_one_up_and_nowhere_else(publisher: User, client: Client) -> None:
    sign_in(client, "publisher")
    for path in ("", "library/resource/", "library/resource/add/", "password_change/", "library/helpline/1/history/"):
        assert through(client.get(f"{ADMIN}{path}")) == STEPS, path
    assert through(client.post("/admin/library/tag/add/", {"name": "x"})) == STEPS
    page = client.get(STEPS)
    assert "a password alone isn’t enough" in page.content.decode()
    assert client.post("/admin/logout/").status_code == 200


def test_who_only_writes_may_do_without(client: Client) -> None:
    make_person("editor", Role.EDITOR)
    sign_in(client, "editor")
    assert client.get(ADMIN).status_code == 200
    assert "a password alone" not in client.get(STEPS).content.decode()


def test_the_setting_switches_it_off(publisher: User, client: Client, settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = False
    sign_in(client, "publisher")
    assert client.get(ADMIN).status_code == 200


def test_a_superuser_needs_one_too(client: Client) -> None:
    User.objects.create_superuser("first", password="four words in a row")
    sign_in(client, "first", "four words in a row")
    assert through(client.get(ADMIN)) == STEPS


# An app


def test_an_app_is_set_up_and_asked_for_from_then_on(with_app: tuple[Client, str]) -> None:
    client, secret = with_app
    assert client.get(ADMIN).status_code == 200
    other = Client()
    assert sign_in(other, "publisher")["Location"] == STEP
    assert other.get(ADMIN).status_code == 302
    assert other.get(STEP).status_code == 200
    answer = other.post(STEP, {"code": digits_of(secret, time.time() + 30)})
    assert through(answer) == ADMIN
    assert other.get(ADMIN).status_code == 200


def test_the_picture_for_the_phone_stands_in_the_page(publisher: User, client: Client) -> None:
    sign_in(client, "publisher")
    page = client.get(ADD_APP)
    words = page.content.decode()
    assert read(words).one("div", class_="scan").all("svg")
    assert "data:" not in words
    assert page.context["form"].secret in words
    assert "otpauth://totp/publisher?" in page.context["totp_url"]
    assert "Officer%20Mental%20Health%20Resources" in page.context["totp_url"]


def test_an_app_on_a_phone_shows_the_short_name_of_the_site(publisher: User, client: Client) -> None:
    make_identity(name="Springfield Officer Wellness Library", short_name="Wellness")
    sign_in(client, "publisher")

    assert "issuer=Wellness" in client.get(ADD_APP).context["totp_url"]


def test_wrong_digits_set_nothing_up_and_let_nobody_in(with_app: tuple[Client, str]) -> None:
    other = Client()
    sign_in(other, "publisher")
    for digits in ("000000", "", "٣٤٥٦٧٨", "x" * 10_000):
        assert other.post(STEP, {"code": digits}).status_code == 200
        assert other.get(ADMIN).status_code == 302


def test_digits_are_good_once(with_app: tuple[Client, str]) -> None:
    _client, secret = with_app
    digits, first, second = digits_of(secret, time.time() + 30), Client(), Client()
    sign_in(first, "publisher")
    sign_in(second, "publisher")
    assert first.post(STEP, {"code": digits}).status_code == 302
    assert second.post(STEP, {"code": digits}).status_code == 200


def test_the_digits_that_set_the_app_up_sign_nobody_in(publisher: User, client: Client) -> None:
    sign_in(client, "publisher")
    secret = str(client.get(ADD_APP).context["form"].secret)
    digits = digits_of(secret)
    assert client.post(ADD_APP, {"code": digits}).status_code == 302
    other = Client()
    sign_in(other, "publisher")
    assert "That code has already been used" in other.post(STEP, {"code": digits}).content.decode()
    assert through(other.post(STEP, {"code": digits_of(secret, time.time() + 30)})) == ADMIN


def test_digits_that_expire_while_they_are_compared_set_nothing_up(
    publisher: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, "publisher")
    secret = str(client.get(ADD_APP).context["form"].secret)
    start = time.time() // 30 * 30
    clock = count(start + 30, 30)  # half a minute passes at each look
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", SimpleNamespace(time=lambda: next(clock)))
    answer = client.post(ADD_APP, {"code": digits_of(secret, start)})
    assert "That code isn’t right, or it’s too old" in answer.content.decode()
    assert not Authenticator.objects.exists()


def test_app_that_was_stored_without_its_first_half_minute_still_signs_in(with_app: tuple[Client, str]) -> None:
    _client, secret = with_app
    app = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    app.data["last_used_step"] = None
    app.save()
    other = Client()
    sign_in(other, "publisher")
    assert through(other.post(STEP, {"code": digits_of(secret)})) == ADMIN


def test_digits_older_than_the_last_used_ones_are_used_too(with_app: tuple[Client, str]) -> None:
    _client, secret = with_app
    now, first, second = time.time(), Client(), Client()
    sign_in(first, "publisher")
    sign_in(second, "publisher")
    assert through(first.post(STEP, {"code": digits_of(secret, now + 30)})) == ADMIN
    for at in (now, now - 30):
        assert second.post(STEP, {"code": digits_of(secret, at)}).status_code == 200
    assert second.get(ADMIN).status_code == 302


def test_digits_that_confirmed_who_it_is_sign_nobody_in(with_app: tuple[Client, str]) -> None:
    client, secret = with_app
    digits = digits_of(secret, time.time() + 30)
    later(client)
    assert client.post("/admin/account/confirm/code/", {"code": digits}).status_code == 302
    other = Client()
    sign_in(other, "publisher")
    assert other.post(STEP, {"code": digits}).status_code == 200


def test_the_step_is_nothing_without_the_password(publisher: User, client: Client) -> None:
    assert client.get(STEP)["Location"].startswith(LOGIN)
    assert client.post(STEP, {"code": "000000"})["Location"].startswith(LOGIN)


def test_who_stops_at_the_step_can_sign_in_as_somebody_else(with_app: tuple[Client, str]) -> None:
    other = Client()
    sign_in(other, "publisher")
    assert through(other.get(LOGIN)) == STEP
    assert through(other.post("/admin/account/logout/")) == LOGIN
    assert other.get(LOGIN).status_code == 200


# Recovery codes


def codes_of(client: Client) -> list[str]:
    page = read(client.get("/admin/account/codes/").content)
    return [item.words for item in page.one("ul", class_="codes").all("li")]


def test_setting_up_leads_to_ten_recovery_codes(publisher: User, client: Client) -> None:
    sign_in(client, "publisher")
    secret = client.get(ADD_APP).context["form"].secret
    assert through(client.post(ADD_APP, {"code": digits_of(secret)})) == "/admin/account/codes/"
    codes = codes_of(client)
    assert len(set(codes)) == 10
    download = client.get("/admin/account/codes/download/")
    assert all(code in download.content.decode() for code in codes)


def test_a_recovery_code_is_good_once(with_app: tuple[Client, str]) -> None:
    client, _secret = with_app
    code = codes_of(client)[0]
    first, second = Client(), Client()
    sign_in(first, "publisher")
    assert through(first.post(STEP, {"code": code})) == ADMIN
    sign_in(second, "publisher")
    assert second.post(STEP, {"code": code}).status_code == 200
    assert code not in codes_of(client)


def test_new_codes_take_the_place_of_the_old_ones(with_app: tuple[Client, str]) -> None:
    client, _secret = with_app
    before = codes_of(client)
    assert through(client.post("/admin/account/codes/new/")) == "/admin/account/codes/"
    assert not set(before) & set(codes_of(client))


# Is it still you?


@pytest.mark.parametrize(
    "path",
    ["app/remove/", "codes/new/", "passkeys/add/", "passkeys/1/name/", "passkeys/1/remove/"],
)
def test_after_a_while_somebody_is_asked_once_more(with_app: tuple[Client, str], path: str) -> None:
    client, _secret = with_app
    later(client)
    address = f"/admin/account/{path}"
    for answer in (client.get(address), client.post(address, {"code": "1"})):
        assert through(answer).startswith("/admin/account/confirm/")
        assert f"next=%2Fadmin%2Faccount%2F{path.split('/')[0]}" in answer["Location"]


def test_the_password_says_who_it_is(with_app: tuple[Client, str], publisher: User) -> None:
    client, _secret = with_app
    later(client)
    asking = client.get("/admin/account/app/remove/")["Location"]
    page = client.get(asking)
    assert page.status_code == 200
    assert client.post(asking, {"password": "wrong"}).status_code == 200
    assert through(client.post(asking, {"password": "a long and quiet night 7"})) == "/admin/account/app/remove/"
    assert through(client.post("/admin/account/app/remove/")) == STEPS
    assert not Authenticator.objects.filter(user=publisher).exists()
    assert through(client.get(ADMIN)) == STEPS


def test_digits_say_it_too(with_app: tuple[Client, str]) -> None:
    client, secret = with_app
    later(client)
    asking = "/admin/account/confirm/code/?next=/admin/account/codes/"
    assert client.get(asking).status_code == 200
    answer = client.post(asking, {"code": digits_of(secret, time.time() + 30), "next": "/admin/account/codes/"})
    assert through(answer) == "/admin/account/codes/"


def test_no_address_of_the_network_is_kept_in_a_session(with_app: tuple[Client, str]) -> None:
    client, _secret = with_app
    later(client)
    client.post("/admin/account/app/remove/", REMOTE_ADDR="203.0.113.77")
    for session in Session.objects.all():
        assert "203.0.113.77" not in str(session.get_decoded())


@pytest.mark.parametrize(
    "path", ["", "app/add/", "app/remove/", "codes/", "codes/download/", "codes/new/", "passkeys/"]
)
def test_nobody_else_sees_any_of_it(publisher: User, client: Client, path: str) -> None:
    answer = client.get(f"/admin/account/{path}")
    assert answer.status_code in {302, 404}
    assert client.get(f"/admin/account/{path}", follow=True).status_code in {200, 404}
    if answer.status_code == 302:
        assert answer["Location"].startswith(LOGIN)


def test_every_page_has_the_desks_header(with_app: tuple[Client, str]) -> None:
    client, _secret = with_app
    for path in ("", "app/remove/", "codes/", "codes/new/", "passkeys/", "passkeys/add/", "confirm/"):
        page = read(client.get(f"/admin/account/{path}").content)
        assert page.all("header", id="header"), path
        assert len(page.all("h1")) == 1, path


# Somebody has lost everything


def test_the_command_takes_the_second_step_away(with_app: tuple[Client, str], publisher: User, capsys: Any) -> None:
    call_command("forget_second_factor", "publisher")
    assert "their password alone" in capsys.readouterr().out
    assert is_missing_for(publisher)
    assert through(sign_in(Client(), "publisher")) == ADMIN
    call_command("forget_second_factor", "publisher")
    assert capsys.readouterr().out == "They didn't have one.\n"
    with pytest.raises(CommandError, match="no curator"):
        call_command("forget_second_factor", "nobody")
