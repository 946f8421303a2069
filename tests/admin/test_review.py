"""A draft on its way to a second person, the notes between curators, and the mails about both."""

from smtplib import SMTPException
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.test import Client

from library.accounts.permissions import Role
from library.models import LibraryVersion, Resource, ResourceNote, ReviewRequest, User
from library.models.review import NOTE_LIMIT
from tests.admin.conftest import filled_in
from tests.admin.roles import client_of, make_person
from tests.factories import make_help_line, make_report, make_resource, make_section
from tests.reading import read

pytestmark = pytest.mark.django_db
ADD = "/admin/library/resource/add/?kind=site"
LIST = "/admin/library/resource/"


@pytest.fixture(autouse=True)
def _mail_server(settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    settings.DEFAULT_FROM_EMAIL = "library@example.org"
    settings.SITE_ADDRESS = "https://library.example.org"


def reader_of_mail(name: str, *roles: Role) -> User:
    """Somebody of these roles who wishes mails right away."""
    person = make_person(name, *roles)
    person.email, person.wants_alerts = f"{name}@example.org", True
    person.save()
    return person


@pytest.fixture
def ann(db: None) -> User:
    return reader_of_mail("ann", Role.AUTHOR)


@pytest.fixture
def bob(db: None) -> User:
    return reader_of_mail("bob", Role.PUBLISHER)


@pytest.fixture
def submitted(ann: User) -> Resource:
    return submit(ann, "Sleep")


def form_of(entry: Resource) -> str:
    return f"{LIST}{entry.pk}/change/"


def submit(person: User, title: str) -> Resource:
    """What this person has added and submitted with one press."""
    client, section = client_of(person), make_section(title.lower())
    form = filled_in(client.get(ADD), title=title, slug="", section=section.pk, _submit_for_review="x")
    assert "It’s waiting for review." in client.post(ADD, form, follow=True).text
    return Resource.objects.get(title=title)


def note(client: Client, entry: Resource, text: str, **button: str) -> Any:
    return client.post(f"{LIST}{entry.pk}/notes/", {"text": text} | button, follow=True)


def sent() -> list[tuple[str, str]]:
    """To whom mails went, and what they are about; each is looked at once."""
    messages = [(message.to[0], message.subject.split(": ", 1)[1]) for message in mail.outbox]
    mail.outbox.clear()
    return messages


def test_what_is_submitted_waits_on_the_first_page_of_publishers_the_oldest_first(
    ann: User, bob: User, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first = submit(ann, "Sleep")
    assert sent() == [("bob@example.org", "“Sleep” waits for your review. ann submitted it.")]
    second = submit(ann, "Rest")
    queue = f"{LIST}?needs=submitted"
    (link,) = read(client_of(bob).get("/admin/").content).all("a", href=queue)
    assert link.words == "2 entries wait for review"
    assert [row.pk for row in client_of(bob).get(queue).context["cl"].result_list] == [first.pk, second.pk]
    assert queue not in client_of(ann).get("/admin/").text
    page = read(client_of(bob).get(form_of(first)).content)
    assert "ann submitted it for review on" in page.one("p", id="readers_see").words
    assert not read(client_of(ann).get(form_of(first)).content).all("input", name="_submit_for_review")


@pytest.mark.parametrize("way", ["form", "bulk"])
def test_publishing_ends_the_request_and_its_author_is_told(
    submitted: Resource, bob: User, django_capture_on_commit_callbacks: Any, way: str
) -> None:
    client = client_of(bob)
    with django_capture_on_commit_callbacks(execute=True):
        if way == "form":
            client.post(form_of(submitted), filled_in(client.get(form_of(submitted)), _publish="x"))
        else:
            chosen = {"action": "publish", "_selected_action": submitted.pk}
            page = client.post(LIST, chosen)
            client.post(f"{LIST}bulk/publish/", {"plan": page.context["plan"], "confirmed": "x"})
    submitted.refresh_from_db()
    assert (submitted.state, ReviewRequest.objects.count()) == ("published", 0)
    assert sent() == [("ann@example.org", "“Sleep” is published.")]


def test_it_is_sent_back_with_a_note_and_can_be_submitted_again(
    ann: User, submitted: Resource, bob: User, django_capture_on_commit_callbacks: Any
) -> None:
    client = client_of(bob)
    assert "Write a note first." in note(client, submitted, " ", _send_back="1").text
    assert note(client_of(ann), submitted, "Mine", _send_back="1").status_code == 403
    assert ReviewRequest.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        page = note(client, submitted, "Who made <b>it</b>?", _send_back="1")
    assert "“Sleep” is sent back with your note." in page.text
    assert sent() == [("ann@example.org", "“Sleep” was sent back to you with a note.")]
    assert not ReviewRequest.objects.exists()
    notes = read(client_of(ann).get(form_of(submitted)).content).one("section", id="notes")
    assert "Who made <b>it</b>?" in notes.words
    assert "bob" in notes.words
    form = filled_in(client_of(ann).get(form_of(submitted)), _submit_for_review="x")
    client_of(ann).post(form_of(submitted), form)
    assert ReviewRequest.objects.get().requested_by == ann
    history = read(client.get(f"{LIST}{submitted.pk}/history/").content)
    assert "Who made <b>it</b>?" in history.one("div", class_="note").words


def test_a_note_is_for_curators_alone_and_makes_no_other_version(ann: User) -> None:
    entry, edit = make_resource("Out"), LibraryVersion.objects.get
    before = (edit().pk, Resource.objects.values().get(), *LibraryVersion.objects.values())
    assert "Only curators see it." in note(client_of(ann), entry, "The old page is gone.").text
    assert (edit().pk, Resource.objects.values().get(), *LibraryVersion.objects.values()) == before
    assert "The old page is gone." not in Client().get(entry.get_absolute_url()).text
    assert "The old page is gone." in client_of(ann).get(form_of(entry)).text
    assert b"The old page is gone." not in client_of(ann).get(f"{LIST}export/csv/").getvalue()
    note(client_of(ann), entry, "x" * (NOTE_LIMIT + 1))
    assert ResourceNote.objects.count() == 1
    nobody = client_of(User.objects.create_user("nobody", is_staff=True))
    assert note(nobody, entry, "Mine").status_code == 403
    assert Client().post(f"{LIST}{entry.pk}/notes/", {"text": "x"})["Location"].startswith("/admin/login/")


def test_who_wishes_no_mail_or_acts_gets_none_and_a_failing_server_loses_nothing_else(
    ann: User, bob: User, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_person("carol", Role.PUBLISHER)
    bob.email, bob.wants_alerts = "", False
    bob.save()
    with django_capture_on_commit_callbacks(execute=True):
        submit(ann, "Sleep")
    assert sent() == []

    def fail(*_arguments: Any) -> None:
        raise SMTPException("refused")

    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    User.objects.filter(pk=bob.pk).update(email="bob@example.org", wants_alerts=True)
    with django_capture_on_commit_callbacks(execute=True):
        submit(ann, "Rest")
    assert ReviewRequest.objects.count() == 2


def test_a_proposed_change_of_a_help_line_is_told_to_those_who_may_approve_it(
    bob: User, django_capture_on_commit_callbacks: Any
) -> None:
    line, editor = make_help_line(), reader_of_mail("eve", Role.EDITOR)
    client, address = client_of(editor), f"/admin/library/helpline/{line.pk}/change/"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, filled_in(client.get(address), audience="Anyone at all"))
    assert sent() == [
        ("bob@example.org", f"A change of the help line “{line.name}” needs your approval. eve proposed it.")
    ]


def test_the_owner_of_an_entry_hears_once_of_a_report_on_it_and_not_a_word_of_it(ann: User) -> None:
    entry = make_resource("Sleep", owner=ann)
    for resource in (entry, make_resource("Nobody's")):
        make_report(resource=resource, words="I am Officer Doe.")
    call_command("send_digest")
    (message,) = mail.outbox
    assert sent() == [("ann@example.org", "A reader reported a problem with: Sleep")]
    assert "https://library.example.org" + form_of(entry) in message.body
    assert "Doe" not in message.body
    call_command("send_digest")
    assert sent() == []


def test_each_curator_asks_for_mails_right_away(ann: User) -> None:
    User.objects.update(wants_alerts=False)
    page = "/admin/library/user/weekly-mail/"
    assert "email you right away" in client_of(ann).post(page, {"wants_alerts": "on"}, follow=True).text
    ann.refresh_from_db()
    assert (ann.wants_digest, ann.wants_alerts) == (False, True)
    User.objects.update(email="", wants_alerts=False)
    assert "Email needs an address to go to." in client_of(ann).post(page, {"wants_alerts": "on"}).text
