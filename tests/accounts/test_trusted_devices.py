"""Trusting a device for 30 days: there, and only there, a password is enough."""

import time
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from library.accounts.cleanup import delete_expired
from library.accounts.permissions import Role
from library.models import TrustedDevice, User
from tests.accounts.people import LOGIN, STEP, digits_of, set_up_app, sign_in
from tests.accounts.software_passkey import SoftwarePasskey
from tests.admin.roles import PASSWORD, make_person
from tests.reading import read

pytestmark = pytest.mark.django_db
ADMIN, ACCOUNT = "/admin/", "/admin/account/"


@pytest.fixture
def publisher(db: None, settings) -> User:
    settings.REQUIRE_SECOND_FACTOR = True
    return make_person("publisher", Role.PUBLISHER)


@pytest.fixture
def secret(publisher: User) -> str:
    """Of the publisher's app."""
    client = Client()
    sign_in(client, "publisher")
    return set_up_app(client)


@pytest.fixture
def trusted(secret: str) -> Client:
    """A device that the publisher has just trusted, and signed in on."""
    return trust_on(Client(), secret)


def trust_on(client: Client, secret: str, offset: float = 30) -> Client:
    assert sign_in(client, "publisher")["Location"] == STEP
    code = digits_of(secret, time.time() + offset)
    assert client.post(STEP, {"code": code, "trust": "on"})["Location"] == ADMIN
    return client


def sign_in_again(client: Client) -> str:
    client.post("/admin/account/logout/")
    answer = sign_in(client, "publisher")
    return str(answer["Location"]) if answer.status_code == 302 else str(answer.status_code)


def buttons_of(client: Client) -> dict[str, str]:
    """The buttons about trusted devices and where they lead."""
    page = read(client.get(ACCOUNT).content)
    return {button.words: button["formaction"] for button in page.all("button") if button.get("formaction")}


def test_a_trusted_device_is_not_asked_again_and_every_other_is(trusted: Client, secret: str) -> None:
    assert sign_in_again(trusted) == ADMIN
    assert trusted.get(ADMIN).status_code == 200
    assert sign_in_again(Client()) == STEP
    trusted.post("/admin/account/logout/")
    assert sign_in(trusted, "publisher", "wrong").status_code == 200
    assert trusted.get(ADMIN).status_code == 302


def test_nobody_is_trusted_unasked(secret: str) -> None:
    client = Client()
    assert sign_in(client, "publisher")["Location"] == STEP
    box = read(client.get(STEP).content).one("input", name="trust")
    assert box.get("checked") is None
    assert client.post(STEP, {"code": "000000", "trust": "on"}).status_code == 200
    assert client.post(STEP, {"code": digits_of(secret, time.time() + 30)})["Location"] == ADMIN
    assert not TrustedDevice.objects.exists()
    assert sign_in_again(client) == STEP


def test_the_cookie_goes_to_the_pages_of_signing_in_alone_and_opens_nothing(trusted: Client, publisher: User) -> None:
    cookie = trusted.cookies[f"trusted_device_{publisher.pk}"]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == (ACCOUNT, "Strict", True)
    assert int(cookie["max-age"]) == 30 * 24 * 3600
    assert TrustedDevice.objects.get().token_hash not in cookie.value
    thief = Client()
    thief.cookies[cookie.key] = cookie.value
    assert thief.get(ADMIN).status_code == 302
    assert thief.get(STEP)["Location"] == LOGIN
    for value in ("", "x", cookie.value[:-1] + "?", TrustedDevice.objects.get().token_hash):
        thief.cookies[cookie.key] = value
        assert sign_in_again(thief) == STEP


def test_one_persons_trust_is_not_anothers(trusted: Client, publisher: User) -> None:
    make_person("other", Role.PUBLISHER)
    other = Client()
    sign_in(other, "other")
    secret = set_up_app(other)
    cookie = trusted.cookies[f"trusted_device_{publisher.pk}"].value
    trusted.cookies[f"trusted_device_{User.objects.get(username='other').pk}"] = cookie
    trusted.post("/admin/account/logout/")
    assert sign_in(trusted, "other")["Location"] == STEP
    code = digits_of(secret, time.time() + 30)
    assert trusted.post(STEP, {"code": code, "trust": "on"})["Location"] == ADMIN
    # They share the device: each is trusted on it.
    assert sign_in_again(trusted) == ADMIN


def test_trust_ends_after_thirty_days(trusted: Client) -> None:
    end = timezone.now() - timedelta(seconds=1)
    TrustedDevice.objects.update(created_at=end - timedelta(days=30), expires=end)
    assert buttons_of(trusted) == {}
    assert sign_in_again(trusted) == STEP
    delete_expired(timezone.now())
    assert not TrustedDevice.objects.exists()


def test_devices_are_forgotten_one_by_one_or_all(trusted: Client, secret: str, publisher: User) -> None:
    code = read(trusted.get("/admin/account/codes/").content).one("ul", class_="codes").all("li")[0].words
    second = Client()
    sign_in(second, "publisher")
    assert second.post(STEP, {"code": code, "trust": "on"}).status_code == 302
    assert list(buttons_of(trusted)) == ["Forget this device", "Forget", "Forget all"]
    stranger = Client()
    stranger.force_login(make_person("other", Role.AUTHOR))
    for path in buttons_of(trusted).values():
        assert stranger.post(path)["Location"] == ACCOUNT
        assert trusted.get(path)["Location"] == ACCOUNT
        assert Client().post(path)["Location"].startswith(LOGIN)
    assert publisher.trusted_devices.count() == 2

    assert trusted.post(buttons_of(trusted)["Forget this device"])["Location"] == ACCOUNT
    assert sign_in_again(trusted) == STEP
    assert sign_in_again(second) == ADMIN
    second.post(buttons_of(second)["Forget all"])
    assert buttons_of(second) == {}
    assert sign_in_again(second) == STEP


def test_a_new_password_ends_the_trust_in_every_device(trusted: Client) -> None:
    """What else does, `tests/models/test_trusted_device.py` shows: the database does it."""
    new = {"old_password": PASSWORD, "new_password1": "another long night 8", "new_password2": "another long night 8"}
    assert trusted.post("/admin/password_change/", new).status_code == 302
    assert buttons_of(trusted) == {}
    trusted.post("/admin/account/logout/")
    assert sign_in(trusted, "publisher", "another long night 8")["Location"] == STEP


def test_a_passkey_asks_for_no_trust(publisher: User, secret: str) -> None:
    client = Client()
    passkey = SoftwarePasskey(publisher)
    by_passkey = "/admin/account/login/passkey/"
    options = client.get(by_passkey, headers={"accept": "application/json"}).json()["request_options"]
    assert client.post(by_passkey, {"credential": passkey.answer(options), "trust": "on"}).status_code == 302
    assert not TrustedDevice.objects.exists()
