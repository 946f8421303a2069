"""Rows in and out of a database: the dump of one, and a new one made of it."""

import contextlib
from collections.abc import Iterator
from typing import Any

import psycopg2  # type: ignore[import-untyped]
from django.db import DatabaseError, InterfaceError
from psycopg2 import errors, sql

from library.maintenance.archive import Archive, ArchiveWriter
from library.maintenance.errors import MaintenanceError
from library.maintenance.fingerprint import fingerprint_of
from library.maintenance.manifest import WITHOUT_ROWS, Locale, edit_number_of
from library.maintenance.server import Server

_DUMP = ["--format=custom", "--schema=public", "--no-owner", "--no-privileges", "--lock-wait-timeout=5000"]
# With a schema named, what is in it is restored and not the schema itself, which every database has already.
_RESTORE = ["--format=custom", "--schema=public", "--exit-on-error", "--no-owner", "--no-privileges"]
_PROVIDERS = {"c": "libc", "i": "icu", "b": "builtin"}


def dump(server: Server, database: str, snapshot: str, writer: ArchiveWriter) -> None:
    """Write what a snapshot of a database holds into the file of a backup. Raises MaintenanceError or OSError."""
    options = [*_DUMP, f"--snapshot={snapshot}"]
    options += [f"--exclude-table-data=public.{table}" for table in sorted(WITHOUT_ROWS)]
    with server.client().running("pg_dump", server, database, options) as running:
        writer.add_dump(running.output)
        if reason := running.failure():
            raise MaintenanceError(f"The database can't be copied: {reason}.")


def restore_into(server: Server, database: str, archive: Archive) -> None:
    """Fill an empty database. Raises MaintenanceError when it can't be done, or when what arrives isn't what left."""
    with server.client().running("pg_restore", server, database, _RESTORE) as running:
        running.reads(archive.dump())
        if reason := running.failure():
            raise MaintenanceError(f"{archive.path} can't be restored: {reason}.")
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
    except (psycopg2.Error, DatabaseError, InterfaceError) as error:
        reason = (str(error).strip().splitlines() or ["it gave no reason"])[0]
        raise MaintenanceError(f"{what}: {reason.rstrip('.')}.") from error
