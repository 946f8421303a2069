"""`manage.py backup`: what is in the file, what proves it, and what is left when it can't be made."""

import shutil
import stat
import subprocess
import tarfile
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import psycopg2
import pytest

from config.embedded_postgres.server import EMBEDDED_PORT
from library.db.locks import Lock
from library.maintenance.archive import ArchiveWriter, manifest_in
from library.maintenance.backup import _give_name
from library.maintenance.errors import MaintenanceError
from tests.maintenance.conftest import BackedUp, Library, contents_of, manifest_of, sha256sum_agrees
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
    for name in ("django_session", "library_attempt", "library_formmark"):
        assert tables[name][0] == 0
        assert f"TABLE public {name} " in contents
        assert f"TABLE DATA public {name} " not in contents


def test_writers_neither_stop_it_nor_tear_it(library: Library) -> None:
    """The proof fails unless the rows and the number of the last edit are of one moment."""
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

    with library.cursor() as cursor:
        writers = [threading.Thread(target=write, args=[number]) for number in range(4)]
        for writer in writers:
            writer.start()
        try:
            output = library.succeeds("backup")
        finally:
            over.set()
            for writer in writers:
                writer.join()
        cursor.execute("SELECT number FROM library_libraryversion")
        (last,) = cursor.fetchone()

    assert "are the same" in output
    (path,) = (library.data_dir / "backups").iterdir()
    assert 6 < manifest_of(path)["edit_number"] < last


def test_an_untried_backup_needs_no_page(library: Library, tmp_path: Path) -> None:
    """On a machine that has never served the site, pages have no stylesheet to name."""
    shutil.rmtree(library.data_dir / "static")

    path = library.back_up(str(tmp_path), "--no-drill")

    assert manifest_of(path)["pages"] == {}
    assert not (library.data_dir / "static").exists()


def test_the_backup_of_another_library_is_never_replaced(tmp_path: Path) -> None:
    theirs, ours = tmp_path / "library-20260101T020000Z.tar", tmp_path / "ours.tar.part"
    theirs.write_text("theirs")
    ours.write_text("ours")

    with pytest.raises(MaintenanceError, match="in this very second"):
        _give_name(ours, theirs)

    assert theirs.read_text() == "theirs"


def test_two_at_once_are_one_and_a_sentence(library: Library, tmp_path: Path) -> None:
    with library.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [Lock.BACKUP.value])

        sentence = library.refuses("backup", str(tmp_path), "--no-drill")

    assert sentence == "Another backup of this library is being made: wait until it has ended."
    assert written(tmp_path) == []


def test_what_a_killed_one_leaves_is_cleared_away_by_the_next(library: Library) -> None:
    killed = library.start("manage.py", "backup")
    try:
        eventually((library.data_dir / "drill" / "postgres" / "postmaster.pid").exists, every=0.01)
        killed.kill()
    finally:
        killed.close()
    (left,) = written(library.data_dir / "backups")
    assert left.endswith(".tar.part")

    path = library.back_up()

    assert written(library.data_dir / "backups") == [path.name]
    assert not (library.data_dir / "drill").exists()
    assert postgres_of(library.data_dir) == []


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

    assert sentence == f"The disk that holds {tmp_path} is full: make room, then try again."
    assert left == []


def test_a_folder_that_cannot_be_written_is_one_sentence(library: Library, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    sentence = library.refuses("backup", str(tmp_path / "file" / "folder"), "--no-drill")

    assert sentence == f"Can't write to {tmp_path}/file/folder: Not a directory."


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


def test_old_backups_of_this_library_are_deleted_once_the_new_one_is_proven(
    backed_up: BackedUp, library: Library, tmp_path: Path
) -> None:
    newest = tmp_path / backed_up.path.name
    shutil.copy(backed_up.path, newest)
    old, recent = copy_from(newest, 40), copy_from(newest, 10)
    of_others = copy_from(newest, 50, "2020-01-01T00:00:00+00:00")
    (tmp_path / "library-notes.tar").write_text("mine")
    (tmp_path / "library-20200101T000000Z.tar").write_text("no backup")
    before = written(tmp_path)

    untried = library.back_up(str(tmp_path), "--no-drill")
    assert written(tmp_path) == sorted([*before, untried.name])
    output = library.succeeds("backup", str(tmp_path), HTTPS="true", ALLOWED_HOSTS=".example.org")

    assert "22 pages are the same" in output
    assert "Deleted 1 older backups." in output
    assert not old.exists()
    assert recent.exists()
    assert of_others.exists()
    assert len(written(tmp_path)) == len(before) + 1
