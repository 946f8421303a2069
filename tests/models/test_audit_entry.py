"""The activity log: one entry for each act, and the versions that go with it."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from library.models import AuditEntry, Tag, User, Version
from tests.refusing import refused

pytestmark = pytest.mark.django_db


def make_entry(kind: str = "changed", **values: object) -> AuditEntry:
    entity_type = ContentType.objects.get_for_model(Tag)
    return AuditEntry.objects.create(created_at=timezone.now(), kind=kind, entity_type=entity_type, **values)


def make_version(entry: AuditEntry) -> Version:
    return Version.objects.create(entry=entry, entity_type=entry.entity_type, object_id=7, label="sleep", data={})


def test_entry_says_what_was_done_to_what() -> None:
    assert str(make_entry(subject="sleep")) == "Changed: sleep"
    assert str(make_entry(total=40)) == "Changed: 40"


def test_only_known_things_are_done() -> None:
    with refused("audit_entry_kind_known"):
        make_entry("burned")


def test_baseline_is_no_act() -> None:
    act = make_entry()
    baseline = make_entry("baseline")
    assert list(AuditEntry.objects.acts()) == [act]
    assert list(AuditEntry.objects.all()) == [baseline, act]


def test_versions_go_with_their_entry() -> None:
    version = make_version(make_entry())
    assert (str(version), version.model) == ("sleep", Tag)
    version.entry.delete()
    assert not Version.objects.exists()


def test_entry_has_one_version_of_a_row() -> None:
    entry = make_entry()
    make_version(entry)
    make_version(make_entry())
    with refused("version_once_in_an_entry"), transaction.atomic():
        make_version(entry)


def test_what_somebody_did_outlives_their_account() -> None:
    person = User.objects.create_user("maria")
    entry = make_entry(user=person)
    person.delete()
    entry.refresh_from_db()
    assert entry.user is None
