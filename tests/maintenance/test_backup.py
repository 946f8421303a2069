"""`manage.py backup`: what is in the file, what proves it, and what is left when it can't be made."""

import contextlib
import stat
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import psycopg2
import pytest
from psutil import Process

from config.embedded_postgres.server import EMBEDDED_PORT
from library.db.locks import Lock
from library.maintenance.archive import ArchiveWriter, manifest_in
from library.maintenance.backup import _give_name
from library.maintenance.errors import MaintenanceError
from tests.maintenance.conftest import (
    BackedUp,
    Library,
    contents_of,
    manifest_of,
    new_library,
    sha256sum_agrees,
)
from tests.processes import eventually, postgres_of


def written(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_backup_is_one_private_file_that_checks_itself(backed_up: BackedUp, tmp_path: Path) -> None:
    with tarfile.open(backed_up.path) as tar:
        tar.extractall(tmp_path, filter="data")

    assert stat.S_IMODE(backed_up.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(backed_up.path.parent.stat().st_mode) == 0o700
    assert sorted(path.name for path in tmp_path.iterdir()) == ["SHA256SUMS", "database.dump", "manifest.json"]
    assert sha256sum_agrees(tmp_path)


def test_it_says_what_it_holds_and_that_it_was_tried(backed_up: BackedUp) -> None:
    manifest = manifest_of(backed_up.path)
    tables = manifest["fingerprint"]["tables"]

    first, second = backed_up.output.splitlines()
    assert first.endswith(f"{backed_up.path} ({backed_up.path.stat().st_size:,} bytes).")
    assert f"up to edit {manifest['edit_number']}" in first
    assert second == f"Restored it to try it: {len(tables)} tables and 22 pages are the same."
    assert tables["library_resource"][0] == 58
    assert {"/", "/help/"} < manifest["pages"].keys()
    assert len(manifest["pages"]) == 22
    assert manifest["server"] == manifest["client"] == 18
    assert not (backed_up.library.data_dir / "drill").exists()


def test_what_people_did_lately_is_left_out(backed_up: BackedUp) -> None:
    tables = manifest_of(backed_up.path)["fingerprint"]["tables"]
    contents = contents_of(backed_up.path)

    assert "TABLE DATA public library_resource " in contents
    for name in ("django_session", "library_attempt", "library_formmark", "library_trusteddevice"):
        assert tables[name][0] == 0
        assert f"TABLE public {name} " in contents
        assert f"TABLE DATA public {name} " not in contents


def test_the_backup_of_another_library_is_never_replaced(tmp_path: Path) -> None:
    theirs, ours = tmp_path / "library-20260101T020000Z.tar", tmp_path / "ours.tar.part"
    theirs.write_text("theirs")
    ours.write_text("ours")

    with pytest.raises(MaintenanceError, match="in the same second"):
        _give_name(ours, theirs)

    assert theirs.read_text() == "theirs"


def test_what_stands_in_its_way_is_one_sentence_and_leaves_nothing(library: Library, tmp_path: Path) -> None:
    """Another backup at work, and a folder that can't be written."""
    (tmp_path / "file").touch()
    with library.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [Lock.BACKUP.value])
        sentence = library.refuses("backup", str(tmp_path), "--no-drill")
        cursor.execute("SELECT pg_advisory_unlock_all()")
        assert sentence == "Another backup of this library is running: wait until it's done."

        sentence = library.refuses("backup", str(tmp_path / "file" / "folder"), "--no-drill")
        assert sentence == f"Can't write to {tmp_path}/file/folder: Not a directory."
    assert written(tmp_path) == ["file"]


def test_a_full_disk_is_one_sentence_and_leaves_nothing(library: Library, tmp_path: Path) -> None:
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=100k", "none", tmp_path], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("Nobody but root can mount a small disk.")
    try:
        sentence = library.refuses("backup", str(tmp_path), "--no-drill")
        left = written(tmp_path)
    finally:
        subprocess.run(["umount", tmp_path], check=True)

    assert sentence == f"The disk that holds {tmp_path} is full: free up space, then try again."
    assert left == []


def copy_from(path: Path, days_ago: int, identity: str = "") -> Path:
    """The same backup as if it had been made that many days earlier, perhaps of another library."""
    manifest = manifest_in(path)
    made_at = datetime.fromisoformat(manifest.made_at) - timedelta(days=days_ago)
    copy = path.with_name(made_at.strftime("library-%Y%m%dT%H%M%SZ.tar"))
    changed = replace(manifest, made_at=made_at.isoformat(), identity=identity or manifest.identity)
    with tarfile.open(path) as tar, copy.open("w+b") as file:
        writer = ArchiveWriter(file)
        writer.add_dump(tar.extractfile("database.dump"))
        writer.finish(changed)
    return copy


# One more backup, with everything around it that could go wrong: writers at work, what a killed one has left, backups
# of before in its folder, and a site that is reached by HTTPS.


@dataclass(frozen=True)
class Second:
    """What the folder held before the killed backup, after it, and after the one that was proven."""

    before: list[str]
    untried: Path
    after_untried: list[str]
    after_kill: list[str]
    after: list[str]
    path: Path
    output: str
    old: Path
    kept: list[Path]
    last_edit: int
    drill_is_left: bool
    servers_left: list[Process]


@contextlib.contextmanager
def writers_in(library: Library) -> Iterator[None]:
    """Four that change rows all the while, and use up numbers of rows that never come to be."""
    over = threading.Event()

    def write(number: int) -> None:
        connection = psycopg2.connect(
            host=library.data_dir / "postgres", port=EMBEDDED_PORT, user="library", dbname="library"
        )
        with connection.cursor() as cursor:
            while not over.wait(0.01):
                cursor.execute("UPDATE library_page SET title = md5(random()::text) WHERE id %% 4 = %s", [number])
                connection.commit()
                # Numbers of rows are given outside of any transaction.
                cursor.execute("SELECT nextval(pg_get_serial_sequence('library_page', 'id'))")
                connection.rollback()
        connection.close()

    writers = [threading.Thread(target=write, args=[number]) for number in range(4)]
    for writer in writers:
        writer.start()
    try:
        yield
    finally:
        over.set()
        for writer in writers:
            writer.join()


@pytest.fixture(scope="module")
def second(backed_up: BackedUp) -> Iterator[Second]:
    with new_library(like=backed_up.library.data_dir) as library:
        folder = library.data_dir / "backups"
        newest = folder / backed_up.path.name
        old, recent = copy_from(newest, 40), copy_from(newest, 10)
        of_others = copy_from(newest, 50, "2020-01-01T00:00:00+00:00")
        (folder / "library-notes.tar").write_text("mine")
        (folder / "library-20200101T000000Z.tar").write_text("no backup")
        before = written(folder)
        static = (library.data_dir / "static").rename(library.data_dir / "away")
        untried = library.back_up("--no-drill")
        assert not (library.data_dir / "static").exists()
        static.rename(library.data_dir / "static")
        after_untried = written(folder)

        kill_one(library)
        after_kill = written(folder)
        with library.cursor() as cursor:
            with writers_in(library):
                output = library.succeeds("backup", HTTPS="true", ALLOWED_HOSTS=".example.org")
            cursor.execute("SELECT number FROM library_libraryversion")
            (last,) = cursor.fetchone()
        after = written(folder)
        (new,) = set(after) - set(after_untried)
        yield Second(
            before,
            untried,
            after_untried,
            after_kill,
            after,
            folder / new,
            output,
            old,
            [newest, recent, of_others],
            last,
            (library.data_dir / "drill").exists(),
            postgres_of(library.data_dir),
        )


def kill_one(library: Library) -> None:
    """In the middle of its drill, whose server goes on running."""
    killed = library.start("manage.py", "backup")
    try:
        eventually((library.data_dir / "drill" / "postgres" / "postmaster.pid").exists, every=0.01)
        killed.kill()
    finally:
        killed.close()


def test_an_untried_backup_needs_no_page_and_deletes_nothing(second: Second) -> None:
    """On a machine that has never served the site, pages have no stylesheet to name."""
    assert manifest_of(second.untried)["pages"] == {}
    assert second.after_untried == sorted([*second.before, second.untried.name])


def test_writers_neither_stop_it_nor_tear_it(second: Second) -> None:
    """The proof fails unless the rows and the number of the last edit are of one moment."""
    assert "22 pages are the same" in second.output
    assert 6 < manifest_of(second.path)["edit_number"] < second.last_edit


def test_what_a_killed_one_leaves_is_cleared_away_by_the_next(second: Second) -> None:
    (left,) = set(second.after_kill) - set(second.after_untried)
    assert left.endswith(".tar.part")

    assert left not in second.after
    assert not second.drill_is_left
    assert second.servers_left == []


def test_old_backups_of_this_library_are_deleted_once_the_new_one_is_proven(second: Second) -> None:
    assert "Deleted 1 older backups." in second.output
    assert not second.old.exists()
    assert all(path.exists() for path in second.kept)
    assert second.after == sorted({*second.after_untried, second.path.name} - {second.old.name})
