"""Rows in and out of a database: the dump of one, and a new one made of it."""

import contextlib
import re
import threading
from collections.abc import Iterator
from typing import Any

import psycopg2  # type: ignore[import-untyped]
from django.db import DatabaseError, InterfaceError
from psycopg2 import errors, sql

from library.maintenance.archive import Archive, ArchiveWriter
from library.maintenance.errors import MaintenanceError
from library.maintenance.fingerprint import fingerprint_of
from library.maintenance.manifest import WITHOUT_ROWS, Locale, edit_number_of
from library.maintenance.server import Client, Running, Server

_DUMP = ["--format=custom", "--schema=public", "--no-owner", "--no-privileges", "--lock-wait-timeout=5000"]
# With a schema named, what is in it is restored and not the schema itself, which every database has already.
_RESTORE = ["--format=custom", "--schema=public", "--no-owner", "--no-privileges"]
_ROWS = ["--section=data", "--section=post-data", "--exit-on-error"]
_RUN_SCRIPT = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--set=VERBOSITY=terse", "--file=-"]
_VERSION_OF_COLUMN = re.compile(rb"(?<=SET \()pg_attver=\d+(, )?|, pg_attver=\d+(?=[,)])")
_EMPTY_OPTIONS = re.compile(rb"^ALTER .* SET \(\);\n", re.MULTILINE)
_FULL = "The disk that holds the database is full: free up space, then try again."
_PROVIDERS = {"c": "libc", "i": "icu", "b": "builtin"}


def dump(server: Server, database: str, snapshot: str, writer: ArchiveWriter) -> None:
    """Write what a snapshot of a database holds into the file of a backup. Raises MaintenanceError or OSError."""
    options = [*_DUMP, f"--snapshot={snapshot}"]
    options += [f"--exclude-table-data=public.{table}" for table in sorted(WITHOUT_ROWS)]
    with server.client().running("pg_dump", *options, on=(server, database)) as running:
        writer.add_dump(running.output)
        if reason := running.failure():
            raise MaintenanceError(f"The database can't be copied: {reason}.")


def restore_into(server: Server, database: str, archive: Archive) -> None:
    """Fill an empty database. Raises MaintenanceError when it can't be done, or when what arrives isn't what left."""
    client, on = server.client(archive.manifest.client), (server, database)
    with client.running("psql", *_RUN_SCRIPT, on=on) as running:
        running.reads([_definitions(client, archive)])
        _raise_for(running, archive)
    with client.running("pg_restore", *_RESTORE, *_ROWS, on=on) as running:
        running.reads(archive.dump())
        _raise_for(running, archive)
    expected, what = archive.manifest, f"{archive.path} can't be restored"
    with plainly(what), server.connect(database) as connection, connection.cursor() as cursor:
        difference = expected.fingerprint.difference(fingerprint_of(cursor))
        if not difference and edit_number_of(cursor) != expected.edit_number:
            difference = "the number of the last edit"
        if difference:
            raise MaintenanceError(
                f"What was restored from {archive.path} isn't what was backed up: {difference} differs."
            )
        cursor.execute("VACUUM ANALYZE")


def _definitions(client: Client, archive: Archive) -> bytes:
    """The script that makes tables and functions, without the versions of columns.

    PostgreSQL since November 2026 (15.20) keeps one among each column's options. Clients from before dump it as if
    someone had set it, and servers from before refuse it.
    """
    with client.running("pg_restore", *_RESTORE, "--section=pre-data", "--file=-") as running:
        feeder = threading.Thread(target=running.reads, args=[archive.dump()])
        feeder.start()
        script = running.output.read()
        feeder.join()
        _raise_for(running, archive)
    return _EMPTY_OPTIONS.sub(b"", _VERSION_OF_COLUMN.sub(b"", script))


def _raise_for(running: Running, archive: Archive) -> None:
    reason = running.failure()
    if "No space left on device" in reason:
        raise MaintenanceError(_FULL)
    if reason:
        raise MaintenanceError(f"{archive.path} can't be restored: {reason}.")


def make_database(cursor: Any, name: str, locale: Locale) -> None:
    """An empty database that sorts as another one. Raises psycopg2.Error."""
    options = [
        sql.SQL("LOCALE_PROVIDER {}").format(sql.Identifier(_PROVIDERS[locale.provider])),
        sql.SQL("LC_COLLATE {}").format(sql.Literal(locale.collate)),
        sql.SQL("LC_CTYPE {}").format(sql.Literal(locale.ctype)),
    ]
    if locale.provider == "i":
        options.append(sql.SQL("ICU_LOCALE {}").format(sql.Literal(locale.name)))
    if locale.provider == "b":
        options.append(sql.SQL("BUILTIN_LOCALE {}").format(sql.Literal(locale.name)))
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' ")
    cursor.execute(statement.format(sql.Identifier(name)) + sql.SQL(" ").join(options))


def drop_database(cursor: Any, name: str) -> None:
    cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


@contextlib.contextmanager
def plainly(what: str) -> Iterator[None]:
    """Say in one sentence what the database refused."""
    try:
        yield
    except errors.InsufficientPrivilege as error:
        raise MaintenanceError(
            f"{what}: the database role isn't allowed to. Have a superuser run ALTER ROLE … CREATEDB, then try again."
        ) from error
    except errors.DiskFull as error:
        raise MaintenanceError(_FULL) from error
    except (psycopg2.Error, DatabaseError, InterfaceError) as error:
        reason = (str(error).strip().splitlines() or ["it gave no reason"])[0]
        raise MaintenanceError(f"{what}: {reason.rstrip('.')}.") from error
