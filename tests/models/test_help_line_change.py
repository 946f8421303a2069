"""What the database holds of the changes of help lines, whoever writes them."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from library.models import HelpLineChange, User
from tests.factories import make_help_line

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("help_line_change_second_person", {"state": "approved", "decided_by": "ann"}),
        ("help_line_change_alone_with_reason", {"state": "alone", "decided_by": "ann"}),
        ("help_line_change_alone_with_reason", {"state": "alone", "decided_by": "bob", "reason": "In a hurry."}),
        ("help_line_change_alone_with_reason", {"state": "approved", "decided_by": "bob", "reason": "In a hurry."}),
        ("help_line_change_decided_by_somebody", {"state": "dropped"}),
        ("help_line_change_decided_by_somebody", {"decided_by": "bob"}),
        ("help_line_change_state_known", {"state": "perhaps", "decided_by": "bob"}),
        ("help_line_change_kind_known", {"kind": "other"}),
    ],
)
def test_the_database_refuses(name: str, values: dict[str, Any]) -> None:
    people = {person: User.objects.create_user(person) for person in ("ann", "bob")}
    decided = people.get(values.pop("decided_by", ""))
    given = {"kind": "change", "name": "988", "proposed_by": people["ann"], "proposed_at": timezone.now()} | values
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        HelpLineChange.objects.create(**given, decided_by=decided, decided_at=timezone.now() if decided else None)


def test_the_database_refuses_a_second_open_change_of_a_line() -> None:
    line, ann = make_help_line(), User.objects.create_user("ann")
    given = {"kind": "change", "line": line, "name": "988", "proposed_by": ann, "proposed_at": timezone.now()}
    HelpLineChange.objects.create(**given)
    with pytest.raises(IntegrityError, match="help_line_change_one_at_a_time"), transaction.atomic():
        HelpLineChange.objects.create(**given)
    HelpLineChange.objects.update(state="dropped", decided_by=ann, decided_at=timezone.now())
    assert HelpLineChange.objects.create(**given).state == "open"
