"""`manage.py restore`: what comes back, what stays, and the sentences with which it ends where it can't."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from config.settings import BASE_DIR
from library.maintenance.archive import open_archive
from library.maintenance.errors import MaintenanceError
from tests.maintenance.conftest import BackedUp, Library, manifest_of, new_library
from tests.processes import eventually

DATABASES = "SELECT datname FROM pg_database WHERE datname LIKE 'library%' ORDER BY 1"


def names_in(library: Library) -> list[str]:
    with library.cursor("postgres") as cursor:
        cursor.execute(DATABASES)
        return [name for (name,) in cursor.fetchall()]


def value_in(library: Library, question: str, database: str = "library") -> int:
    with library.cursor(database) as cursor:
        cursor.execute(question)
        value: int = cursor.fetchone()[0]
        return value


@pytest.fixture
def file(backed_up: BackedUp, tmp_path: Path) -> Path:
    return Path(shutil.copy(backed_up.path, tmp_path))


def test_a_library_comes_back_on_another_machine(backed_up: BackedUp) -> None:
    manifest = manifest_of(backed_up.path)
    with new_library() as other:
        output = other.succeeds("restore", str(backed_up.path))

        assert output.startswith("Restored the backup of ")
        assert "kept as" not in output
        assert "everyone signs in again." in output
        assert "The secret key isn't in a backup either" in output
        assert names_in(other) == ["library"]
        assert value_in(other, "SELECT count(*) FROM django_session") == 0
        assert value_in(other, "SELECT number FROM library_libraryversion") == manifest["edit_number"] + 1
        shutil.copytree(backed_up.library.data_dir / "static", other.data_dir / "static")
        request = json.dumps({"paths": list(manifest["pages"]), "moment": manifest["made_at"]})
        answers = other.start("-m", "library.maintenance.pages")
        answers.say(request)
        assert answers.ended() == 0
        assert json.loads(answers.output) == manifest["pages"]
        answers.close()


def test_what_is_refused_or_killed_changes_nothing_and_then_the_database_from_before_is_kept(
    backed_up: BackedUp, library: Library, file: Path
) -> None:
    changed = "SELECT count(*) FROM library_page WHERE title = 'Written after the backup'"
    sessions, edit = "SELECT count(*) FROM django_session", "SELECT number FROM library_libraryversion"
    file.write_bytes(file.read_bytes()[:-1_200])
    with library.cursor("postgres") as cursor:

        def assert_unchanged(*others: str) -> None:
            cursor.execute(DATABASES)
            assert [name for (name,) in cursor.fetchall()] == ["library", *others]
            assert value_in(library, sessions) == 1
            assert value_in(library, changed) == 7

        with library.cursor() as own:
            own.execute("UPDATE library_page SET title = 'Written after the backup'")
            assert library.refuses("restore", str(backed_up.path)) == (
                "The database is in use: stop the site, its other commands and PgBouncer, then restore again."
            )
        assert_unchanged()

        assert "isn't a complete backup" in library.refuses("restore", str(file))
        assert_unchanged()

        kill_one(cursor, library, backed_up.path)
        assert_unchanged("library_restoring")

        output = library.succeeds("restore", str(backed_up.path))

        assert "The secret key" not in output
        first, former = names_in(library)
        assert first == "library"
        assert former.startswith("library_before_20")
        assert f'DROP DATABASE "{former}"' in output
        assert value_in(library, changed) == value_in(library, sessions) == 0
        assert value_in(library, changed, former) == 7
        assert value_in(library, edit) > value_in(library, edit, former)


def kill_one(cursor: Any, library: Library, path: Path) -> None:
    """A restore that has begun to make its database."""

    def is_at_work() -> bool:
        cursor.execute(DATABASES)
        return len(cursor.fetchall()) == 2

    killed = library.start("manage.py", "restore", str(path))
    try:
        eventually(is_at_work, every=0.01)
        killed.kill()
    finally:
        killed.close()


# What is wrong with a file is seen before anything is made of it.


def refused(path: Path) -> str:
    with pytest.raises(MaintenanceError) as refusal:
        open_archive(path)
    return str(refusal.value)


@pytest.mark.parametrize("length", [0, 1, 600, 100_000, -1_200, -1_030])
def test_a_file_that_was_cut_short_is_refused(length: int, file: Path) -> None:
    file.write_bytes(file.read_bytes()[:length])

    assert (
        refused(file) == f"{file} isn't a complete backup: it was cut short or changed, or it's another kind of file."
    )


def test_one_wrong_byte_anywhere_is_refused(file: Path) -> None:
    content = file.read_bytes()
    manifest = content.index(b"manifest.json\0")
    sums = content.index(b"SHA256SUMS\0")
    # Of each part its header, its first byte and its last.
    places = [
        0,
        130,
        512,
        manifest - 600,
        manifest,
        manifest + 130,
        manifest + 512,
        sums - 600,
        sums,
        sums + 512,
        sums + 600,
    ]

    for place in places:
        file.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        assert refused(file).startswith(f"{file} is")
    file.write_bytes(content)
    assert open_archive(file).manifest.edit_number


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    assert "isn't a complete backup" in refused(BASE_DIR / "manage.py")
    assert refused(tmp_path / "none.tar") == f"Can't read {tmp_path}/none.tar: No such file or directory."
    assert refused(tmp_path) == f"Can't read {tmp_path}: Is a directory."
