"""Passkeys: what the pages offer, and what becomes of answers that no passkey ever gave."""

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from library.accounts.permissions import Role
from library.models import User
from tests.accounts.people import LOGIN, STEP, set_up_app, sign_in
from tests.admin.roles import make_person
from tests.factories import make_identity

pytestmark = pytest.mark.django_db
BY_PASSKEY = "/admin/account/login/passkey/"
ADD = "/admin/account/passkeys/add/"
# An answer in its form, with nothing true in it.
SHAPED: dict[str, Any] = {
    "type": "public-key",
    "id": "AAAA",
    "rawId": "AAAA",
    "clientExtensionResults": {},
    "response": {"clientDataJSON": "e30", "authenticatorData": "AAAA", "signature": "AAAA", "userHandle": "MQ"},
}
REGISTERED = SHAPED | {"response": {"clientDataJSON": "e30", "attestationObject": "oA"}}
HOSTILE = [
    "",
    "x",
    "null",
    "[]",
    "1",
    "{}",
    '{"id": 1}',
    "[" * 5_000,
    '{"a":' * 5_000,
    "9" * 19_000,
    json.dumps("a" * 30_000),
    '{"id": "\\u0000"}',
    json.dumps(SHAPED),
    json.dumps(SHAPED | {"response": SHAPED["response"] | {"userHandle": "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"}}),
    json.dumps(SHAPED | {"response": SHAPED["response"] | {"userHandle": "_____w"}}),
    json.dumps(SHAPED | {"response": []}),
    json.dumps(SHAPED | {"rawId": 5, "id": {}}),
    json.dumps(REGISTERED),
    json.dumps(REGISTERED | {"response": {"clientDataJSON": "e30", "attestationObject": "o2NmbXRkbm9uZQ"}}),
    json.dumps(REGISTERED | {"response": {"clientDataJSON": "!!", "attestationObject": "%%"}}),
]


@pytest.fixture
def editor(db: None) -> User:
    return make_person("editor", Role.EDITOR)


@pytest.mark.parametrize("answer", HOSTILE, ids=lambda answer: str(answer)[:24])
def test_a_made_up_answer_lets_nobody_in(editor: User, client: Client, answer: str) -> None:
    client.get(BY_PASSKEY, headers={"accept": "application/json"})
    response = client.post(BY_PASSKEY, {"credential": answer})
    assert response.status_code == 200
    assert "errornote" in response.content.decode()
    assert client.get("/admin/").status_code == 302
    assert "errornote" not in client.get(LOGIN).content.decode().replace('class="errornote" id="passkey_problem"', "")


@pytest.mark.parametrize("answer", HOSTILE, ids=lambda answer: str(answer)[:24])
def test_a_made_up_answer_adds_nothing(editor: User, client: Client, answer: str) -> None:
    sign_in(client, "editor")
    client.get(ADD)
    assert client.post(ADD, {"credential": answer, "name": "Mine"}).status_code == 200
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("answer", HOSTILE, ids=lambda answer: str(answer)[:24])
def test_a_made_up_answer_is_no_second_step(editor: User, client: Client, answer: str) -> None:
    sign_in(client, "editor")
    set_up_app(client)
    other = Client()
    sign_in(other, "editor")
    other.get(STEP)
    assert other.post(STEP, {"credential": answer}).status_code == 200
    assert other.get("/admin/").status_code == 302


def test_the_browser_is_told_what_to_ask_for(client: Client) -> None:
    options = client.get(BY_PASSKEY, headers={"accept": "application/json"}).json()["request_options"]["publicKey"]
    assert options["rpId"] == "testserver"
    assert options["userVerification"] == "required"
    assert client.get(BY_PASSKEY)["Location"] == LOGIN


def test_a_new_one_is_for_this_site_and_this_name(editor: User, client: Client) -> None:
    sign_in(client, "editor")
    page = client.get(ADD)
    options = page.context["js_data"]["creation_options"]["publicKey"]
    assert (options["rp"]["name"], options["user"]["name"]) == ("Officer Mental Health Resources", "editor")
    assert 'id="passkey_options"' in page.content.decode()


def test_a_new_one_has_the_short_name_of_the_site(editor: User, client: Client) -> None:
    make_identity(name="Springfield Officer Wellness Library", short_name="Wellness")
    sign_in(client, "editor")

    options = client.get(ADD).context["js_data"]["creation_options"]["publicKey"]

    assert options["rp"]["name"] == "Wellness"


def test_nobody_changes_the_passkey_of_another(editor: User, client: Client) -> None:
    other = make_person("other", Role.EDITOR)
    hers = Authenticator.objects.create(user=other, type="webauthn", data={"name": "Hers", "credential": {}})
    sign_in(client, "editor")
    for path in ("name", "remove"):
        assert client.get(f"/admin/account/passkeys/{hers.pk}/{path}/").status_code == 404
        assert client.post(f"/admin/account/passkeys/{hers.pk}/{path}/", {"name": "Mine"}).status_code == 404
    assert "Hers" not in client.get("/admin/account/passkeys/").content.decode()
