"""A backup: one file with everything that can't be made again, and a proof that it can be restored."""

import contextlib
import fcntl
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from library.db.locks import Lock, try_session_lock
from library.maintenance.archive import ArchiveWriter, manifest_in, open_archive, sentence_of
from library.maintenance.drill import DrillResult, prove
from library.maintenance.errors import MaintenanceError
from library.maintenance.fingerprint import fingerprint_of
from library.maintenance.manifest import (
    WITHOUT_ROWS,
    Manifest,
    edit_number_of,
    identity_of,
    is_up_to_date,
    locale_of,
    migrations_in,
    secret_key_mark,
)
from library.maintenance.moving import dump, plainly
from library.maintenance.pages import hashes_of
from library.maintenance.server import Server
from library.models import Resource, Section

_NAME = "library-%Y%m%dT%H%M%SZ.tar"
_PAGES = 22


@dataclass(frozen=True)
class BackupResult:
    """`drill` is None where the backup wasn't tried; then nothing was deleted either."""

    path: Path
    size: int
    rows: int
    edit_number: int
    drill: DrillResult | None
    deleted: list[Path]


def default_folder() -> Path:
    return Path(settings.DATA_DIR) / "backups"


def back_up(folder: Path, *, keep_days: int | None = None, drill: bool = True) -> BackupResult:
    """Write a backup into a folder, prove it, and then delete those of this library that are older than `keep_days`.

    Raises MaintenanceError; nothing has changed then. A file has its name only when it's whole, and proven.
    """
    server, database = Server.behind(connection), str(connection.settings_dict["NAME"])
    with _exclusive(), _new_file(folder) as (file, unfinished):
        now = timezone.now()
        path = folder / now.strftime(_NAME)
        manifest = _write(server, database, file, now, drill)
        proof = prove(open_archive(unfinished)) if drill else None
        _give_name(unfinished, path)
    deleted = _delete_old(path, manifest, keep_days) if drill and keep_days else []
    return BackupResult(path, path.stat().st_size, manifest.fingerprint.rows, manifest.edit_number, proof, deleted)


def _write(server: Server, database: str, file: IO[bytes], now: datetime, drill: bool) -> Manifest:
    client = server.client()
    writer = ArchiveWriter(file)
    with server.connect(database) as own, own.cursor() as cursor, plainly("The database can't be copied"):
        # What is counted is what is copied, whoever writes meanwhile.
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        identity = identity_of(cursor)
        manifest = Manifest(
            made_at=now.isoformat(),
            identity=identity,
            secret_key=secret_key_mark(identity),
            server=server.major,
            client=client.major,
            locale=locale_of(cursor, database),
            migrations=migrations_in(cursor),
            edit_number=edit_number_of(cursor),
            # Before the dump, which then has no sequence with a smaller number.
            fingerprint=fingerprint_of(cursor, WITHOUT_ROWS),
            pages=_pages_of(snapshot, now) if drill else {},
        )
        dump(server, database, snapshot, writer)
    writer.finish(manifest)
    return manifest


def _pages_of(snapshot: str, now: datetime) -> dict[str, str]:
    """Pages of that very snapshot; none where this code is for another version of the database."""
    if not is_up_to_date(connection):
        return {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET TRANSACTION SNAPSHOT %s", [snapshot])
        return hashes_of(_paths(now), now)


def _paths(now: datetime) -> list[str]:
    """The library page, the help lines, and 20 others: texts, sections, and resources of all ages."""
    fixed = [reverse(name) for name in ("library", "help", "about", "privacy", "resource-list")]
    anchors = Section.objects.published().order_by("pk").values_list("anchor", flat=True)[:7]
    sections = [reverse("section", args=[anchor]) for anchor in anchors]
    wanted = _PAGES - len(fixed) - len(sections)
    ids = list(Resource.objects.published(now).order_by("pk").values_list("pk", flat=True))
    spread = ids[:: max(1, -(-len(ids) // wanted))]
    slugs = Resource.objects.filter(pk__in=spread).order_by("pk").values_list("slug", flat=True)
    return [*fixed, *sections, *(reverse("resource", args=[slug]) for slug in slugs)]


@contextlib.contextmanager
def _exclusive() -> Iterator[None]:
    with try_session_lock(Lock.BACKUP) as is_mine:
        if not is_mine:
            raise MaintenanceError("Another backup of this library is running: wait until it's done.")
        yield


@contextlib.contextmanager
def _new_file(folder: Path) -> Iterator[tuple[IO[bytes], Path]]:
    """A file without its name yet, readable by its owner alone; gone at the end if it still hasn't got one.

    Those that killed backups left are removed. One that is being written, of another library, is locked.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in folder.glob("library-*.tar.part"):
            with left.open("rb") as old:
                if _lock(old):
                    left.unlink()
        unfinished = folder / f"library-{timezone.now():%Y%m%dT%H%M%S%fZ}.tar.part"
        descriptor = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise sentence_of(error, folder) from error
    try:
        with os.fdopen(descriptor, "w+b") as file:
            _lock(file)
            yield file, unfinished
    except OSError as error:
        raise sentence_of(error, folder) from error
    finally:
        unfinished.unlink(missing_ok=True)


def _lock(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _give_name(unfinished: Path, path: Path) -> None:
    """In one step that the disk remembers. Of two libraries that share a folder, the second finds the name taken."""
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if path.exists():
            raise MaintenanceError(f"Another library made a backup in the same second: {path}. Start yours again.")
        unfinished.rename(path)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _delete_old(newest: Path, manifest: Manifest, keep_days: int) -> list[Path]:
    """Delete backups of this library that are too old. Other files are left alone, and those of other libraries."""
    deleted = []
    limit = datetime.fromisoformat(manifest.made_at) - timedelta(days=keep_days)
    for path in sorted(newest.parent.glob("library-*.tar")):
        if path == newest or not re.fullmatch(r"library-\d{8}T\d{6}Z\.tar", path.name):
            continue
        other = manifest_in(path)
        if other and other.identity == manifest.identity and datetime.fromisoformat(other.made_at) < limit:
            path.unlink()
            deleted.append(path)
    return deleted


def describe_backup(result: BackupResult) -> Iterator[str]:
    """What came of it, in lines for a person."""
    yield f"Backed up {result.rows:,} rows, up to edit {result.edit_number}: {result.path} ({result.size:,} bytes)."
    if result.drill is None:
        yield "It wasn't tried (--no-drill), so no older backup was deleted."
        return
    drill = result.drill
    pages = f" and {drill.pages} pages" if drill.pages else ""
    yield f"Restored it to try it: {drill.tables} tables{pages} are the same."
    if result.deleted:
        yield f"Deleted {len(result.deleted)} older backups."


def as_folder(given: Any) -> Path:
    return Path(given).expanduser().absolute() if given else default_folder()
