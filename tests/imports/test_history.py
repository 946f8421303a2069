"""An import is one act in the history, and each entry that it made or changed has its version."""

import pytest

from library.history.snapshot import Snapshot, snapshot_of, versions_of
from library.models import AuditEntry, Resource, User
from tests.factories import make_resource, make_section
from tests.imports.asking import ask, imported
from tests.imports.conftest import rows_at, take

pytestmark = pytest.mark.django_db


def versions_titled(title: str) -> list[Snapshot]:
    return [snapshot_of(version) for version in versions_of(Resource, Resource.objects.get(title=title).pk)]


@pytest.fixture(autouse=True)
def _section() -> None:
    make_section()


def test_import_is_one_act_of_whoever_did_it() -> None:
    maria = User.objects.create_user("maria")
    take(*rows_at(3), by=maria, message="episodes.csv")
    entry = AuditEntry.objects.acts().get()
    assert (entry.kind, entry.total, entry.user) == ("imported", 3, maria)
    assert entry.comment == "episodes.csv"
    (version,) = versions_titled("Officer Fatigue 1")
    assert version.fields["url"] == "https://example.org/1"


def test_sections_categories_and_publishers_that_it_makes_are_acts_of_their_own() -> None:
    maria = User.objects.create_user("maria")
    rows = rows_at(2, section="Night shift", categories=["Sleep"], publisher="BJA")
    take(*rows, by=maria, message="episodes.csv", create_missing=True)
    take(*rows, by=maria, create_missing=True)
    entries = AuditEntry.objects.acts().order_by("pk").values_list("kind", "entity_type__model", "subject", "total")
    assert list(entries) == [
        ("imported", "resource", "", 2),
        ("imported", "section", "Night shift", 1),
        ("imported", "category", "Sleep", 1),
        ("imported", "publisher", "BJA", 1),
    ]
    assert {(entry.user, entry.comment) for entry in AuditEntry.objects.acts()} == {(maria, "episodes.csv")}


def test_changed_entries_have_what_they_were_and_what_they_became() -> None:
    take(*rows_at(3))
    AuditEntry.objects.all().delete()
    take(*rows_at(2, tags=["sleep"]), *rows_at(3)[2:])
    new, old = versions_titled("Officer Fatigue 1")
    assert (list(new.names["tags"].values()), old.fields["tags"]) == (["sleep"], [])
    assert versions_titled("Officer Fatigue 3") == []
    assert AuditEntry.objects.acts().get().total == 2


@pytest.mark.parametrize("options", [{}, {"dry_run": True}])
def test_nothing_is_kept_where_nothing_is_written(options: dict[str, bool]) -> None:
    take(*rows_at(2))
    AuditEntry.objects.all().delete()
    take(*rows_at(2, title="Other") if options else rows_at(2), **options)
    assert not AuditEntry.objects.exists()
    assert not AuditEntry.objects.acts().exists()


def test_undoing_is_in_the_history_with_who_asked_for_it() -> None:
    maria = User.objects.create_user("maria")
    make_resource("Old", kind="podcast", url="https://example.org/1")
    rows = ("New,podcast,podcasts,https://example.org/1", "Draft,podcast,podcasts,https://example.org/2")
    file_import = imported(*rows, header="title,kind,section,url")
    ask(file_import, "undoing", by=maria)

    entries = AuditEntry.objects.acts().order_by("pk").values_list("kind", "total", "user__username")
    assert list(entries) == [("imported", 2, None), ("deleted", 1, "maria"), ("changed", 1, "maria")]
    assert AuditEntry.objects.acts().first().comment == "Import undone: resources.csv."  # type: ignore[union-attr]
    assert [version.fields["title"] for version in versions_titled("Old")] == ["Old", "New", "Old"]
