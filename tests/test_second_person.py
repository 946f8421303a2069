"""A change of a help line waits for a second person; what readers see stays until then."""

from datetime import date, time
from typing import Any

import pytest
from django.utils import timezone

from library.help_at_hand import copied_lines
from library.models import HelpLine, HelpLineChange, User
from library.second_person import CannotDecide, approve, drop, propose, propose_removal, publish_alone
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
    return make_help_line()


def proposed(line: HelpLine, by: User, **values: Any) -> HelpLineChange:
    for name, value in values.items():
        setattr(line, name, value)
    return propose(line, set(values), by, NOW)


def seen() -> str:
    return HelpLine.objects.get().call_number


def test_readers_see_it_when_a_second_person_has_approved_it(line: HelpLine, ann: User, bob: User) -> None:
    change = proposed(line, ann, call_number="1-800-267-5463", opens_at=time(9), verified_on=date(2026, 11, 20))
    assert seen() == "988"
    approve(change, bob, NOW)
    after, change = HelpLine.objects.get(), HelpLineChange.objects.get()
    assert (after.call_number, after.opens_at, after.verified_on) == ("1-800-267-5463", time(9), date(2026, 11, 20))
    assert (change.state, change.decided_by, change.decided_at) == ("approved", bob, NOW)


def test_the_copy_for_a_lost_database_says_it_as_soon_as_it_is_approved(
    line: HelpLine, ann: User, bob: User, django_capture_on_commit_callbacks
) -> None:
    change = proposed(line, ann, call_number="1-800-267-5463")
    with django_capture_on_commit_callbacks(execute=True):
        approve(change, bob, NOW)
    assert copied_lines()[0].call_number == "1-800-267-5463"


def test_whoever_proposed_it_cannot_approve_it(line: HelpLine, ann: User) -> None:
    change = proposed(line, ann, call_number="911")
    with pytest.raises(CannotDecide, match="cannot approve"):
        approve(change, ann, NOW)
    assert seen() == "988"


def test_in_an_emergency_one_publishes_alone_with_a_reason(line: HelpLine, ann: User) -> None:
    change = proposed(line, ann, call_number="911")
    for reason in ("", "   "):
        with pytest.raises(CannotDecide, match="Write down why"):
            publish_alone(change, ann, reason, NOW)
    assert seen() == "988"
    publish_alone(change, ann, "The old number is dead.", NOW)
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
        approve(change, bob, NOW)
    assert proposed(HelpLine.objects.get(), ann, call_number="911").state == "open"


def test_one_change_of_a_line_at_a_time(line: HelpLine, ann: User, bob: User) -> None:
    proposed(line, ann, call_number="911")
    with pytest.raises(CannotDecide, match="waits already"):
        proposed(HelpLine.objects.get(), bob, text_number="911")
    with pytest.raises(CannotDecide, match="waits already"):
        propose_removal(line, bob, NOW)


def test_a_new_line_is_there_when_it_is_approved(ann: User, bob: User) -> None:
    new = HelpLine(name="COPLINE", call_number="1-800-267-5463", audience="Officers", verified_on=date(2026, 11, 20))
    change = propose(new, {"name", "call_number", "audience", "verified_on"}, ann, NOW)
    assert not HelpLine.objects.exists()
    approve(change, bob, NOW)
    assert HelpLine.objects.get().name == "COPLINE"
    assert HelpLineChange.objects.get().line == HelpLine.objects.get()


def test_a_line_goes_when_that_is_approved_and_the_record_stays(line: HelpLine, ann: User, bob: User) -> None:
    change = propose_removal(line, ann, NOW)
    assert HelpLine.objects.exists()
    approve(change, bob, NOW)
    assert not HelpLine.objects.exists()
    change.refresh_from_db()
    assert (change.name, change.line, change.state) == ("988 Suicide & Crisis Lifeline", None, "approved")


def test_what_has_become_wrong_meanwhile_is_refused_in_words(line: HelpLine, ann: User, bob: User) -> None:
    change = proposed(line, ann, name="Taken")
    make_help_line("Taken", call_number="211")
    with pytest.raises(CannotDecide, match="of this name already"):
        approve(change, bob, NOW)
    assert HelpLineChange.objects.get().state == "open"


def test_an_approval_leaves_a_newer_look_at_the_line_alone(line: HelpLine, ann: User, bob: User) -> None:
    change = proposed(line, ann, call_number="911")
    HelpLine.objects.update(notes="Dialed it today.")
    approve(change, bob, NOW)
    assert HelpLine.objects.get().notes == "Dialed it today."


def test_says_what_differs_in_words(line: HelpLine, ann: User) -> None:
    change = proposed(line, ann, call_number="", in_strip=False, availability="unknown", first_day=1)
    change.refresh_from_db()
    assert [(str(field), before, after) for field, before, after in change.differences] == [
        ("number to call", "988", "–"),
        ("when it is open", "At any hour of any day", "Not known"),
        ("from", "–", "Monday"),
        ("in the strip at the top of every page", "yes", "no"),
    ]
