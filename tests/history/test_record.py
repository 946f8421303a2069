"""What is kept of a change: who, when and what, once for each row that differs, and what it was before."""

from datetime import UTC, datetime
from typing import Any

import pytest

from library.history.record import OpenAuditEntry, record, record_before, record_event
from library.history.snapshot import VERSIONED_MODELS, snapshot_now, snapshot_of, versions_of
from library.models import AuditEntry, Resource, Section, User, Version
from tests.factories import (
    make_category,
    make_publisher,
    make_resource,
    make_resources,
    make_section,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CHANGED = AuditEntry.Kind.CHANGED


@pytest.fixture
def by(db: None) -> User:
    return User.objects.create_user("maria")


def test_change_is_kept_with_who_when_and_what(by: User) -> None:
    resource = make_resource()
    record_before(Resource, [resource.pk], now=NOW)
    resource.title = "Sleep and Fatigue"
    resource.save()
    assert record(Resource, [resource.pk], CHANGED, by=by, now=NOW, comment="Changed the title.") == 1
    after, before = versions_of(Resource, resource.pk)
    assert snapshot_of(before).fields["title"] == "Building Personal Resilience"
    assert snapshot_of(after).fields["title"] == "Sleep and Fatigue"
    entry = AuditEntry.objects.acts().get()
    assert (entry.kind, entry.subject, entry.object_id, entry.total) == ("changed", "Sleep and Fatigue", resource.pk, 1)
    assert after.entry == entry
    assert (entry.user, entry.created_at, entry.comment) == (by, NOW, "Changed the title.")


def test_categories_and_tags_are_kept_with_their_names(by: User) -> None:
    resource = make_resource(categories=[make_category()], tags=["sleep", "PTSD"], publisher=make_publisher())
    found = snapshot_now(Resource, resource.pk)
    assert found is not None
    assert len(found.fields["tags"]) == 2
    assert sorted(found.names["tags"].values()) == ["PTSD", "sleep"]
    assert list(found.names["categories"].values()) == ["Resilience and stress"]
    assert found.names["publisher"] == {str(resource.publisher_id): "COPS Office"}


def test_row_that_is_as_it_was_is_not_kept_again(by: User) -> None:
    resource = make_resource(tags=["sleep"])
    assert record(Resource, [resource.pk], CHANGED, by=by, now=NOW) == 1
    assert record(Resource, [resource.pk], CHANGED, by=by, now=NOW) == 0
    assert AuditEntry.objects.count() == Version.objects.count() == 1


def test_what_follows_from_the_rest_and_the_place_are_no_change(by: User) -> None:
    resource, other = make_resources(2)
    record_before(Resource, [resource.pk], now=NOW)
    assert other.section.move_entry(resource.pk, "down")
    resource.refresh_from_db()
    resource.save()
    assert record(Resource, [resource.pk], CHANGED, by=by, now=NOW) == 0


def test_first_state_is_kept_once_and_by_nobody(by: User) -> None:
    resource = make_resource()
    record_before(Resource, [resource.pk], now=NOW)
    record_before(Resource, [resource.pk], now=NOW)
    entry = Version.objects.get().entry
    assert (entry.user, entry.kind, entry.total, entry.subject) == (None, "baseline", 1, str(resource))
    assert not AuditEntry.objects.acts().exists()


def test_many_rows_are_one_act(by: User, django_assert_num_queries: Any) -> None:
    rows = [resource.pk for resource in make_resources(3)]
    record(Resource, rows, CHANGED, by=by, now=NOW)
    rows += [resource.pk for resource in make_resources(30, "Officer Sleep")]
    with django_assert_num_queries(3):
        assert record(Resource, rows, CHANGED, by=by, now=NOW, comment="Added the tag “sleep”.") == 30
    entry = AuditEntry.objects.acts().first()
    assert entry is not None
    assert (entry.total, entry.subject, entry.object_id) == (30, "", None)


def test_record_takes_rows_a_batch_at_a_time(by: User) -> None:
    one, two = make_resources(2)
    entry = OpenAuditEntry(Resource, AuditEntry.Kind.IMPORTED, by, NOW)
    entry.add([one.pk], compared=False)
    entry.add([two.pk])
    entry.add([])
    entry.close("episodes.csv")
    assert (AuditEntry.objects.acts().get().total, Version.objects.count()) == (2, 2)


def test_what_has_no_versions_is_noted(by: User) -> None:
    record_event(User, CHANGED, row=by, by=by, now=NOW, comment="Changed the password.")
    entry = AuditEntry.objects.acts().get()
    assert (entry.subject, entry.entity_type.model, entry.comment) == ("maria", "user", "Changed the password.")
    assert not Version.objects.exists()


def test_password_and_sign_in_are_in_no_snapshot(by: User) -> None:
    found = snapshot_now(User, by.pk)
    assert found is not None
    assert not {"password", "last_login"} & set(found.fields)
    assert found.fields["username"] == "maria"


def test_every_kept_model_has_its_snapshot(every_row: dict[type, Any]) -> None:
    assert set(every_row) == set(VERSIONED_MODELS)
    for model, row in every_row.items():
        found = snapshot_now(model, row.pk)
        assert found is not None, model
        assert record(model, [row.pk], CHANGED, by=None, now=NOW) == 1
        version = versions_of(model, row.pk).get()
        assert snapshot_of(version) == found
        assert version.label == str(row)


def test_token_changes_with_a_value_and_not_with_a_name_elsewhere(by: User) -> None:
    publisher = make_publisher()
    resource = make_resource(publisher=publisher, tags=["sleep"])

    def token() -> str:
        found = snapshot_now(Resource, resource.pk)
        assert found is not None
        return found.token

    first = token()
    publisher.name = "COPS"
    publisher.save()
    assert token() == first
    resource.tags.add("rest")
    assert token() != first


def test_row_that_is_not_there_leaves_no_trace(by: User) -> None:
    assert record(Section, [make_section().pk + 1], CHANGED, by=by, now=NOW) == 0
    assert not AuditEntry.objects.exists()
