"""Advisory locks: who holds one, who waits for it, and when it ends."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from library.db.locks import (
    Lock,
    is_wanted,
    session_lock,
    transaction_lock,
    try_named_lock,
    try_session_lock,
    try_transaction_lock,
)
from tests.sources import PYTHON, name_of

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def somebody_else() -> Iterator[Any]:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            yield cursor
    finally:
        other.close()


def is_free(cursor: Any, lock: Lock) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s), pg_advisory_unlock(%s)", [lock.value, lock.value])
    return bool(cursor.fetchone()[0])


def test_a_session_lock_is_held_inside_and_free_afterwards() -> None:
    with somebody_else() as cursor:
        with session_lock(Lock.BOOTSTRAP):
            assert is_wanted(Lock.BOOTSTRAP)
            assert not is_free(cursor, Lock.BOOTSTRAP)
            assert is_free(cursor, Lock.DIGEST)

        assert not is_wanted(Lock.BOOTSTRAP)
        assert is_free(cursor, Lock.BOOTSTRAP)


def test_what_waits_for_a_session_lock_has_its_time_limit_back_afterwards() -> None:
    with session_lock(Lock.BOOTSTRAP), connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("1min",)


def test_a_session_lock_is_only_tried_where_somebody_else_has_it() -> None:
    with somebody_else() as cursor, try_session_lock(Lock.DIGEST) as is_mine:
        assert is_mine
        assert not is_free(cursor, Lock.DIGEST)
    with somebody_else() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [Lock.DIGEST.value])
        with try_session_lock(Lock.DIGEST) as is_mine:
            assert not is_mine
        assert is_wanted(Lock.DIGEST)


def test_a_transaction_lock_ends_with_its_transaction() -> None:
    with somebody_else() as cursor:
        with transaction.atomic():
            transaction_lock(Lock.STARTING_CONTENT)
            assert try_transaction_lock(Lock.IMPORT_WRITE)
            assert not is_free(cursor, Lock.STARTING_CONTENT)
            assert not is_free(cursor, Lock.IMPORT_WRITE)

        assert is_free(cursor, Lock.STARTING_CONTENT)
        assert is_free(cursor, Lock.IMPORT_WRITE)
        cursor.execute("SELECT pg_advisory_lock(%s)", [Lock.IMPORT_WRITE.value])
        with transaction.atomic():
            assert not try_transaction_lock(Lock.IMPORT_WRITE)


def test_a_named_lock_is_free_for_other_names() -> None:
    with somebody_else() as one, somebody_else() as other:
        assert try_named_lock(one, Lock.RESTORE, "library")
        assert not try_named_lock(other, Lock.RESTORE, "library")
        assert try_named_lock(other, Lock.RESTORE, "training")


def test_every_lock_and_every_time_limit_is_in_one_place() -> None:
    for path in PYTHON:
        if not name_of(path).startswith(("library.db", "library.migrations")):
            source = path.read_text(encoding="utf-8")
            assert "advisory" not in source, path
            assert not re.search(r"SET (LOCAL )?(statement|lock)_timeout", source), path
