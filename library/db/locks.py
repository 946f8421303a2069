"""Every advisory lock of the library, by name, and how to take one.

A session lock ends with its connection, so it needs a direct one: behind a transaction pooler it would outlive whoever
took it. A transaction lock ends with its transaction and works anywhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import IntEnum
from typing import Any

from django.db import InterfaceError, OperationalError, connection

_QUERY_CANCELED = "57014"


class Lock(IntEnum):
    """What is locked. The numbers are arbitrary and permanent: releases that run side by side must agree on them."""

    BOOTSTRAP = 7_201_988  # migrations, and everything else that happens before the site is served
    DIGEST = 7_201_989  # sending the weekly mail
    BACKUP = 7_201_991  # making a backup
    RESTORE = 7_201_992  # restoring one: with the database's name, in the database `postgres`
    STARTING_CONTENT = 7_204_117  # loading the starting content
    IMPORT_WRITE = 7_204_118  # an import, or its undoing, writes resources
    IMPORT_WORKER = 7_204_119  # the program that works on the files that curators uploaded
    IMPORT_STEP = 7_204_120  # its child process, which takes one step of one import
    SECTION_ORDER = 7_204_121  # sections get or change their places
    CATEGORY_ORDER = 7_204_122  # categories get or change theirs
    LINK_CHECKS = 7_204_123  # the program that looks at links


@contextmanager
def session_lock(lock: Lock) -> Iterator[None]:
    """Wait for the lock, however long that takes, and hold it inside. Not within a transaction."""
    with connection.cursor() as cursor:
        while not _acquire_in_time(cursor, lock):
            pass
    try:
        yield
    finally:
        _unlock(lock)


@contextmanager
def try_session_lock(lock: Lock) -> Iterator[bool]:
    """Hold the lock inside if nobody else does; whether that is so."""
    with connection.cursor() as cursor:
        is_mine = _try_acquire(cursor, lock)
    try:
        yield is_mine
    finally:
        if is_mine:
            _unlock(lock)


def transaction_lock(lock: Lock) -> None:
    """Wait for the lock and hold it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock.value])


def try_transaction_lock(lock: Lock) -> bool:
    """Hold the lock until the transaction ends, if nobody else does; whether that is so."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock.value])
        return bool(cursor.fetchone()[0])


def try_named_lock(cursor: Any, lock: Lock, name: str) -> bool:
    """Hold the lock of that name, in the database of this cursor, until its connection ends; whether it was free."""
    cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [lock.value, name])
    return bool(cursor.fetchone()[0])


_SESSIONS = """
    SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 AND objid = %s AND objsubid = 1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
_IDLE = f"""
    SELECT min(CASE state WHEN 'active' THEN 0 ELSE extract(epoch FROM clock_timestamp() - state_change) END)
    FROM pg_stat_activity WHERE pid IN ({_SESSIONS})"""  # noqa: S608 - ours
_END = f"SELECT pg_terminate_backend(pid, 10000) FROM ({_SESSIONS}) AS session"  # noqa: S608 - ours


def is_wanted(lock: Lock) -> bool:
    """Whether somebody holds the lock or waits for it. Costs a query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS ({_SESSIONS})", [lock.value])
        return bool(cursor.fetchone()[0])


def idle_seconds(lock: Lock) -> float | None:
    """How long the session that holds the lock has run no statement: 0 while it does. None without such a session."""
    with connection.cursor() as cursor:
        cursor.execute(_IDLE, [lock.value])
        idle = cursor.fetchone()[0]
    return None if idle is None else float(idle)


def end_sessions(lock: Lock) -> None:
    """End the session that holds the lock: left alone, its statement would run to its end and keep all its locks."""
    with connection.cursor() as cursor:
        cursor.execute(_END, [lock.value])


def _acquire_in_time(cursor: Any, lock: Lock) -> bool:
    """Wait for the lock, no longer than any statement of the connection may take; whether it is ours."""
    try:
        cursor.execute("SELECT pg_advisory_lock(%s)", [lock.value])
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) != _QUERY_CANCELED:
            raise
        return False
    return True


def _try_acquire(cursor: Any, lock: Lock) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock.value])
    return bool(cursor.fetchone()[0])


def _unlock(lock: Lock) -> None:
    with suppress(OperationalError, InterfaceError), connection.cursor() as cursor:  # it ends with its connection
        cursor.execute("SELECT pg_advisory_unlock(%s)", [lock.value])
