"""A library of another version: older ones are backed up and upgraded, newer ones are refused."""

from collections.abc import Iterator

import pytest

from tests.maintenance.conftest import BackedUp, Library, manifest_of, new_library
from tests.processes import copy_static_files

START = """
import sys
from django.core.management.base import CommandError
from library.server import bootstrap
try:
    bootstrap.{}()
except CommandError as error:
    sys.exit(str(error))
"""
PREPARE, UPGRADE = START.format("prepare"), START.format("bring_up_to_date")
# A start, and a start on a database that can only be read: what each says. Then a backup.
PREPARE_TWICE_AND_BACK_UP = """
from django.core.management import CommandError, call_command
from django.db import connection
from library.server.bootstrap import prepare

for word in ("off", "on"):
    with connection.cursor() as cursor:
        cursor.execute("ALTER DATABASE library SET default_transaction_read_only = " + word)
    connection.close()
    try:
        prepare()
    except CommandError as error:
        print(error)
call_command("backup", "--no-drill", verbosity=0)
"""
ADD = "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())"
# The last one of the former chain, and those into which it was merged.
OLD, NEW = "0041_import_chunks", {"0001_schema", "0002_database_code", "0003_history"}


def migrations_of(library: Library) -> set[str]:
    with library.cursor() as cursor:
        cursor.execute("SELECT name FROM django_migrations WHERE app = 'library'")
        return {name for (name,) in cursor.fetchall()}


@pytest.fixture
def upgraded(older: Library) -> Iterator[Library]:
    """A copy of the older library, about to be upgraded."""
    with new_library(like=older.data_dir) as copy:
        yield copy


def test_an_upgrade_begins_with_a_backup_from_which_it_can_be_done_again(upgraded: Library) -> None:
    copy_static_files(upgraded.data_dir)
    status, output = upgraded.python(PREPARE)

    (path,) = (upgraded.data_dir / "backups").iterdir()
    assert status == 0
    assert output.splitlines()[0] == f"Backed up before the upgrade: {path}"
    manifest = manifest_of(path)
    assert manifest["migrations"][-1] == OLD
    now = migrations_of(upgraded)
    assert now >= NEW

    with new_library() as other:
        other.succeeds("restore", str(path))
        assert migrations_of(other) == now
        with other.cursor() as cursor:
            cursor.execute("SELECT username FROM library_user ORDER BY username")
            assert cursor.fetchall() == [("ann",), ("bob",), ("eve",), ("root",)]

    # What is left of an app of earlier is no newer version, and what is up to date gets no second backup.
    with upgraded.cursor() as cursor:
        cursor.execute(ADD, ["axes", "0001_initial"])
    assert upgraded.python(UPGRADE) == (0, "")
    assert list((upgraded.data_dir / "backups").iterdir()) == [path]


def test_an_upgrade_without_its_backup_waits_for_a_word(upgraded: Library) -> None:
    (upgraded.data_dir / "backups").touch()

    status, output = upgraded.python(UPGRADE)
    assert status == 1
    assert output == (
        "The database needs an upgrade, but the backup before it failed. "
        f"Can't write to {upgraded.data_dir}/backups: File exists. "
        "To upgrade without one, set BACKUP_BEFORE_UPGRADE=false.\n"
    )
    assert migrations_of(upgraded).isdisjoint(NEW)

    status, output = upgraded.python(UPGRADE, BACKUP_BEFORE_UPGRADE="false")
    assert status == 0
    assert migrations_of(upgraded) >= NEW


def test_a_newer_library_is_refused_at_the_start_and_so_is_its_backup(library: Library) -> None:
    with library.cursor() as cursor:
        cursor.execute(ADD, ["library", "9999_later"])

    status, output = library.python(PREPARE_TWICE_AND_BACK_UP)

    assert (status, output.splitlines()[:-2]) == (
        0,
        2
        * [
            "The database was made by a newer version of the library, which has 9999_later: "
            "run that version, or restore a backup that this one made."
        ],
    )
    (path,) = (library.data_dir / "backups").iterdir()
    with new_library() as other:
        assert other.refuses("restore", str(path)) == (
            "This backup was made by a newer version of the library, which has 9999_later: "
            "update this one first, then restore."
        )


def test_the_first_start_makes_no_backup(backed_up: BackedUp) -> None:
    assert [path.name for path in (backed_up.library.data_dir / "backups").iterdir()] == [backed_up.path.name]


def test_a_much_older_library_is_refused_at_the_start_and_so_is_its_backup(upgraded: Library) -> None:
    with upgraded.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'library' AND name = %s", [OLD])

    assert upgraded.python(PREPARE) == (
        1,
        "The database is of a version of the library before 0041_import_chunks, which this one can't upgrade: "
        "run the version 5555c8e once (git checkout 5555c8e), then this one.\n",
    )

    path = upgraded.back_up("--no-drill")
    with new_library() as other:
        assert other.refuses("restore", str(path)) == (
            "This backup was made by a version of the library before 0041_import_chunks, which this one can't upgrade: "
            "restore it with the version 5555c8e, and start that one once."
        )


def test_a_first_start_that_was_interrupted_goes_on_where_it_was() -> None:
    with new_library() as library:
        library.succeeds("migrate", "-v0", "library", "0001_schema")
        with library.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal")
            assert cursor.fetchone() == (0,)
        copy_static_files(library.data_dir)

        status, output = library.python(PREPARE)

        assert status == 0, output
        with library.cursor() as cursor:
            cursor.execute("SELECT count(*) > 40 FROM pg_trigger WHERE NOT tgisinternal")
            assert cursor.fetchone() == (True,)
