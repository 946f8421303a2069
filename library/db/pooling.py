"""How processes that serve pages reach the database, directly or by way of PgBouncer or the like (DATABASE_POOL_URL).

In transaction mode a connection belongs to a client for one transaction only: a SET, a session lock or a server-side
cursor would reach somebody else's. So the admin, the scheduler and all commands use the direct way; pages set nothing.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connections

from .circuit_breaker import GuardedConnection, install_wait_callback

POOL, DIRECT = "pool", "direct"


@contextmanager
def direct_connection() -> Iterator[None]:
    """Inside, the default connection of this thread is the direct one. Without a pooler it is that anyway."""
    if DIRECT not in connections:
        yield
        return
    pooled = connections["default"]
    direct = connections[DIRECT]
    direct.alias = "default"  # for all that a query is concerned with, it is the same database
    connections["default"] = direct
    try:
        yield
    finally:
        connections["default"] = pooled


def reader_databases(databases: Mapping[str, Any]) -> dict[str, Any]:
    """What `DATABASES` is in a process that serves pages: a reader waits, so nothing may take long.

    Where there is a pooler, it is the default, and the database behind it is `direct`. What is given stays as it is.
    """
    timeout = settings.READER_STATEMENT_TIMEOUT
    options = {
        "connection_factory": GuardedConnection,
        "tcp_user_timeout": 1000 * timeout,  # the next of several hosts is asked in time
    }
    direct = databases["default"] | {"START_PATIENCE": timeout}
    direct["OPTIONS"] = direct["OPTIONS"] | options | {"options": settings.READER_OPTIONS}
    if POOL not in databases:
        return {"default": direct}
    pooled = databases[POOL] | {"OPTIONS": databases[POOL]["OPTIONS"] | options}
    return {"default": pooled, DIRECT: direct}


def connect_as_reader() -> None:
    """From now on, every connection of this process is a reader's, with a deadline for each answer.

    For what serves pages, before it does.
    """
    for connection in connections.all(initialized_only=True):  # of a process that has prepared the site before
        connection.close()
        del connections[connection.alias]
    connections.settings = connections.configure_settings(reader_databases(settings.DATABASES))
    install_wait_callback()
