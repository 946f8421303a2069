"""Whether the site can use its database: for each reason why not, one sentence with what to do.

The sentences quote the server, which names hosts, roles and databases, and no password.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError, NotSupportedError, OperationalError, connection, connections

from library.db.pooling import POOL

CONNECT_PATIENCE = 30.0  # seconds for a database that is started at the same moment as the site
OLDEST = 15

# What ends by itself, in the words of libpq and of the server: a failed connection has no error code.
_NOT_UP_YET = re.compile(
    "Connection refused|No such file or directory|timeout expired|starting up|shutting down|recovery mode"
    "|not yet accepting|not accepting|closed the connection unexpectedly|Connection reset|could not translate host name"
    "|No route to host|Network is unreachable|too many clients|connection slots"
)
_POOLED = (
    "DATABASE_URL points to a connection pooler, which drops the site's time limits. Point it to PostgreSQL itself, "
    "and DATABASE_POOL_URL to the pooler: see “Use your own PostgreSQL” in docs/operating.md."
)
_UNLIMITED = (
    "Statements that go through DATABASE_POOL_URL have no time limit. Let the pooler connect with the role that "
    "`manage.py database_roles` prints: see “Use your own PostgreSQL” in docs/operating.md."
)
_INSUFFICIENT_PRIVILEGE = "42501"


def wait_for_database(patience: float = CONNECT_PATIENCE, way: Any = connection) -> None:
    """Return once it answers. Raises CommandError after so many seconds, and at once where waiting changes nothing."""
    deadline = time.monotonic() + patience
    while True:
        try:
            way.ensure_connection()
            return
        except NotSupportedError as error:
            raise CommandError(f"{error}: the library needs PostgreSQL {OLDEST} or newer.") from error
        except OperationalError as error:
            if isinstance(error, CommandError):
                raise
            reason = _reason_in(str(error))
            if reason.startswith("unsupported startup parameter"):
                raise CommandError(_POOLED) from error
            if not _NOT_UP_YET.search(reason):
                raise CommandError(f"The database refuses the connection: {reason}. {_advice(reason)}") from error
            if time.monotonic() > deadline:
                raise CommandError(
                    f"The database doesn't answer: {reason}. Start it, or correct DATABASE_URL."
                ) from error
            time.sleep(0.5)


def refuse_unfit_database() -> None:
    """Raise CommandError for a server that is too old, and for a database that cannot hold every letter."""
    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000, current_setting('server_encoding')")
        version, encoding = cursor.fetchone()
    if version < OLDEST:
        raise CommandError(f"The library needs PostgreSQL {OLDEST} or newer: this server is PostgreSQL {version}.")
    if encoding != "UTF8":
        raise CommandError(
            f"The database “{name}” has the encoding {encoding}, but the library needs UTF8: create another, as in "
            "CREATE DATABASE library ENCODING 'UTF8' TEMPLATE template0, and name it in DATABASE_URL."
        )


def refuse_missing_limits() -> None:
    """Raise CommandError where a statement could go on forever: poolers drop the limits that are sent to them."""
    if _statement_timeout_of(connection) != 1000 * settings.COMMAND_STATEMENT_TIMEOUT:
        raise CommandError(_POOLED)
    if POOL in settings.DATABASES and not _statement_timeout_of(connections[POOL]):
        raise CommandError(_UNLIMITED)


def _statement_timeout_of(way: Any) -> int:
    """In milliseconds; 0 is none."""
    with way.cursor() as cursor:
        cursor.execute("SELECT setting::bigint FROM pg_settings WHERE name = 'statement_timeout'")
        return int(cursor.fetchone()[0])


@contextmanager
def missing_rights_refused() -> Iterator[None]:
    """Raise CommandError where the role may not do what is done inside."""
    try:
        yield
    except DatabaseError as error:
        cause: BaseException | None = error
        while cause is not None and getattr(cause, "pgcode", None) != _INSUFFICIENT_PRIVILEGE:
            cause = cause.__cause__ or cause.__context__
        if cause is None:
            raise
        info = connection.connection.info
        raise CommandError(
            f"The database role “{info.user}” lacks a right that the site needs ({_reason_in(str(cause))}). Let it own "
            f'the database and the tables in it, as in ALTER DATABASE "{info.dbname}" OWNER TO "{info.user}".'
        ) from error


def _reason_in(text: str) -> str:
    """The line that says most: of several addresses of a host, the one where a server has answered."""
    lines = [line.strip() for line in text.splitlines() if line.strip()] or ["it gives no reason"]
    answered = [line for line in lines if "FATAL:" in line]
    final = [line for line in answered if not _NOT_UP_YET.search(line)]
    return re.sub(r"^.*?(FATAL|ERROR): *", "", (final or answered or lines)[0]).rstrip(".")


def _advice(reason: str) -> str:
    if "password" in reason:
        return "Correct the name and the password in DATABASE_URL."
    if reason.startswith("database ") and reason.endswith("does not exist"):
        return "Create it, or correct its name in DATABASE_URL."
    return "Correct DATABASE_URL, or what the server allows."
