"""A deadline for answers: what is ended, what may take longer, and what happens after one was missed."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection
from psycopg2.extensions import set_wait_callback

from library.db.circuit_breaker import COOL_DOWN, GuardedConnection, breaker, install_wait_callback
from library.db.timeouts import SLACK, statement_timeout, wait_without_limit
from tests.processes import eventually

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def impatient(settings: Any) -> Iterator[Any]:
    """A cursor in a process that waits for no answer longer than a moment; the server has no limit."""
    settings.READER_STATEMENT_TIMEOUT = 0.3 - SLACK
    other = connection.copy()
    other.settings_dict["OPTIONS"] |= {"connection_factory": GuardedConnection, "options": ""}
    install_wait_callback()
    other.inc_thread_sharing()
    try:
        with other.cursor() as cursor:
            yield cursor
    finally:
        set_wait_callback(None)
        breaker.close()
        other.close()


def sleep(cursor: Any, seconds: float) -> None:
    cursor.execute("SELECT pg_sleep(%s)", [seconds])


def test_what_answers_in_time_is_left_alone(impatient: Any) -> None:
    impatient.execute("SELECT repeat('a', 3000000), %s", [1])

    assert len(impatient.fetchone()[0]) == 3_000_000


def test_what_does_not_answer_in_time_is_ended(impatient: Any) -> None:
    with pytest.raises(OperationalError, match="did not answer in time"):
        sleep(impatient, 2)


def test_an_error_of_the_server_is_its_own_and_no_reason_to_stop_asking(impatient: Any) -> None:
    impatient.execute("SET statement_timeout TO '50ms'")
    for _attempt in range(2):
        with pytest.raises(OperationalError, match="canceling statement"):
            sleep(impatient, 2)

    sleep(impatient, 0)


def test_nothing_is_asked_after_that_until_a_moment_has_passed(impatient: Any) -> None:
    with pytest.raises(OperationalError):
        sleep(impatient, 2)

    begun = time.monotonic()
    for _attempt in range(100):
        with pytest.raises(OperationalError, match="a moment ago"):
            _connect()
    assert time.monotonic() - begun < COOL_DOWN

    eventually(_can_connect)


def test_a_longer_limit_of_the_server_is_a_longer_wait_for_the_answer(impatient: Any) -> None:
    with statement_timeout(30):
        sleep(impatient, 0.6)
    with pytest.raises(OperationalError):
        sleep(impatient, 2)


def test_a_thread_that_nobody_waits_for_waits(impatient: Any) -> None:
    slept: list[float] = []

    def job() -> None:
        wait_without_limit()
        sleep(impatient, 0.6)
        slept.append(0.6)

    thread = threading.Thread(target=job)
    thread.start()
    thread.join()

    assert slept


def _connect() -> None:
    other = connection.copy()
    other.settings_dict["OPTIONS"] |= {"connection_factory": GuardedConnection}
    other.ensure_connection()
    other.close()


def _can_connect() -> bool:
    try:
        _connect()
    except OperationalError:
        return False
    return True
