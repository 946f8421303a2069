"""A change of a help line waits for a second person; what readers see stays until then."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.timezone import localdate

from library.help_lines.approval import (
    CannotDecide,
    LineChanged,
    approve,
    drop,
    preview_change,
    propose,
    propose_removal,
    publish_alone,
)
from library.help_lines.offline_copy import read_copy
from library.models import HelpLine, HelpLineChange, User
from tests.factories import make_help_line

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def ann(db: None) -> User:
    return User.objects.create_user("ann")


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create_user("bob")


@pytest.fixture
def line(db: None) -> HelpLine:
    line = make_help_line()
    looked_at(date(2026, 1, 5), "")
    line.refresh_from_db()
    return line


def proposed(line: HelpLine, by: User, **values: Any) -> HelpLineChange:
    for name, value in values.items():
        setattr(line, name, value)
    return propose(line, set(values), by, NOW)


def seen() -> str:
    return HelpLine.objects.get().call_number


def test_readers_see_it_when_a_second_person_has_approved_it(line: HelpLine, ann: User, bob: User) -> None:
    change = proposed(line, ann, call_number="1-800-267-5463", opens_at=time(9), verified_on=date(2026, 11, 20))
    assert seen() == "988"
    approve(change, bob, NOW, preview_change(change).seen)
    after, change = HelpLine.objects.get(), HelpLineChange.objects.get()
    assert (after.call_number, after.opens_at, after.verified_on) == ("1-800-267-5463", time(9), date(2026, 11, 20))
    assert (change.state, change.decided_by, change.decided_at) == ("approved", bob, NOW)


def test_the_copy_for_a_lost_database_says_it_as_soon_as_it_is_approved(
    line: HelpLine, ann: User, bob: User, django_capture_on_commit_callbacks
) -> None:
    change = proposed(line, ann, call_number="1-800-267-5463", verified_on=localdate())
    with django_capture_on_commit_callbacks(execute=True):
        approve(change, bob, NOW, preview_change(change).seen)
    assert read_copy()[0].call_number == "1-800-267-5463"


def test_whoever_proposed_it_cannot_approve_it(line: HelpLine, ann: User) -> None:
    change = proposed(line, ann, call_number="911")
    with pytest.raises(CannotDecide, match="can’t approve"):
        approve(change, ann, NOW, preview_change(change).seen)
    assert seen() == "988"


def test_in_an_emergency_one_publishes_alone_with_a_reason(line: HelpLine, ann: User) -> None:
    change = proposed(line, ann, call_number="911")
    for reason in ("", "   "):
        with pytest.raises(CannotDecide, match="Say why no one"):
            publish_alone(change, ann, reason, NOW, preview_change(change).seen)
    assert seen() == "988"
    publish_alone(change, ann, "The old number is dead.", NOW, preview_change(change).seen)
    change.refresh_from_db()
    assert seen() == "911"
    assert (change.state, change.decided_by, change.reason) == ("alone", ann, "The old number is dead.")


def test_alone_is_for_ones_own_changes(line: HelpLine, ann: User, bob: User) -> None:
    with pytest.raises(CannotDecide, match="you can approve it"):
        publish_alone(proposed(line, ann, call_number="911"), bob, "In a hurry.", NOW)


def test_a_dropped_change_is_never_seen(line: HelpLine, ann: User, bob: User) -> None:
    change = proposed(line, ann, call_number="911")
    drop(change, bob, NOW)
    assert seen() == "988"
    with pytest.raises(CannotDecide, match="already"):
        approve(change, bob, NOW, preview_change(change).seen)
    assert proposed(HelpLine.objects.get(), ann, call_number="911").state == "open"


def test_one_change_of_a_line_at_a_time(line: HelpLine, ann: User, bob: User) -> None:
    proposed(line, ann, call_number="911")
    with pytest.raises(CannotDecide, match="already has a change waiting"):
        proposed(HelpLine.objects.get(), bob, text_number="911")
    with pytest.raises(CannotDecide, match="already has a change waiting"):
        propose_removal(line, bob, NOW)


def test_a_new_line_is_there_when_it_is_approved(ann: User, bob: User) -> None:
    new = HelpLine(name="COPLINE", call_number="1-800-267-5463", audience="Officers", verified_on=date(2026, 11, 20))
    change = propose(new, {"name", "call_number", "audience", "verified_on"}, ann, NOW)
    assert not HelpLine.objects.exists()
    approve(change, bob, NOW, preview_change(change).seen)
    assert HelpLine.objects.get().name == "COPLINE"
    assert HelpLineChange.objects.get().line == HelpLine.objects.get()


def test_a_line_goes_when_that_is_approved_and_the_record_stays(line: HelpLine, ann: User, bob: User) -> None:
    change = propose_removal(line, ann, NOW)
    assert HelpLine.objects.exists()
    approve(change, bob, NOW, preview_change(change).seen)
    assert not HelpLine.objects.exists()
    change.refresh_from_db()
    assert (change.name, change.line, change.state) == ("988 Suicide & Crisis Lifeline", None, "approved")


def test_what_has_become_wrong_meanwhile_is_refused_in_words(line: HelpLine, ann: User, bob: User) -> None:
    change = proposed(line, ann, name="Taken")
    make_help_line("Taken", call_number="211")
    with pytest.raises(CannotDecide, match="already a help line with this name"):
        approve(change, bob, NOW, preview_change(change).seen)
    assert HelpLineChange.objects.get().state == "open"


def test_an_approval_leaves_a_newer_look_at_the_line_alone(line: HelpLine, ann: User, bob: User) -> None:
    change = proposed(line, ann, call_number="911")
    HelpLine.objects.update(notes="Dialed it today.")
    approve(change, bob, NOW, preview_change(change).seen)
    assert HelpLine.objects.get().notes == "Dialed it today."


def test_says_what_differs_in_words(line: HelpLine, ann: User) -> None:
    change = proposed(line, ann, call_number="", in_strip=False, availability="unknown", first_day=1)
    change.refresh_from_db()
    assert [(field.label, field.now, field.proposed) for field in preview_change(change).fields] == [
        ("Number to call", "988", ""),
        ("When it’s open", "Open 24/7", "Unknown"),
        ("From", "", "Monday"),
        ("Show in the top banner", "Yes", "No"),
    ]
    assert not preview_change(change).has_changed


def looked_at(day: date, notes: str) -> None:
    """Somebody has looked at the line, and written it down."""
    HelpLine.objects.update(verified_on=day, verified_by="ann", notes=notes)


def test_an_older_look_takes_no_newer_ones_place(line: HelpLine, ann: User, bob: User) -> None:
    values = {"verified_on": date(2026, 1, 6), "verified_by": "eve", "notes": "Seen on a forum."}
    change = proposed(line, ann, call_number="1-800-267-5463", **values)
    looked_at(date(2026, 11, 20), "The old number works, the new one is wrong.")

    seen = preview_change(change)
    assert [field.label for field in seen.fields if field.stays] == ["Verified on", "Verified by", "Notes for curators"]
    assert seen.has_changed
    approve(change, bob, NOW, seen.seen)

    after = HelpLine.objects.get()
    assert (after.call_number, after.verified_on, after.verified_by) == ("1-800-267-5463", date(2026, 11, 20), "ann")
    assert after.notes == "The old number works, the new one is wrong."


@pytest.mark.parametrize(("days_later", "stays"), [(-1, True), (0, True), (1, False)])
def test_of_two_looks_the_later_one_stays(line: HelpLine, ann: User, bob: User, days_later: int, stays: bool) -> None:
    day = date(2026, 11, 10)
    change = proposed(line, ann, call_number="911", verified_on=day + timedelta(days=days_later), notes="Proposed.")
    looked_at(day, "Dialed it.")
    approve(change, bob, NOW, preview_change(change).seen)
    after = HelpLine.objects.get()
    assert (after.verified_on, after.notes) == (
        (day, "Dialed it.") if stays else (day + timedelta(days=days_later), "Proposed.")
    )


def test_notes_that_were_proposed_without_a_day_are_those_of_the_look_before(
    line: HelpLine, ann: User, bob: User
) -> None:
    change = proposed(line, ann, call_number="911", notes="Proposed.")
    looked_at(date(2026, 11, 20), "Dialed it.")
    approve(change, bob, NOW, preview_change(change).seen)
    assert (seen(), HelpLine.objects.get().notes) == ("911", "Dialed it.")


def test_a_change_of_which_nothing_is_left_is_refused(line: HelpLine, ann: User, bob: User) -> None:
    change = proposed(line, ann, verified_on=date(2026, 1, 6))
    looked_at(date(2026, 11, 20), "Dialed it.")
    with pytest.raises(CannotDecide, match="Drop this change"):
        approve(change, bob, NOW, preview_change(change).seen)
    assert HelpLineChange.objects.get().state == "open"


@pytest.mark.parametrize("kind", ["change", "remove"])
def test_who_publishes_has_seen_what_the_line_says_now(line: HelpLine, ann: User, bob: User, kind: str) -> None:
    change = proposed(line, ann, call_number="911") if kind == "change" else propose_removal(line, ann, NOW)
    before = preview_change(change).seen
    looked_at(date(2026, 11, 20), "The new one is wrong.")
    for token in (before, "", "x"):
        with pytest.raises(LineChanged):
            approve(change, bob, NOW, token)
        with pytest.raises(LineChanged):
            publish_alone(change, ann, "In a hurry.", NOW, token)
    assert (seen(), HelpLineChange.objects.get().state) == ("988", "open")
    assert HelpLine.objects.get().notes == "The new one is wrong."
    assert [(field.then, field.now) for field in preview_change(change).others][-1] == ("", "The new one is wrong.")


def test_a_number_that_has_changed_since_is_told_with_what_it_was(line: HelpLine, ann: User) -> None:
    change = proposed(line, ann, call_number="911")
    HelpLine.objects.update(call_number="211")
    (number,) = preview_change(change).fields
    assert (number.then, number.now, number.proposed) == ("988", "211", "911")


def test_the_record_says_what_the_line_said_until_the_decision(line: HelpLine, ann: User, bob: User) -> None:
    change = proposed(line, ann, call_number="911")
    HelpLine.objects.update(call_number="211")
    approve(change, bob, NOW, preview_change(change).seen)
    (number,) = preview_change(HelpLineChange.objects.get()).fields
    assert (number.then, number.now, number.proposed) == (None, "211", "911")
