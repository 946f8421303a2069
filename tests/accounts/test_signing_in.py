"""Signing in by name and password: who gets in, and who doesn't."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from library.accounts.permissions import Role
from library.models import User
from tests.accounts.people import LOGIN, sign_in
from tests.admin.roles import make_person

pytestmark = pytest.mark.django_db
ADMIN = "/admin/"


@pytest.fixture
def editor(db: None) -> User:
    return make_person("editor", Role.EDITOR)


def test_name_and_password_lead_to_the_desk(editor: User, client: Client) -> None:
    answer = sign_in(client, "editor")
    assert (answer.status_code, answer["Location"]) == (302, ADMIN)
    assert client.get(ADMIN).status_code == 200


def test_the_admins_own_sign_in_leads_here_and_back_to_where_one_wanted(editor: User, client: Client) -> None:
    wanted = "/admin/library/resource/?state__exact=draft"
    page = client.get(wanted, follow=True)
    assert [status for _address, status in page.redirect_chain] == [302, 302]
    assert page.redirect_chain[-1][0].startswith(LOGIN)
    fields = page.context["redirect_field"]
    assert "state__exact" in fields
    assert sign_in(client, "editor", next=wanted)["Location"] == wanted


def test_nobody_is_led_to_another_site(editor: User) -> None:
    for elsewhere in ("https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)"):
        assert sign_in(Client(), "editor", next=elsewhere)["Location"] == ADMIN


def test_a_wrong_password_is_refused_in_words(editor: User, client: Client) -> None:
    answer = sign_in(client, "editor", "wrong")
    assert answer.status_code == 200
    assert "That name and password don’t match" in answer.content.decode()
    assert client.get(ADMIN).status_code == 302


def test_who_is_inactive_or_not_staff_does_not_get_in(editor: User, client: Client) -> None:
    for change in ({"is_active": False}, {"is_active": True, "is_staff": False}):
        User.objects.update(**change)
        assert "don’t match" in sign_in(client, "editor").content.decode()


def test_a_session_ends_with_the_right_to_have_it(editor: User, client: Client) -> None:
    sign_in(client, "editor")
    User.objects.update(is_staff=False)
    page = client.get(ADMIN, follow=True)
    assert page.redirect_chain[-1][0].startswith(LOGIN)
    assert page.status_code == 200


def test_there_is_no_sign_up_and_no_page_of_allauths_mail() -> None:
    for name in (
        "account_signup",
        "account_email",
        "account_reset_password",
        "mfa_signup_webauthn",
        "account_inactive",
    ):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    client = Client()
    for path in ("signup/", "email/", "password/reset/", "inactive/", "social/login/"):
        assert client.get(f"/admin/account/{path}", follow=True).redirect_chain[-1][0].startswith(LOGIN)


def test_broken_text_is_no_name(editor: User, client: Client) -> None:
    assert sign_in(client, "x" * 100_000).status_code == 200
    assert sign_in(client, "édîtor’ OR 1=1").status_code == 200
    assert Client(raise_request_exception=False).post(LOGIN, {"login": "a\0b", "password": "x"}).status_code == 400
    assert client.post(LOGIN).status_code == 200
    assert client.put(LOGIN).status_code < 500


def test_signing_out_takes_a_form(editor: User, client: Client) -> None:
    sign_in(client, "editor")
    assert client.get("/admin/account/logout/").status_code == 405
    assert client.post("/admin/account/logout/")["Location"] == LOGIN
    assert client.get(ADMIN).status_code == 302


def test_no_page_of_signing_in_has_anything_inline(editor: User, client: Client) -> None:
    page = client.get(LOGIN)
    assert "script-src 'self'" in page["Content-Security-Policy"]
    assert "data:" not in page.content.decode()
    assert "no-store" in page["Cache-Control"]
