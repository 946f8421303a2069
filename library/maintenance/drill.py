"""The proof of a backup: it's restored into a throw-away database server, and looked at there.

Everything happens in `DATA_DIR/drill`, which a later drill clears away should this one be killed.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg2  # type: ignore[import-untyped]
from django.conf import settings

from config.embedded_postgres.cluster import ROLE
from config.embedded_postgres.programs import VERSION, ServerUnavailable
from config.embedded_postgres.server import EMBEDDED_PORT, PrivateServer
from library.maintenance.archive import Archive, sentence_of
from library.maintenance.errors import MaintenanceError
from library.maintenance.moving import make_database, plainly, restore_into
from library.maintenance.server import Server

_DATABASE = "library"  # what the site's own code looks for there
_PAGES_PATIENCE = 300.0  # seconds


@dataclass(frozen=True)
class DrillResult:
    """How much was found the same. No pages were compared where the throw-away server sorts in another way."""

    tables: int
    rows: int
    pages: int


def prove(archive: Archive) -> DrillResult:
    """Restore it and compare all rows, and the pages. Raises MaintenanceError when anything differs."""
    with throw_away_server(Path(settings.DATA_DIR) / "drill") as server:
        sorts_alike = _make_database(server, archive)
        restore_into(server, _DATABASE, archive)
        pages = archive.manifest.pages if sorts_alike else {}
        if pages:
            _compare_pages(archive, _pages_there(list(pages), archive.manifest.made_at))
    fingerprint = archive.manifest.fingerprint
    return DrillResult(len(fingerprint.tables), fingerprint.rows, len(pages))


@contextlib.contextmanager
def throw_away_server(folder: Path) -> Iterator[Server]:
    """An empty server of our own, gone at the end, with all its files."""
    private = PrivateServer(folder, durable=False)
    try:
        _clear(private)
        folder.mkdir(mode=0o700, parents=True)
        socket = private.use()
        yield Server({"host": str(socket), "port": str(EMBEDDED_PORT), "user": ROLE}, "", int(VERSION), needs_tls=False)
    except ServerUnavailable as error:
        raise MaintenanceError(f"The backup can't be tried: {error}") from error
    except OSError as error:
        raise sentence_of(error, folder) from error
    finally:
        with contextlib.suppress(ServerUnavailable, OSError):
            private.leave()
            _clear(private)


def _clear(private: PrivateServer) -> None:
    """Stop what a killed drill left running, and remove its files."""
    if private.data_dir.exists():
        private.stop()
        shutil.rmtree(private.data_dir)


def _make_database(server: Server, archive: Archive) -> bool:
    """Make the empty database; whether it sorts as the one that was backed up."""
    with server.connect("postgres") as connection, connection.cursor() as cursor:
        try:
            make_database(cursor, _DATABASE, archive.manifest.locale)
        except psycopg2.Error:  # a locale that this machine doesn't have
            with plainly("The backup can't be tried"):
                cursor.execute(f"CREATE DATABASE {_DATABASE}")
            return False
    return True


def _pages_there(paths: list[str], moment: str) -> dict[str, str]:
    """What the site's own code answers in a process of its own, with the throw-away server as its database."""
    folder = Path(settings.DATA_DIR) / "drill"
    (folder / "static").symlink_to(settings.STATIC_ROOT, target_is_directory=True)
    environment = os.environ | {
        "DATA_DIR": str(folder),
        "DURABLE": "false",
        "DATABASE_URL": "",
        "DATABASE_POOL_URL": "",
    }
    try:
        finished = _hash_pages(paths, moment, environment)
    except subprocess.TimeoutExpired as error:
        raise MaintenanceError(f"The site didn't answer {len(paths)} pages of the restored backup in time.") from error
    if finished.returncode:
        reason = (finished.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        raise MaintenanceError(f"The site doesn't start with the restored backup: {reason}.")
    answered: dict[str, str] = json.loads(finished.stdout)
    return answered


def _hash_pages(paths: list[str], moment: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "library.maintenance.pages"],
        input=json.dumps({"paths": paths, "moment": moment}),
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=_PAGES_PATIENCE,
        check=False,
    )


def _compare_pages(archive: Archive, actual: dict[str, str]) -> None:
    for path, expected in archive.manifest.pages.items():
        if actual.get(path) != expected:
            raise MaintenanceError(f"The page {path} isn't the same when {archive.path} is restored.")
