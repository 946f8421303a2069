"""Everybody changes their own name and email; another email takes the password, and the old one hears of it."""

from typing import Any

import pytest
from django.test import Client

from library.accounts.permissions import Role
from library.models import AuditEntry, User
from tests.accounts.people import LOGIN, SITE, wait_for_mail
from tests.admin.conftest import filled_in
from tests.admin.roles import PASSWORD, client_of, make_person

pytestmark = pytest.mark.django_db
PAGE, ACCOUNT = "/admin/account/details/", "/admin/account/"


@pytest.fixture
def ann(db: None) -> User:
    User.objects.filter(pk=make_person("ann", Role.AUTHOR).pk).update(email="ann@example.org", last_name="Smith")
    return User.objects.get()


@pytest.fixture
def client(ann: User) -> Client:
    return client_of(ann)


@pytest.fixture
def save(client: Client, django_capture_on_commit_callbacks, settings) -> Any:
    settings.EMAIL_HOST, settings.SITE_ADDRESS = "mail.example.org", SITE

    def save(**typed: str) -> Any:
        page = client.get(PAGE)
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(PAGE, filled_in(page, **typed))
        wait_for_mail()
        return answer

    return save


def test_a_name_is_changed_without_a_password(client: Client, ann: User, save: Any, mailoutbox) -> None:
    assert "Smith" in client.get(ACCOUNT).text
    assert save(first_name="Ann", last_name="Jones")["Location"] == ACCOUNT
    page = client.get(ACCOUNT)
    assert "Ann Jones" in page.text
    assert "Saved." in page.text
    entry = AuditEntry.objects.get()
    assert (entry.user, entry.subject, entry.comment) == (ann, "ann", "Changed their own name or email.")
    assert save()["Location"] == ACCOUNT
    assert AuditEntry.objects.count() == 1
    assert mailoutbox == []


def test_another_email_takes_the_password_and_the_old_address_hears_of_it(save: Any, mailoutbox) -> None:
    assert "Enter your password" in save(email="new@example.org").text
    assert "That isn’t your password." in save(email="new@example.org", password="wrong").text
    assert User.objects.get().email == "ann@example.org"
    assert mailoutbox == []
    assert save(email="new@example.org", password=PASSWORD)["Location"] == ACCOUNT
    assert User.objects.get().email == "new@example.org"
    (mail,) = mailoutbox
    assert mail.to == ["ann@example.org"]
    assert "changed its email" in mail.body
    assert "new@" not in mail.body


def test_guessing_the_password_here_is_slowed_and_nothing_typed_is_lost(save: Any) -> None:
    for _time in range(5):
        save(email="new@example.org", password="wrong")
    answer = save(email="new@example.org", password=PASSWORD)
    assert "There were several wrong attempts. Wait 10 seconds." in answer.text
    assert 'value="new@example.org"' in answer.text
    assert PASSWORD not in answer.text


def test_an_email_belongs_to_one_account(save: Any) -> None:
    other = User.objects.create_user("other", "Other@example.org", is_staff=True)
    assert "Another account has this email." in save(email="other@EXAMPLE.org", password=PASSWORD).text
    # Two that had the same one before this was asked may keep it.
    User.objects.filter(pk=other.pk).update(email="ANN@example.org")
    assert save(first_name="Ann").status_code == 302


def test_who_asked_for_email_keeps_an_address(client: Client, ann: User, save: Any, mailoutbox) -> None:
    User.objects.update(wants_digest=True)
    assert "Turn that off first" in save(email="", password=PASSWORD).text
    User.objects.update(wants_digest=False)
    assert save(email="", password=PASSWORD).status_code == 302
    assert "No email yet." in client.get(ACCOUNT).text
    mailoutbox.clear()
    assert save(email="ann@example.org", password=PASSWORD).status_code == 302
    assert mailoutbox == []


def test_what_an_administrator_saved_in_between_is_shown_and_not_overwritten(client: Client, ann: User) -> None:
    page = client.get(PAGE)
    User.objects.update(first_name="Anna", email="anna@example.org")
    answer = client.post(PAGE, filled_in(page, last_name="Jones"))
    assert "First name: Anna; Last name: Smith; Email address: anna@example.org. Check yours" in answer.text
    assert User.objects.get().last_name == "Smith"
    # What was typed is still there, and is saved by whoever says so.
    typed = filled_in(answer, email="anna@example.org")
    assert (typed["last_name"], client.post(PAGE, typed).status_code) == ("Jones", 302)
    assert User.objects.get().first_name == ""


def test_nothing_else_of_anybody_is_changed(client: Client, ann: User) -> None:
    other = make_person("other", Role.AUTHOR)
    more = {"is_superuser": "on", "username": "root", "wants_digest": "on", "id": str(other.pk)}
    client.post(PAGE, filled_in(client.get(PAGE), first_name="Ann") | more)
    saved = User.objects.get(pk=ann.pk)
    assert (saved.first_name, saved.username, saved.is_superuser, saved.wants_digest) == ("Ann", "ann", False, False)
    other.refresh_from_db()
    assert other.first_name == ""
    # And nothing by those who are not signed in.
    assert Client().get(PAGE)["Location"] == f"{LOGIN}?next={PAGE}"
    assert Client().post(PAGE, {"first_name": "Ann"})["Location"].startswith(LOGIN)
