"""Two people and a help line, at the curators' desk."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from library.accounts.permissions import Role
from library.history.snapshot import snapshot_of, versions_of
from library.models import AuditEntry, HelpLine, HelpLineChange, User
from tests.admin.conftest import filled_in
from tests.admin.roles import client_of, make_person
from tests.factories import make_every_page, make_help_line
from tests.reading import read

pytestmark = pytest.mark.django_db
LINES = "/admin/library/helpline/"
CHANGES = "/admin/library/helplinechange/"


@pytest.fixture
def line(db: None) -> HelpLine:
    return make_help_line()


@pytest.fixture
def ann(db: None) -> Client:
    return client_of(make_person("ann", Role.PUBLISHER))


@pytest.fixture
def bob(db: None) -> Client:
    return client_of(make_person("bob", Role.PUBLISHER))


@pytest.fixture
def editor(db: None) -> Client:
    return client_of(make_person("eve", Role.EDITOR))


def change(client: Client, line: HelpLine, **typed: Any) -> Any:
    address = f"{LINES}{line.pk}/change/"
    return client.post(address, filled_in(client.get(address), **typed))


def page_of(change: HelpLineChange) -> str:
    return f"{CHANGES}{change.pk}/change/"


def decide(client: Client, decision: str, **typed: str) -> Any:
    """Open the page and press the button, if there is one."""
    address = page_of(HelpLineChange.objects.open().first() or HelpLineChange.objects.get())
    return client.post(address, {"_seen": client.get(address).context["preview"].seen, "decision": decision, **typed})


def decisions(client: Client) -> list[str]:
    page = read(client.get(page_of(HelpLineChange.objects.get())).content)
    return [button["value"] for button in page.all("button", name="decision")]


def test_a_new_number_waits_for_a_second_person(line: HelpLine, ann: Client, bob: Client, client: Client) -> None:
    make_every_page()
    answer = change(ann, line, call_number="1-800-273-8255")
    assert answer["Location"] == page_of(HelpLineChange.objects.get())
    assert "1-800-273-8255" not in client.get("/help/").content.decode()
    assert decisions(ann) == ["drop", "alone"]
    assert decisions(bob) == ["approve", "drop"]
    page = bob.get(page_of(HelpLineChange.objects.get())).content.decode()
    assert "1-800-273-8255" in page
    assert "Proposed by ann" in page

    assert decide(bob, "approve").status_code == 302

    assert HelpLine.objects.get().call_number == "1-800-273-8255"
    assert "1-800-273-8255" in client.get("/help/").content.decode()
    assert "Approved by a second person" in ann.get(CHANGES).content.decode()


def test_whoever_proposed_it_cannot_approve_it(line: HelpLine, ann: Client) -> None:
    change(ann, line, call_number="911")
    assert decide(ann, "approve").status_code == 403
    assert HelpLine.objects.get().call_number == "988"


def test_an_editor_proposes_and_neither_approves_nor_publishes_alone(
    line: HelpLine, ann: Client, editor: Client
) -> None:
    change(editor, line, call_number="911")
    assert decisions(editor) == ["drop"]
    assert decide(editor, "alone", reason="In a hurry.").status_code == 403
    assert decide(editor, "drop").status_code == 302
    change(ann, line, call_number="911")
    assert HelpLineChange.objects.open().count() == 1
    waiting = page_of(HelpLineChange.objects.open().get())
    for decision in ("approve", "drop", "alone", "", "x"):
        assert editor.post(waiting, {"decision": decision, "reason": "x"}).status_code == 403


def test_an_author_sees_and_decides_nothing(line: HelpLine, ann: Client) -> None:
    author = client_of(make_person("author", Role.AUTHOR))
    change(ann, line, call_number="911")
    assert decisions(author) == []
    assert decide(author, "approve").status_code == 403
    assert author.post(f"{LINES}{line.pk}/change/", {}).status_code == 403
    assert Client().get(CHANGES).status_code == 302


def test_in_an_emergency_the_reason_is_written_down_and_listed(line: HelpLine, ann: Client) -> None:
    change(ann, line, call_number="911")
    answer = decide(ann, "alone", reason=" ")
    assert answer.status_code == 200
    assert "Say why no one else could check it." in answer.content.decode()
    assert HelpLine.objects.get().call_number == "988"
    assert decide(ann, "alone", reason="The number is dead.").status_code == 302
    assert HelpLine.objects.get().call_number == "911"
    words = ann.get(CHANGES).content.decode()
    assert "Published without a second person" in words
    assert "The number is dead." in words
    assert decisions(ann) == []


def test_a_new_look_at_an_unchanged_line_needs_nobody_else(line: HelpLine, ann: Client) -> None:
    HelpLine.objects.update(verified_on="2026-01-05", verified_by="")
    assert change(ann, line, verified_on=localdate().isoformat(), notes="Dialed it.")["Location"] == LINES
    line.refresh_from_db()
    assert (line.verified_on, line.verified_by, line.notes) == (localdate(), "ann", "Dialed it.")
    assert not HelpLineChange.objects.exists()


def test_a_look_at_the_line_does_not_undo_what_is_approved_meanwhile(line: HelpLine, ann: Client) -> None:
    form = filled_in(ann.get(f"{LINES}{line.pk}/change/"), notes="Dialed it.")
    with CaptureQueriesContext(connection) as queries:
        assert ann.post(f"{LINES}{line.pk}/change/", form).status_code == 302
    (update,) = [query["sql"] for query in queries if query["sql"].startswith('UPDATE "library_helpline"')]
    assert "call_number" not in update
    assert '"notes"' in update


def test_a_new_line_waits_too(ann: Client, bob: Client) -> None:
    page = ann.get(f"{LINES}add/")
    typed = {"name": "COPLINE", "call_number": "1-800-267-5463", "audience": "Officers", "verified_on": "2026-11-20"}
    assert ann.post(f"{LINES}add/", filled_in(page, **typed)).status_code == 302
    assert not HelpLine.objects.exists()
    assert decide(bob, "approve").status_code == 302
    assert (HelpLine.objects.get().name, HelpLine.objects.get().verified_by) == ("COPLINE", "ann")


def test_a_removal_waits_too(line: HelpLine, bob: Client) -> None:
    administrator = client_of(make_person("ada", Role.ADMINISTRATOR))
    assert bob.post(f"{LINES}{line.pk}/delete/", {"post": "yes"}).status_code == 403
    answer = administrator.post(f"{LINES}{line.pk}/delete/", {"post": "yes"})
    assert answer["Location"] == page_of(HelpLineChange.objects.get())
    assert HelpLine.objects.exists()
    again = administrator.post(f"{LINES}{line.pk}/delete/", {"post": "yes"}, follow=True)
    assert "already has a change waiting" in again.content.decode()
    assert decide(bob, "approve").status_code == 302
    assert not HelpLine.objects.exists()
    assert bob.get(page_of(HelpLineChange.objects.get())).status_code == 200


def test_a_second_change_is_refused_and_keeps_what_was_typed(line: HelpLine, ann: Client, bob: Client) -> None:
    change(ann, line, call_number="911")
    answer = change(bob, line, call_number="211", audience="Anyone awake")
    assert answer.status_code == 200
    assert "already has a change waiting" in answer.content.decode()
    assert "Anyone awake" in answer.content.decode()
    assert HelpLineChange.objects.count() == 1


def test_the_first_page_says_that_a_change_waits(line: HelpLine, ann: Client, bob: Client) -> None:
    assert "needs approval" not in bob.get("/admin/").content.decode()
    change(ann, line, call_number="911")
    assert "1 help line change needs approval" in bob.get("/admin/").content.decode()


def test_nobody_adds_changes_or_deletes_the_record(line: HelpLine, signed_in: Client, ann: Client) -> None:
    change(ann, line, call_number="911")
    record = HelpLineChange.objects.get()
    assert signed_in.get(f"{CHANGES}add/").status_code == 403
    assert signed_in.post(f"{CHANGES}{record.pk}/delete/", {"post": "yes"}).status_code == 403
    assert signed_in.post(CHANGES, {"action": "delete_selected", "_selected_action": record.pk}).status_code < 500
    assert HelpLineChange.objects.exists()


@pytest.mark.parametrize("address", ["x", "0", "9" * 30, "a%27b"])
def test_an_address_of_nothing_leads_to_the_front(ann: Client, address: str) -> None:
    assert ann.get(f"{CHANGES}{address}/change/").status_code == 302


def test_a_reason_that_is_too_long_is_refused_in_words(line: HelpLine, ann: Client) -> None:
    change(ann, line, call_number="911")
    assert "at most 500" in decide(ann, "alone", reason="x" * 501).content.decode()
    assert HelpLine.objects.get().call_number == "988"


def test_the_list_asks_as_many_questions_for_ten_rows_more(line: HelpLine, ann: Client) -> None:
    def propose_and_drop() -> None:
        change(ann, line, call_number="911")
        ann.post(page_of(HelpLineChange.objects.open().get()), {"decision": "drop"})

    propose_and_drop()
    with CaptureQueriesContext(connection) as few:
        ann.get(CHANGES)
    for _time in range(10):
        propose_and_drop()
    with CaptureQueriesContext(connection) as many:
        ann.get(CHANGES)
    assert len(many) == len(few)


def test_what_was_approved_is_in_the_history_with_both_people(line: HelpLine, ann: Client, bob: Client) -> None:
    change(ann, line, call_number="911")
    assert versions_of(HelpLine, line.pk).count() == 1
    decide(bob, "approve")

    new, old = versions_of(HelpLine, line.pk)
    assert [snapshot_of(version).fields["call_number"] for version in (new, old)] == ["911", "988"]
    assert new.entry.user == User.objects.get(username="bob")
    assert new.entry.comment == "Approved by a second person; proposed by ann."


def test_an_older_version_is_proposed_and_not_restored_at_once(line: HelpLine, ann: Client, bob: Client) -> None:
    change(ann, line, call_number="911")
    decide(bob, "approve")
    first = versions_of(HelpLine, line.pk).last()
    assert first is not None

    address = f"{LINES}{line.pk}/history/{first.pk}/"
    seen = {"_seen": read(ann.get(address).content).one("input", name="_seen")["value"]}
    assert ann.post(address).status_code == 409
    assert not HelpLineChange.objects.open().exists()

    answer = ann.post(address, seen)

    again = HelpLineChange.objects.open().get()
    assert answer["Location"] == page_of(again)
    assert (again.values, HelpLine.objects.get().call_number) == ({"call_number": "988"}, "911")
    assert "already has a change waiting" in ann.post(address, seen, follow=True).content.decode()


def test_a_deleted_line_comes_back_when_a_second_person_approves_it(line: HelpLine, bob: Client) -> None:
    administrator = client_of(make_person("ada", Role.ADMINISTRATOR))
    administrator.post(f"{LINES}{line.pk}/delete/", {"post": "yes"})
    decide(bob, "approve")
    deleted = AuditEntry.objects.acts().get(kind="deleted").versions.get()

    administrator.post("/admin/library/auditentry/deleted/", {"version": deleted.pk})

    assert not HelpLine.objects.exists()
    again = HelpLineChange.objects.open().get()
    assert again.kind == "add"
    assert decide(bob, "approve").status_code == 302
    assert HelpLine.objects.get().call_number == "988"


def test_a_page_that_shows_an_older_line_approves_nothing_and_is_shown_anew(
    line: HelpLine, ann: Client, bob: Client, editor: Client
) -> None:
    typed = {"verified_on": "2026-01-06", "notes": "Seen on a forum.", "call_number": "1-800-273-8255"}
    change(editor, line, **typed)
    opened = bob.get(page_of(HelpLineChange.objects.get()))
    assert "The help line has changed since" not in opened.text
    today = localdate()
    change(ann, line, verified_on=today.isoformat(), notes="The old number works, the new one is wrong.")

    answer = bob.post(opened.request["PATH_INFO"], filled_in(opened, decision="approve"))

    assert answer.status_code == 409
    words = read(answer.content).words
    assert "Check its current version, then decide." in words
    assert "The help line has changed since this was proposed." in words
    assert "The old number works, the new one is wrong." in words
    assert words.count("Won’t be applied: someone has verified the line more recently") == 3
    assert HelpLine.objects.get().call_number == "988"
    assert HelpLineChange.objects.open().exists()

    assert bob.post(opened.request["PATH_INFO"], filled_in(answer, decision="approve")).status_code == 302
    after = HelpLine.objects.get()
    assert (after.call_number, after.verified_on) == ("1-800-273-8255", today)
    assert after.notes == "The old number works, the new one is wrong."


def test_a_removal_tells_what_was_written_down_since(line: HelpLine, ann: Client, bob: Client) -> None:
    administrator = client_of(make_person("ada", Role.ADMINISTRATOR))
    administrator.post(f"{LINES}{line.pk}/delete/", {"post": "yes"})
    opened = bob.get(page_of(HelpLineChange.objects.get()))
    change(ann, line, verified_on=localdate().isoformat(), notes="It works.")

    answer = bob.post(opened.request["PATH_INFO"], filled_in(opened, decision="approve"))

    assert answer.status_code == 409
    assert "It works." in read(answer.content).words
    assert HelpLine.objects.exists()


@pytest.mark.parametrize("token", [{}, {"_seen": ""}, {"_seen": "x" * 5000}])
def test_without_what_was_seen_nothing_is_approved(
    line: HelpLine, ann: Client, bob: Client, token: dict[str, str]
) -> None:
    change(ann, line, call_number="911")
    answer = bob.post(page_of(HelpLineChange.objects.get()), {"decision": "approve", **token})
    assert answer.status_code == 409
    assert HelpLine.objects.get().call_number == "988"
