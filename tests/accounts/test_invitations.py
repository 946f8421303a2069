"""Inviting somebody: by email, or with a link to hand over; they choose their own password."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import signing
from django.test import Client

from library.accounts.password_links import LIFETIMES, LinkKind, link_path
from library.accounts.permissions import Role
from library.models import AuditEntry, User
from tests.accounts.people import SITE, STEPS, choose_password, link_in, sign_in
from tests.admin.conftest import filled_in
from tests.admin.roles import client_of, make_person
from tests.reading import read

pytestmark = pytest.mark.django_db
ADD, PEOPLE = "/admin/library/user/add/", "/admin/library/user/"
NEW = "another long night 8"


@pytest.fixture
def maria(db: None) -> Client:
    """An administrator."""
    User.objects.filter(pk=make_person("maria", Role.ADMINISTRATOR).pk).update(first_name="Maria", last_name="Lopez")
    return client_of(User.objects.get())


@pytest.fixture
def _mail_server(settings) -> None:
    settings.EMAIL_HOST, settings.SITE_ADDRESS = "mail.example.org", SITE


def add(client: Client, *roles: Role, username: str = "ann", email: str = "ann@example.org") -> Any:
    groups = [str(pk) for pk in Group.objects.filter(name__in=roles).values_list("pk", flat=True)]
    typed = filled_in(client.get(ADD), username=username, first_name="Ann", email=email) | {"groups": groups}
    return client.post(ADD, typed, follow=True)


def link_on(page: Any) -> str:
    (link,) = re.findall(r"https?://[^/]+(/admin/account/invitation/[^<]+)", page.text)
    return str(link)


@pytest.mark.usefixtures("_mail_server")
def test_a_person_is_invited_by_email_and_chooses_a_password(maria: Client, mailoutbox, settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = False
    page = add(maria, Role.PUBLISHER)
    assert "We emailed an invitation to ann@example.org." in page.text
    ann = User.objects.get(username="ann")
    assert (ann.is_staff, ann.first_name, [group.name for group in ann.groups.all()]) == (True, "Ann", ["Publisher"])
    assert not ann.has_usable_password()
    mail = mailoutbox[0]
    assert mail.to == ["ann@example.org"]
    assert "Maria Lopez invited you" in mail.body
    assert "Your username is ann." in mail.body
    link = link_in(mailoutbox)
    assert link not in page.text
    assert "You sign in as <strong>ann</strong>" in Client().get(link).text

    settings.REQUIRE_SECOND_FACTOR = True
    assert choose_password(link, NEW).status_code == 302
    client = Client()
    assert sign_in(client, "ann", NEW)["Location"] == "/admin/"
    assert client.get("/admin/")["Location"] == STEPS
    assert Client().get(link).status_code == 410
    chose, added = AuditEntry.objects.filter(subject="ann").order_by("-pk")
    assert (chose.user, chose.comment) == (ann, "Chose a password with a link.")
    assert (added.kind, added.user) == (AuditEntry.Kind.ADDED, User.objects.get(username="maria"))


@pytest.mark.usefixtures("_mail_server")
def test_who_has_not_signed_in_is_invited_again_and_the_first_link_ends(maria: Client, mailoutbox) -> None:
    add(maria, Role.AUTHOR)
    first = link_in(mailoutbox)
    ann = User.objects.get(username="ann")
    person = f"{PEOPLE}{ann.pk}/"
    form = read(maria.get(f"{person}change/").content).one("form", action=f"{person}invite/")
    assert form.one("button").words == "Invite again"
    assert maria.get(f"{person}invite/").status_code == 405

    assert maria.post(f"{person}invite/")["Location"] == f"{person}change/"
    second = link_in(mailoutbox)
    assert Client().get(first).status_code == 410
    assert AuditEntry.objects.latest("pk").comment == "Invited again."
    choose_password(second, NEW)
    page = maria.post(f"{person}invite/", follow=True)
    assert "They’ve already chosen a password." in page.text
    assert "Invite again" not in page.text
    assert mailoutbox == []


def test_without_a_mail_server_the_link_is_shown_once(maria: Client, mailoutbox) -> None:
    page = add(maria, Role.AUTHOR)
    assert page.status_code == 200
    assert "We won’t show it again" in " ".join(page.text.split())
    ann = User.objects.get(username="ann")
    assert link_on(page) not in maria.get(f"{PEOPLE}{ann.pk}/change/").text
    again = link_on(maria.post(f"{PEOPLE}{ann.pk}/invite/"))
    assert Client().get(link_on(page)).status_code == 410
    assert choose_password(again, NEW).status_code == 302
    assert sign_in(Client(), "ann", NEW).status_code == 302
    assert mailoutbox == []


@pytest.mark.usefixtures("_mail_server")
def test_the_link_is_shown_too_where_there_is_no_address_or_the_mail_server_refuses(maria: Client, settings) -> None:
    assert f"{SITE}/admin/account/invitation/" in add(maria, Role.AUTHOR, email="").text
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert link_on(add(maria, Role.AUTHOR, username="bob"))


def test_a_link_of_an_invitation_ends_after_three_days_and_says_whom_to_ask(
    maria: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = link_on(add(maria, Role.AUTHOR))
    now, lifetime = signing.time.time(), LIFETIMES[LinkKind.INVITATION].total_seconds()
    monkeypatch.setattr(signing.time, "time", lambda: now + lifetime - 60)
    assert Client().get(link).status_code == 200
    monkeypatch.setattr(signing.time, "time", lambda: now + lifetime + 1)
    late = choose_password(link, NEW)
    assert (late.status_code, "Ask the person who invited you" in late.text) == (410, True)
    monkeypatch.undo()
    ann = User.objects.get(username="ann")
    # Each kind of link is for its own page.
    assert Client().get(link.replace("invitation", "reset")).status_code == 410
    User.objects.filter(pk=ann.pk).update(is_active=False)
    assert Client().get(link).status_code == 410
    assert link_path(LinkKind.INVITATION, ann).startswith("/admin/account/invitation/")


def test_what_is_wrong_with_a_new_person_is_said(maria: Client) -> None:
    User.objects.create_user("other", "ann@example.org")
    assert "Another account has this email." in add(maria, Role.AUTHOR).text
    assert "Someone has this username already." in add(maria, username="Other", email="").text
    assert not User.objects.filter(username="ann").exists()


def test_nobody_invites_who_may_not_add_people_or_makes_them_more_than_they_are() -> None:
    invited = User.objects.create_user("invited", is_staff=True)
    root = User.objects.create_superuser("root")
    editor = make_person("editor", Role.EDITOR)
    client = client_of(editor)
    assert client.get(ADD).status_code == client.post(f"{PEOPLE}{invited.pk}/invite/").status_code == 403
    rights = editor.user_permissions.model.objects.filter(codename__in=["add_user", "view_user"])
    editor.user_permissions.set(rights)
    assert client_of(editor).get(ADD).status_code == 403
    rights = editor.user_permissions.model.objects.filter(codename__in=["add_user", "view_user", "change_user"])
    editor.user_permissions.set(rights)
    client = client_of(editor)
    group = Group.objects.get(name=Role.ADMINISTRATOR)
    sent = filled_in(client.get(ADD), username="ann") | {"groups": [str(group.pk)], "is_superuser": "on"}
    assert client.post(ADD, sent).status_code == 200
    ann = User.objects.get(username="ann")
    assert (list(ann.groups.all()), ann.is_superuser) == ([], False)
    assert client.post(f"{PEOPLE}{root.pk}/invite/").status_code == 403
    assert client.post(f"{PEOPLE}999999/invite/").status_code == 404
