"""A deadline for every answer of the database, for processes that serve pages, and a circuit breaker behind it.

A database whose machine has vanished, or that is stopped, says nothing at all: libpq would wait for ever, with a thread
of the site each time. Here the wait ends (`timeouts.answer_limit`). After that the whole process takes the database
for away: everything fails at once, but for one attempt each second, until something is answered again.
"""

import select
import threading
import time
from typing import Any

import psycopg2  # type: ignore[import-untyped]
from psycopg2.extensions import (  # type: ignore[import-untyped]
    POLL_OK,
    POLL_READ,
    connection,
    set_wait_callback,
)

from .timeouts import answer_limit

COOL_DOWN = 1.0  # seconds without an attempt, after one that failed
SLOW = 1.0  # seconds, after which an error means that the network gave up, not that the server refused


class NoAnswer(psycopg2.OperationalError):  # type: ignore[misc]
    """The database did not answer in time, or was not asked because it did not answer a moment ago."""


class CircuitBreaker:
    """Whether the database may be asked. One for all threads of a process."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._retry_at: float | None = None  # None while the database answers
        self._trying: int | None = None  # the thread that makes the one attempt

    def admit(self, limit: float | None) -> None:
        """Return if the database may be asked, for `limit` seconds; raise NoAnswer while it is away."""
        if self._retry_at is None:
            return
        with self._guard:
            now, me = time.monotonic(), threading.get_ident()
            if self._retry_at is None or self._trying == me:
                return
            if now < self._retry_at:
                raise NoAnswer("The database did not answer a moment ago.")
            self._retry_at, self._trying = now + (limit or 0) + COOL_DOWN, me

    def open(self) -> None:
        """Take the database for away."""
        with self._guard:
            self._retry_at, self._trying = time.monotonic() + COOL_DOWN, None

    def close(self) -> None:
        """Take the database for there."""
        if self._retry_at is not None:
            with self._guard:
                self._retry_at = self._trying = None


breaker = CircuitBreaker()


class GuardedConnection(connection):  # type: ignore[misc]
    """Not even opened while the database is away: a stopped server would find each attempt in its queue."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        breaker.admit(answer_limit())
        super().__init__(*args, **kwargs)


def wait_for_answer(pending: Any) -> None:
    """psycopg2's wait callback: return when `pending`, a connection or a statement, is answered or refused.

    Raises NoAnswer. psycopg2 then closes the connection, and Django opens another one for the next request.
    """
    limit = answer_limit()
    breaker.admit(limit)
    begun = time.monotonic()
    try:
        while (state := pending.poll()) != POLL_OK:
            left = None if limit is None else max(0.0, begun + limit - time.monotonic()) * 1000
            poller = select.poll()
            poller.register(pending.fileno(), select.POLLIN if state == POLL_READ else select.POLLOUT)
            if not poller.poll(left):
                raise NoAnswer("The database did not answer in time.")
    except psycopg2.Error as error:
        if isinstance(error, NoAnswer) or time.monotonic() - begun > SLOW:
            breaker.open()
        else:
            breaker.close()
        raise
    breaker.close()


def install_wait_callback() -> None:
    """Have this process wait for no answer longer than `answer_limit`."""
    set_wait_callback(wait_for_answer)
