"""A backup put in the place of the database: made anew, verified and migrated first, and then swapped by its name.

Nothing is ever restored into a database that has rows. The old one stays beside the new one, under another name.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg2  # type: ignore[import-untyped]
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, connections
from django.utils import timezone
from psycopg2 import errors, sql

from library.db.locks import Lock, try_named_lock
from library.db.timeouts import statement_timeout
from library.maintenance.archive import Archive, open_archive
from library.maintenance.errors import MaintenanceError
from library.maintenance.manifest import (
    LAST_WITH_ALL_MIGRATIONS,
    Manifest,
    edit_number_of,
    locale_of,
    missing_migrations,
    secret_key_mark,
    unknown_migrations,
)
from library.maintenance.moving import drop_database, make_database, plainly, restore_into
from library.maintenance.server import Server

_OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = %s AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""


@dataclass(frozen=True)
class RestoreResult:
    """`former_name` is the name of the database that was there before; "" where it had no tables."""

    path: Path
    manifest: Manifest
    former_name: str


def restore_backup(path: Path) -> RestoreResult:
    """Put a backup in the place of the database. Raises MaintenanceError; the database is what it was then."""
    archive = open_archive(path)
    server = Server.behind(connection)
    database = str(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        has_tables = bool(connection.introspection.table_names(cursor))
    connection.close()  # a database that is in use can't be renamed
    _refuse_unfit(archive, server)
    with (
        server.connect("postgres") as own,
        own.cursor() as cursor,
        _exclusive(cursor, database),
        _new_database(cursor, database) as new,
    ):
        restore_into(server, new, archive)
        _migrate(new)
        _go_on_counting(server, database, new)
        former_name = _swap(cursor, database, new, has_tables)
    return RestoreResult(path, archive.manifest, former_name)


def _refuse_unfit(archive: Archive, server: Server) -> None:
    manifest = archive.manifest
    if unknown := unknown_migrations(manifest.migrations):
        raise MaintenanceError(
            f"This backup was made by a newer version of the library, which has {unknown[-1]}: "
            "update this one first, then restore."
        )
    if missing := missing_migrations(manifest.migrations):
        raise MaintenanceError(
            f"This backup was made by a version of the library before {missing[-1]}, which this one can't upgrade: "
            f"restore it with the version {LAST_WITH_ALL_MIGRATIONS}, and start that one once."
        )
    if server.client(manifest.client).major < manifest.client:
        raise MaintenanceError(
            f"This backup was made from PostgreSQL {manifest.server}, and the database here is "
            f"PostgreSQL {server.major}, which can't read it: use PostgreSQL {manifest.server} or newer."
        )


@contextlib.contextmanager
def _exclusive(cursor: Any, database: str) -> Iterator[None]:
    """The only restore of that database, which nobody uses."""
    if not try_named_lock(cursor, Lock.RESTORE, database):
        raise MaintenanceError("Another restore is running: wait until it's done.")
    cursor.execute(_OTHERS, [database])
    if cursor.fetchone()[0]:
        raise _in_use()
    yield


@contextlib.contextmanager
def _new_database(cursor: Any, database: str) -> Iterator[str]:
    """An empty database that sorts as the one it will replace; gone at the end if it still has its first name."""
    new = f"{database[:40]}_restoring"
    with plainly("A new database can't be made"):
        drop_database(cursor, new)  # of a restore that was killed
        make_database(cursor, new, locale_of(cursor, database))
    try:
        yield new
    finally:
        with contextlib.suppress(psycopg2.Error):  # a server that has died: the next restore removes it
            drop_database(cursor, new)


def _migrate(database: str) -> None:
    """Bring the restored rows to what this code expects. Whatever this thread asks for meanwhile, it asks there."""
    own = connections["default"]
    new = own.copy()
    new.settings_dict["NAME"] = database
    connections["default"] = new
    try:
        with statement_timeout(0):
            call_command("migrate", interactive=False, verbosity=0)
    except (CommandError, DatabaseError) as error:
        raise MaintenanceError(f"The restored database can't be brought up to date: {error}".strip()) from error
    finally:
        new.close()
        connections["default"] = own


def _go_on_counting(server: Server, old: str, new: str) -> None:
    """Give the next edit a number that none has had: pages that a process kept from before must not pass for new."""
    with plainly("The new database can't be finished"):
        with server.connect(old) as connection, connection.cursor() as cursor:
            number = edit_number_of(cursor)
        with server.connect(new) as connection, connection.cursor() as cursor:
            cursor.execute("UPDATE library_libraryversion SET number = greatest(number, %s) + 1", [number])


def _swap(cursor: Any, database: str, new: str, has_tables: bool) -> str:
    """Give the new database the name, in one step; the name of the old one now, "" where it was empty and is gone."""
    former_name = f"{database[:40]}_before_{timezone.now():%Y%m%dT%H%M%SZ}"
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    try:
        with plainly("The new database can't take the place of the old one"):
            cursor.execute("BEGIN")
            cursor.execute(rename.format(sql.Identifier(database), sql.Identifier(former_name)))
            cursor.execute(rename.format(sql.Identifier(new), sql.Identifier(database)))
            cursor.execute("COMMIT")
    except MaintenanceError as error:
        cursor.execute("ROLLBACK")
        raise (_in_use() if isinstance(error.__cause__, errors.ObjectInUse) else error) from error
    if has_tables:
        return former_name
    drop_database(cursor, former_name)
    return ""


def _in_use() -> MaintenanceError:
    return MaintenanceError(
        "The database is in use: stop the site, its other commands and PgBouncer, then restore again."
    )


def describe_restore(result: RestoreResult) -> Iterator[str]:
    """What came of it, and what isn't there, in lines for a person."""
    manifest = result.manifest
    made = datetime.fromisoformat(manifest.made_at).strftime("%Y-%m-%d %H:%M UTC")
    yield f"Restored the backup of {made}: {manifest.fingerprint.rows:,} rows, up to edit {manifest.edit_number}."
    if result.former_name:
        yield f"The database from before is kept as “{result.former_name}”. Once you don't need it, remove it:"
        yield f"    manage.py dbshell -- -c 'DROP DATABASE \"{result.former_name}\"'"
    yield "Sessions aren't in a backup: everyone signs in again."
    if secret_key_mark(manifest.identity) != manifest.secret_key:
        yield "The secret key isn't in a backup either, and the one here is different: put the old one back, as"
        yield "SECRET_KEY or secret_key in DATA_DIR. Without it, apps and recovery codes for the second step don't"
        yield "work, nor do links to previews that were handed out."
