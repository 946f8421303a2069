"""What the database holds of imports, and which of them wait."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from library.models import FileImport, ImportChunk, ImportedRow
from tests.factories import make_resource

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)


def make_import(**values: Any) -> FileImport:
    values = {"name": "resources.csv", "has_file": True, "uploaded_at": NOW, "requested_at": NOW} | values
    return FileImport.objects.create(**values)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("file_import_state_known", {"state": "lost"}),
        ("file_import_imported_with_moment", {"state": "imported"}),
        ("file_import_imported_with_moment", {"state": "checked", "imported_at": NOW}),
        ("file_import_waits_with_file", {"state": "checked", "has_file": False}),
        ("file_import_waits_with_file", {"state": "columns", "has_file": False}),
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


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("import_chunk_once", {"number": 0}),
        ("import_chunk_size", {"content": b""}),
        ("import_chunk_size", {"content": bytes(1_000_001)}),
    ],
)
def test_the_database_refuses_what_no_part_of_a_file_can_be(constraint: str, values: dict[str, Any]) -> None:
    file_import = make_import()
    ImportChunk.objects.create(file_import=file_import, number=0, content=b"a")

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ImportChunk.objects.create(**{"file_import": file_import, "number": 1, "content": b"b"} | values)


@pytest.mark.parametrize("part", [64_000, 1_000_000, 2_500_000])
def test_a_file_is_kept_in_parts_of_a_megabyte_and_comes_back_whole(part: int) -> None:
    content = bytes(range(250)) * 10_000
    file_import, file = make_import(), io.BytesIO()
    parts = [content[start : start + part] for start in range(0, len(content), part)]

    ImportChunk.objects.store(file_import, parts)
    file_import.chunks.copy_to(file)

    assert file.getvalue() == content
    assert [len(chunk.content) for chunk in file_import.chunks.order_by("number")] == [1_000_000, 1_000_000, 500_000]


def test_the_parts_of_a_file_go_with_its_import() -> None:
    file_import = make_import()
    ImportChunk.objects.store(file_import, [b"a"])

    file_import.delete()

    assert not ImportChunk.objects.exists()


def test_a_row_outlives_its_resource() -> None:
    resource = make_resource(state="draft")
    row = ImportedRow.objects.create(file_import=make_import(), line=2, outcome="same", resource=resource)

    resource.delete()

    row.refresh_from_db()
    assert row.resource_id is not None


def test_what_waits_comes_in_the_order_in_which_it_was_asked_for() -> None:
    late, soon = make_import(requested_at=NOW + timedelta(1)), make_import(state="importing")
    make_import(state="checked")

    assert list(FileImport.objects.waiting()) == [soon, late]


def test_a_step_is_asked_for_once() -> None:
    file_import = make_import(state="checked", rows_done=7, message="Look again.")

    assert FileImport.objects.ask(file_import.pk, "checked", "importing", NOW + timedelta(1), skip_bad=True)
    assert not FileImport.objects.ask(file_import.pk, "checked", "importing", NOW + timedelta(2))

    file_import.refresh_from_db()
    assert (file_import.requested_at, file_import.skip_bad) == (NOW + timedelta(1), True)
    assert (file_import.rows_done, file_import.message) == (0, "")


def test_an_import_can_be_undone_for_a_month() -> None:
    assert make_import(state="imported", imported_at=NOW).undo_until == NOW + timedelta(days=30)
    assert make_import(state="undone", imported_at=NOW).undo_until is None
    assert make_import(state="checked").undo_until is None
