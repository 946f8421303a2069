"""What the database holds of imports, and which of them wait."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from library.models import FileImport, ImportedRow
from tests.factories import make_resource

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)


def make_import(**values: Any) -> FileImport:
    values = {"name": "resources.csv", "stored": "a.csv", "uploaded_at": NOW, "asked_at": NOW} | values
    return FileImport.objects.create(**values)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("file_import_state_known", {"state": "lost"}),
        ("file_import_imported_with_moment", {"state": "imported"}),
        ("file_import_imported_with_moment", {"state": "checked", "imported_at": NOW}),
        ("file_import_waits_with_file", {"state": "checked", "stored": ""}),
    ],
)
def test_the_database_refuses_what_no_import_can_be(constraint: str, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_import(**values)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("imported_row_once", {"line": 2}),
        ("imported_row_outcome_known", {"outcome": "lost"}),
        ("imported_row_marked_with_resource", {"outcome": "new", "mark": "a"}),
        ("imported_row_marked_with_resource", {"outcome": "same", "mark": "a", "resource_id": 1}),
    ],
)
def test_the_database_refuses_what_no_row_can_be(constraint: str, values: dict[str, Any]) -> None:
    file_import = make_import()
    ImportedRow.objects.create(file_import=file_import, line=2, outcome="bad")

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ImportedRow.objects.create(**{"file_import": file_import, "line": 3, "outcome": "bad"} | values)


def test_a_row_outlives_its_resource() -> None:
    resource = make_resource(state="draft")
    row = ImportedRow.objects.create(file_import=make_import(), line=2, outcome="same", resource=resource)

    resource.delete()

    row.refresh_from_db()
    assert row.resource_id is not None


def test_what_waits_comes_in_the_order_in_which_it_was_asked_for() -> None:
    late, soon = make_import(asked_at=NOW + timedelta(1)), make_import(state="importing")
    make_import(state="checked")

    assert list(FileImport.objects.waiting()) == [soon, late]


def test_a_step_is_asked_for_once() -> None:
    file_import = make_import(state="checked", rows_done=7, message="Look again.")

    assert FileImport.objects.ask(file_import.pk, "checked", "importing", NOW + timedelta(1), skip_bad=True)
    assert not FileImport.objects.ask(file_import.pk, "checked", "importing", NOW + timedelta(2))

    file_import.refresh_from_db()
    assert (file_import.asked_at, file_import.skip_bad) == (NOW + timedelta(1), True)
    assert (file_import.rows_done, file_import.message) == (0, "")


def test_an_import_can_be_undone_for_a_month() -> None:
    assert make_import(state="imported", imported_at=NOW).undo_until == NOW + timedelta(days=30)
    assert make_import(state="undone", imported_at=NOW).undo_until is None
    assert make_import(state="checked").undo_until is None
