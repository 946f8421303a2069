"""Signing in by name and password: who gets in, who does not, and what is counted of those who try."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from library.models import User
from library.roles import Role
from library.sign_in.attempts import forget_attempts
from tests.admin.roles import make_person
from tests.sign_in.people import LOGIN, sign_in

pytestmark = pytest.mark.django_db
DESK = "/admin/"


@pytest.fixture
def editor(db: None) -> User:
    return make_person("editor", Role.EDITOR)


def counts() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM library_attempt")
        return [key for (key,) in cursor.fetchall()]


def test_name_and_password_lead_to_the_desk(editor: User, client: Client) -> None:
    answer = sign_in(client, "editor")
    assert (answer.status_code, answer["Location"]) == (302, DESK)
    assert client.get(DESK).status_code == 200


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
        assert sign_in(Client(), "editor", next=elsewhere)["Location"] == DESK


def test_a_wrong_password_is_refused_in_words(editor: User, client: Client) -> None:
    answer = sign_in(client, "editor", "wrong")
    assert answer.status_code == 200
    assert "Name and password do not belong together" in answer.content.decode()
    assert client.get(DESK).status_code == 302


def test_who_is_inactive_or_not_staff_does_not_get_in(editor: User, client: Client) -> None:
    for change in ({"is_active": False}, {"is_active": True, "is_staff": False}):
        User.objects.update(**change)
        assert "do not belong together" in sign_in(client, "editor").content.decode()


def test_a_session_ends_with_the_right_to_have_it(editor: User, client: Client) -> None:
    sign_in(client, "editor")
    User.objects.update(is_staff=False)
    page = client.get(DESK, follow=True)
    assert page.redirect_chain[-1][0].startswith(LOGIN)
    assert page.status_code == 200


def test_there_is_no_sign_up_and_no_mail() -> None:
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


def test_five_wrong_passwords_for_one_name_are_enough(editor: User, client: Client) -> None:
    for _time in range(5):
        assert "do not belong together" in sign_in(client, "editor", "wrong").content.decode()
    assert "tried too often" in sign_in(client, "EDITOR").content.decode()
    assert "tried too often" in sign_in(client, "editor").content.decode()
    assert client.get(DESK).status_code == 302


def test_the_limit_of_a_name_holds_from_everywhere_and_for_every_port(editor: User, settings) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]
    for number in range(5):
        client = Client(headers={"host": f"localhost:{8000 + number}"}, REMOTE_ADDR=f"203.0.113.{number}")
        sign_in(client, "editor", "wrong")
    client = Client(headers={"host": "localhost:9"}, REMOTE_ADDR="203.0.113.9")
    assert "tried too often" in sign_in(client, "editor").content.decode()


def test_one_address_cannot_try_name_after_name(editor: User, client: Client) -> None:
    answers = [sign_in(client, f"name{number}", "wrong") for number in range(11)]
    assert "do not belong together" in answers[9].content.decode()
    assert "tried too often" in answers[10].content.decode()
    elsewhere = Client(REMOTE_ADDR="203.0.113.1")
    assert sign_in(elsewhere, "editor").status_code == 302


def test_too_many_forms_from_one_address_are_answered_with_429(editor: User, client: Client) -> None:
    for _time in range(30):
        assert sign_in(client, "").status_code == 200
    answer = sign_in(client, "editor")
    assert answer.status_code == 429
    assert "Wait five minutes" in answer.content.decode()
    assert client.get(LOGIN).status_code == 200


def test_behind_a_proxy_the_address_that_it_wrote_is_counted(editor: User, settings) -> None:
    settings.HTTPS = True
    for number in range(10):
        sign_in(Client(headers={"x-forwarded-for": f"198.51.100.{number}, 203.0.113.1"}), f"name{number}", "wrong")
    blocked = Client(headers={"x-forwarded-for": "198.51.100.77, 203.0.113.1"})
    assert "tried too often" in sign_in(blocked, "editor").content.decode()
    assert sign_in(Client(headers={"x-forwarded-for": "203.0.113.1, 203.0.113.2"}), "editor").status_code == 302


def test_counts_are_in_the_database_for_every_process_and_name_nobody(editor: User, client: Client) -> None:
    sign_in(client, "editor", "wrong")
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM library_attempt")
        rows = cursor.fetchall()
    assert rows
    for key, value in rows:
        assert len(key) == 64
        assert int(key, 16)
        assert "127.0.0.1" not in value
        assert "editor" not in value


def test_counts_whose_time_is_over_are_forgotten(editor: User, client: Client) -> None:
    cache.set("long ago", 1, 60)
    sign_in(client, "editor", "wrong")
    assert len(before := counts()) > 1
    forget_attempts(timezone.now() + timedelta(minutes=2))
    assert 0 < len(counts()) < len(before)
    forget_attempts(timezone.now() + timedelta(minutes=6))
    assert counts() == []


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
    assert client.get(DESK).status_code == 302


def test_no_page_of_signing_in_has_anything_inline(editor: User, client: Client) -> None:
    page = client.get(LOGIN)
    assert "script-src 'self'" in page["Content-Security-Policy"]
    assert "data:" not in page.content.decode()
    assert "no-store" in page["Cache-Control"]
