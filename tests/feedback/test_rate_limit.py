"""What is sent is taken in once and within bounds, and nothing of the sender stays."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.signing import TimestampSigner, b62_encode
from django.db import connection

from library.feedback.rate_limit import (
    ReportOutcome,
    accept_report,
    client_network,
    new_token,
    seconds_left,
    sender_key,
)
from library.models import RateLimitCounter, ReaderReport

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 3, 20, 5, tzinfo=UTC)
SENDER = "203.0.113.7"


def send(sender: str = SENDER, now: datetime = NOW, token: str = "") -> ReportOutcome:
    return accept_report(ReaderReport(kind="problem", reason="dead-link"), token or new_token(), sender, now)


def token_of(age: timedelta) -> str:
    """A token as it was made so long ago."""

    class Earlier(TimestampSigner):
        def timestamp(self) -> str:
            return b62_encode(int(time.time() - age.total_seconds()))

    return Earlier(salt="library.reader-forms").sign("abcdefghijklmnop")


def test_a_report_with_a_fresh_token_is_taken() -> None:
    assert send() is ReportOutcome.TAKEN
    assert ReaderReport.objects.get().reason == "dead-link"


def test_a_token_is_good_for_two_hours_and_once() -> None:
    token = token_of(timedelta(minutes=119))

    assert send(token=token) is ReportOutcome.TAKEN
    assert send(token=token) is ReportOutcome.SENT_BEFORE
    assert send(token=token_of(timedelta(minutes=121))) is ReportOutcome.TOO_OLD
    assert ReaderReport.objects.count() == 1


@pytest.mark.parametrize("token", ["nonsense", ":", "a:b:c", "\0", "é" * 1000, "a" * 100_000])
def test_what_is_no_token_of_a_form_is_not_taken(token: str) -> None:
    assert send(token=token) is ReportOutcome.TOO_OLD
    assert not RateLimitCounter.objects.exists()


def test_a_token_that_was_signed_for_something_else_is_not_taken() -> None:
    assert send(token=TimestampSigner().sign("a")) is ReportOutcome.TOO_OLD
    assert not ReaderReport.objects.exists()


def test_five_an_hour_are_taken_from_one_address_and_then_from_others() -> None:
    answers = [send() for _ in range(7)]

    assert answers == [ReportOutcome.TAKEN] * 5 + [ReportOutcome.TOO_MANY] * 2
    assert send("203.0.113.8") is ReportOutcome.TAKEN
    assert ReaderReport.objects.count() == 6
    assert send(now=NOW + timedelta(hours=1)) is ReportOutcome.TAKEN


def test_two_hundred_an_hour_are_taken_in_all() -> None:
    RateLimitCounter.objects.create(mark="all", number=199, until=NOW.replace(minute=0) + timedelta(hours=1))

    assert send("203.0.113.1") is ReportOutcome.TAKEN
    assert send("203.0.113.2") is ReportOutcome.TOO_MANY
    assert send("") is ReportOutcome.TOO_MANY
    assert send(now=NOW + timedelta(hours=1)) is ReportOutcome.TAKEN


def test_what_is_not_taken_counts_for_nothing_and_its_token_is_still_good() -> None:
    RateLimitCounter.objects.create(mark="all", number=200, until=NOW + timedelta(minutes=1))
    token = new_token()

    assert send(token=token) is ReportOutcome.TOO_MANY
    assert [mark.mark for mark in RateLimitCounter.objects.all()] == ["all"]
    assert send(token=token, now=NOW + timedelta(minutes=1)) is ReportOutcome.TAKEN


def test_nothing_of_the_sender_is_in_any_table() -> None:
    send()
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(m)::text FROM library_formmark m")
        rows = [row for (row,) in cursor.fetchall()]
        cursor.execute("SELECT row_to_json(r)::text FROM library_readerreport r")
        rows += [row for (row,) in cursor.fetchall()]

    assert len(rows) == 4
    assert not [row for row in rows if "203" in row or SENDER in row]


def test_what_was_counted_is_gone_when_the_hour_is_over_and_the_token_when_it_is_too_old() -> None:
    send()
    assert (
        RateLimitCounter.objects.exclude(mark__startswith="token").filter(until__gt=NOW + timedelta(hours=1)).count()
        == 0
    )

    accept_report(ReaderReport(), "no token", SENDER, NOW + timedelta(minutes=40))
    assert [mark.mark.split()[0] for mark in RateLimitCounter.objects.all()] == ["token"]
    accept_report(ReaderReport(), "no token", SENDER, NOW + timedelta(hours=2))
    assert not RateLimitCounter.objects.exists()


def test_a_mark_is_of_one_address_one_hour_and_one_library_and_says_little(settings: Any) -> None:
    mark = sender_key(SENDER, NOW)

    assert mark == sender_key(SENDER, NOW)
    assert len(mark) == 4  # of 4,000 million addresses, 65,000 have it
    others = {sender_key("203.0.113.8", NOW), sender_key(SENDER, NOW + timedelta(hours=1))}
    settings.SECRET_KEY = "another"
    assert mark not in others | {sender_key(SENDER, NOW)}


def test_the_time_that_is_left_ends_with_the_hour() -> None:
    assert seconds_left(NOW) == 39 * 60 + 55
    assert seconds_left(NOW.replace(minute=0, second=0)) == 3600


@pytest.mark.parametrize(
    ("remote", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "20010db800010002"),
        ("2001:db8:1:2::9", "20010db800010002"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_an_address_is_told_from_its_part_of_the_network(remote: str, network: str) -> None:
    assert client_network(remote, "") == network


def test_only_behind_our_proxy_is_its_word_taken_and_only_its_own(settings: Any) -> None:
    assert client_network("203.0.113.7", "198.51.100.1") == "203.0.113.7"

    settings.HTTPS = True
    assert client_network("203.0.113.7", "198.51.100.1") == "203.0.113.7"
    assert client_network("127.0.0.1", "10.9.9.9, 198.51.100.1") == "198.51.100.1"
    assert client_network("127.0.0.1", "198.51.100.1, forged") == ""
    assert client_network("127.0.0.1", "") == ""
