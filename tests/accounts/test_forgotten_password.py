"""A forgotten password: a link by email, good once, for a person who is known; and the same answer for all others."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core import signing
from django.test import Client

from library.accounts.password_links import LIFETIMES, LinkKind, link_path
from library.accounts.permissions import Role
from library.models import AuditEntry, User
from tests.accounts.people import LOGIN, SITE, STEP, choose_password, link_in, set_up_app, sign_in, wait_for_mail
from tests.admin.roles import PASSWORD, make_person

pytestmark = pytest.mark.django_db
FORGOTTEN, SENT = "/admin/account/forgotten/", "/admin/account/forgotten/sent/"
NEW = "another long night 8"


@pytest.fixture(autouse=True)
def _mail_server(settings) -> None:
    settings.EMAIL_HOST, settings.SITE_ADDRESS = "mail.example.org", SITE


@pytest.fixture
def editor(db: None) -> User:
    editor = make_person("editor", Role.EDITOR)
    User.objects.filter(pk=editor.pk).update(email="Editor@example.org")
    editor.refresh_from_db()
    return editor


def ask(email: str, **more: Any) -> Any:
    answer = Client().post(FORGOTTEN, {"email": email}, **more)
    wait_for_mail()
    return answer


def test_a_link_by_email_leads_to_a_new_password_and_to_signing_in_with_it(editor: User, mailoutbox) -> None:
    assert f'href="{FORGOTTEN}"' in Client().get(LOGIN).text
    assert Client().get(FORGOTTEN).status_code == 200

    assert ask("editor@EXAMPLE.org", headers={"host": "localhost"})["Location"] == SENT
    assert "If an account here has that address" in Client().get(SENT).text
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (
        ["Editor@example.org"],
        f"{django_settings.SITE_NAME}: Choose a new password",
    )
    assert "Your username is editor." in mail.body
    link = link_in(mailoutbox)
    page = Client().get(link)
    assert (page.status_code, "no-store" in page["Cache-Control"]) == (200, True)
    assert "editor" in page.text
    done = choose_password(link, NEW)

    assert Client().get(done["Location"]).status_code == 200
    assert sign_in(Client(), "editor", NEW).status_code == 302
    assert sign_in(Client(), "editor", PASSWORD).status_code == 200
    entry = AuditEntry.objects.get()
    assert (entry.user, entry.subject, entry.comment) == (editor, "editor", "Chose a password with a link.")


def test_a_weak_password_is_refused_and_the_link_still_works(editor: User) -> None:
    link = link_path(LinkKind.RESET, editor)
    assert "too short" in choose_password(link, "abc").text
    assert choose_password(link, NEW).status_code == 302


def test_a_link_works_once_and_not_for_long(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    link = link_path(LinkKind.RESET, editor)
    lifetime = LIFETIMES[LinkKind.RESET].total_seconds()
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + lifetime - 1)
    assert Client().get(link).status_code == 200
    monkeypatch.setattr(signing.time, "time", lambda: now + lifetime + 1)
    late = choose_password(link, NEW)
    assert (late.status_code, f'href="{FORGOTTEN}"' in late.text) == (410, True)
    monkeypatch.undo()
    assert choose_password(link, NEW).status_code == 302
    assert Client().get(link).status_code == choose_password(link, PASSWORD).status_code == 410
    assert sign_in(Client(), "editor", NEW).status_code == 302


def test_a_link_ends_with_what_it_was_made_for_and_a_made_up_one_leads_nowhere(editor: User) -> None:
    link = link_path(LinkKind.RESET, editor)
    for change in ({"email": "new@example.org"}, {"is_active": False}, {"is_staff": False}, {"password": "!"}):
        before = {name: getattr(editor, name) for name in change}
        User.objects.filter(pk=editor.pk).update(**change)
        assert Client().get(link).status_code == 410, change
        User.objects.filter(pk=editor.pk).update(**before)
    assert Client().get(link).status_code == 200
    for token in ("x", "0:a:b", "9999999999999999999:a:b", "1:é:b", "1:a:" + "b" * 5_000):
        assert Client().get(f"/admin/account/reset/{token}/").status_code == 410, token


def test_other_sessions_of_the_person_end_and_the_second_step_stays(editor: User) -> None:
    elsewhere = Client()
    sign_in(elsewhere, "editor")
    set_up_app(elsewhere)
    assert elsewhere.get("/admin/").status_code == 200
    editor.refresh_from_db()
    assert choose_password(link_path(LinkKind.RESET, editor), NEW).status_code == 302
    assert elsewhere.get("/admin/").status_code == 302
    assert sign_in(Client(), "editor", NEW)["Location"] == STEP


def test_nobody_learns_who_has_an_account(editor: User, mailoutbox) -> None:
    User.objects.create_user("reader", "reader@example.org", PASSWORD)
    User.objects.create_user("gone", "gone@example.org", PASSWORD, is_staff=True, is_active=False)
    User.objects.create_user("by-passkey", "passkey@example.org", is_staff=True)
    known = ask("editor@example.org")
    mailoutbox.clear()
    for email in ("nobody@example.org", "reader@example.org", "gone@example.org", "passkey@example.org"):
        answer = ask(email)
        assert (answer.status_code, answer["Location"], answer.content) == (302, SENT, known.content)
    assert mailoutbox == []
    for email in ("", "nobody", "a@b\nBcc: c@example.org", "x" * 300 + "@example.org"):
        assert ask(email).status_code == 200


def test_a_link_leads_to_the_sites_own_address_whatever_a_request_says(editor: User, mailoutbox, settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    ask("editor@example.org", headers={"host": "evil.example"})
    assert "evil" not in mailoutbox[0].body
    assert link_in(mailoutbox)


def test_requests_are_bounded_for_an_address_whoever_has_it(editor: User, mailoutbox) -> None:
    for email in ("editor@example.org", "nobody@example.org"):
        statuses = [ask(email, REMOTE_ADDR=f"192.0.2.{number}").status_code for number in range(5)]
        assert statuses == [302] * 3 + [429] * 2
    assert len(mailoutbox) == 3
    refused = ask("Editor@example.org")
    assert "several requests for this email address" in " ".join(refused.text.split())
    assert "passkey" not in refused.text
    statuses = [ask(f"name{number}@example.org", REMOTE_ADDR="203.0.113.1").status_code for number in range(21)]
    assert statuses == [302] * 20 + [429]


def test_without_a_mail_server_the_pages_say_whom_to_ask(editor: User, mailoutbox, settings) -> None:
    link = link_path(LinkKind.RESET, editor)
    settings.SITE_ADDRESS = ""
    page = Client().get(LOGIN)
    assert f'href="{FORGOTTEN}"' not in page.text
    assert "Ask an administrator or the person who runs the server" in page.text
    for answer in (Client().get(FORGOTTEN), ask("editor@example.org")):
        assert (answer.status_code, "This site can’t send email." in answer.text) == (200, True)
    assert mailoutbox == []
    User.objects.update(last_login=editor.date_joined + timedelta(days=1))
    assert "Ask an administrator" in Client().get(link).text


def test_a_mail_server_that_refuses_costs_nothing_but_the_mail(editor: User, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = 9
    assert ask("editor@example.org")["Location"] == SENT
