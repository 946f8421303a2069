"""An import is one deed in the history, and each entry that it made or changed has its version."""

import pytest
from reversion.models import Revision

from library.history.snapshot import Snapshot, snapshot_of, versions_of
from library.models import Deed, Resource, User
from tests.factories import make_resource, make_section
from tests.imports.asking import ask, imported
from tests.imports.conftest import rows_at, take

pytestmark = pytest.mark.django_db


def versions_titled(title: str) -> list[Snapshot]:
    return [snapshot_of(version) for version in versions_of(Resource, Resource.objects.get(title=title).pk)]


@pytest.fixture(autouse=True)
def _section() -> None:
    make_section()


def test_import_is_one_deed_of_whoever_did_it() -> None:
    maria = User.objects.create_user("maria")
    take(*rows_at(3), by=maria, message="episodes.csv")
    deed = Deed.objects.get()
    assert (deed.kind, deed.total, deed.revision.user) == ("imported", 3, maria)
    assert deed.revision.comment == "episodes.csv"
    (version,) = versions_titled("Officer Fatigue 1")
    assert version.fields["url"] == "https://example.org/1"


def test_sections_categories_and_publishers_that_it_makes_are_deeds_of_their_own() -> None:
    maria = User.objects.create_user("maria")
    rows = rows_at(2, section="Night shift", categories=["Sleep"], publisher="BJA")
    take(*rows, by=maria, message="episodes.csv", create_missing=True)
    take(*rows, by=maria, create_missing=True)
    deeds = Deed.objects.order_by("pk").values_list("kind", "about__model", "subject", "total")
    assert list(deeds) == [
        ("imported", "resource", "", 2),
        ("imported", "section", "Night shift", 1),
        ("imported", "category", "Sleep", 1),
        ("imported", "publisher", "BJA", 1),
    ]
    assert {(deed.revision.user, deed.revision.comment) for deed in Deed.objects.all()} == {(maria, "episodes.csv")}


def test_changed_entries_have_what_they_were_and_what_they_became() -> None:
    take(*rows_at(3))
    Revision.objects.all().delete()
    take(*rows_at(2, tags=["sleep"]), *rows_at(3)[2:])
    new, old = versions_titled("Officer Fatigue 1")
    assert (list(new.names["tags"].values()), old.fields["tags"]) == (["sleep"], [])
    assert versions_titled("Officer Fatigue 3") == []
    assert Deed.objects.get().total == 2


@pytest.mark.parametrize("options", [{}, {"dry_run": True}])
def test_nothing_is_kept_where_nothing_is_written(options: dict[str, bool]) -> None:
    take(*rows_at(2))
    Revision.objects.all().delete()
    take(*rows_at(2, title="Other") if options else rows_at(2), **options)
    assert not Revision.objects.exists()
    assert not Deed.objects.exists()


def test_undoing_is_in_the_history_with_who_asked_for_it() -> None:
    maria = User.objects.create_user("maria")
    make_resource("Old", kind="podcast", url="https://example.org/1")
    rows = ("New,podcast,podcasts,https://example.org/1", "Draft,podcast,podcasts,https://example.org/2")
    file_import = imported(*rows, header="title,kind,section,url")
    ask(file_import, "undoing", by=maria)

    deeds = Deed.objects.order_by("pk").values_list("kind", "total", "revision__user__username")
    assert list(deeds) == [("imported", 2, None), ("deleted", 1, "maria"), ("changed", 1, "maria")]
    assert Deed.objects.first().revision.comment == "An import was undone: resources.csv."  # type: ignore[union-attr]
    assert [version.fields["title"] for version in versions_titled("Old")] == ["Old", "New", "Old"]
