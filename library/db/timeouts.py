"""How long a statement may take: what the server is told, and how long this side then waits for an answer.

What a connection begins with is `READER_OPTIONS` or `COMMAND_OPTIONS` of the settings. The server ends a statement on
time only while it runs and can be reached, so in processes that serve pages `circuit_breaker` ends the waiting too.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

SLACK = 1.0  # seconds in which an answer, or the error of a statement that took too long, has to arrive

_this_thread = threading.local()


@contextmanager
def statement_timeout(seconds: float) -> Iterator[None]:
    """Statements inside may take this long, on the connection of this thread; 0 is no limit.

    Locks get the same limit: that of a statement does not bound what the end of a transaction waits for.
    """
    _set_both(f"'{seconds * 1000:.0f}ms'")
    before = dict(vars(_this_thread))
    _this_thread.answer_limit = seconds + SLACK if seconds else None
    try:
        yield
    finally:
        vars(_this_thread).clear()
        vars(_this_thread).update(before)
        try:
            _set_both("DEFAULT")
        except (OperationalError, InterfaceError):
            connection.close()  # what was done inside is done


def local_statement_timeout(limit: str) -> None:
    """Let statements take `limit`, as "30min" ("0" is none), until the end of the transaction.

    For jobs: this side waits no longer for it than before.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout TO %s", [limit])


def answer_limit() -> float | None:
    """Seconds that this thread waits for an answer where a deadline is kept at all; a reader's until it is changed."""
    limit: float | None = getattr(_this_thread, "answer_limit", settings.READER_STATEMENT_TIMEOUT + SLACK)
    return limit


def wait_without_limit() -> None:
    """Let this thread wait for answers as long as they take, because nobody waits for it."""
    _this_thread.answer_limit = None


def _set_both(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET statement_timeout TO {value}; SET lock_timeout TO {value}")
