"""An upgrade from the days when uploaded files lay in a folder: those that wait are taken into the database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from library.models import FileImport

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE, MOVED = "0040", "library_fileimport"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """Files of the release before, and its tables."""
    settings.DATA_DIR = tmp_path
    imports = tmp_path / "imports"
    imports.mkdir()
    call_command("migrate", "library", BEFORE, verbosity=0)
    yield imports
    call_command("migrate", verbosity=0)


def waiting(stored: str, state: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {MOVED} (name, stored, state, uploaded_at, asked_at, create_missing, publish, skip_bad,"
            " rows_done, created, changed, unchanged, bad, warnings, made_publishers, made_tags, message)"
            " VALUES (%s, %s, %s, now(), now(), false, false, false, 0, 0, 0, 0, 0, '[]', '[]', '[]', '')",
            [f"{state}.csv", stored, state],
        )


def test_files_that_wait_are_taken_along_and_lost_ones_are_told(folder: Path) -> None:
    content = bytes(range(250)) * 5_000
    (folder / "a.csv").write_bytes(content)
    (folder / "b.csv").write_bytes(b"")
    for stored, state in (("a.csv", "checked"), ("b.csv", "checking"), ("c.csv", "importing"), ("", "unreadable")):
        waiting(stored, state)

    call_command("migrate", verbosity=0)

    states = dict(FileImport.objects.values_list("name", "state"))
    assert states == {
        "checked.csv": "checked",
        "checking.csv": "checking",
        "importing.csv": "unreadable",
        "unreadable.csv": "unreadable",
    }
    kept = FileImport.objects.get(name="checked.csv").chunks.order_by("number")
    assert [len(chunk.content) for chunk in kept] == [1_000_000, 250_000]
    assert b"".join(bytes(chunk.content) for chunk in kept) == content
    lost = FileImport.objects.get(name="importing.csv")
    assert lost.message == "The file was not found when the site was upgraded. Nothing was written. Upload it again."
    assert set(FileImport.objects.filter(has_file=True)) == set(FileImport.objects.filter(name__startswith="check"))
    assert (folder / "a.csv").read_bytes() == content


def test_the_release_before_is_told_that_there_are_no_files() -> None:
    call_command("migrate", verbosity=0)
    file_import = FileImport.objects.create(
        name="a.csv", has_file=True, uploaded_at="2026-02-01T12:00Z", asked_at="2026-02-01T12:00Z"
    )

    call_command("migrate", "library", BEFORE, verbosity=0)

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT state, stored FROM {MOVED} WHERE id = %s", [file_import.pk])
        assert cursor.fetchone() == ("unreadable", "")
