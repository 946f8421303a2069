"""Two ways to the database where a pooler such as PgBouncer serves readers' pages (DATABASE_POOL_URL).

In transaction mode a connection belongs to a client for one transaction only: a SET, a session lock or a server-side
cursor would reach somebody else's. So the desk, the clock and all commands use the direct way; pages set nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections

POOL, DIRECT = "pool", "direct"


@contextmanager
def direct_connection() -> Iterator[None]:
    """Inside, the default connection of this thread is the direct one. Without a pooler it is that anyway."""
    if DIRECT not in settings.DATABASES:
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


def read_through_pool() -> None:
    """In a process that serves pages: the default connection is the pooled one, if there is a pooler."""
    if POOL in settings.DATABASES:
        settings.DATABASES[DIRECT] = settings.DATABASES["default"]
        settings.DATABASES["default"] = settings.DATABASES.pop(POOL)
