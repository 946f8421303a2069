"""`manage.py send_digest`: once a week, to those who asked for it, what waits for them; and old counts go."""

import smtplib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections
from django.utils import timezone

from library.db.locks import Lock
from library.maintenance.digest import DigestResult, first_day_of_week, send_digests
from library.models import OpenCount, User, ZeroResultDay
from tests.factories import TEN_YEARS, make_identity, make_report, make_resource, miss

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _mail_server(settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    settings.DEFAULT_FROM_EMAIL = "library@example.org"
    settings.SITE_ADDRESS = "https://library.example.org"


def make_reader_of_mail(name: str = "curator", **values: Any) -> User:
    """A curator who asked for it, and may see everything unless `values` say otherwise."""
    values = {"is_staff": True, "is_superuser": True, "wants_digest": True, "email": f"{name}@example.org"} | values
    return User.objects.create_user(name, **values)


def recipients() -> list[str]:
    return [address for message in mail.outbox for address in message.to]


def run() -> str:
    out = StringIO()
    call_command("send_digest", stdout=out)
    return out.getvalue()


def test_it_tells_what_waits_in_plain_text_with_whole_addresses() -> None:
    make_reader_of_mail()
    make_report(words="I am Officer Doe.")
    miss("gambling")

    assert "sent to 1; 0 already had it this week; nothing needs attention for 0." in run()

    (message,) = mail.outbox
    assert (message.to, message.from_email) == (["curator@example.org"], "library@example.org")
    assert message.subject == "What needs attention: Officer Mental Health Resources"
    root = "https://library.example.org/admin"
    words = "- 1 open problem report\n"
    assert f"{words}  {root}/library/readerreport/?kind__exact=problem&state__exact=new" in message.body
    assert f"{root}/library/zeroresultterm/" in message.body
    assert f"{root}/library/user/weekly-mail/" in message.body
    assert message.content_subtype == "plain"
    assert "Doe" not in message.body
    assert "gambling" not in message.body
    assert "&amp;" not in message.body


def test_it_has_the_name_of_the_site() -> None:
    make_reader_of_mail()
    make_report()
    make_identity(name="Officer Wellness")

    run()

    (message,) = mail.outbox
    assert message.subject == "What needs attention: Officer Wellness"
    assert "need attention in Officer Wellness:" in message.body


def test_only_those_get_it_who_asked_and_still_work_here() -> None:
    make_report()
    make_reader_of_mail("wants")
    make_reader_of_mail("wants-not", wants_digest=False)
    make_reader_of_mail("left", is_active=False)
    make_reader_of_mail("no-curator", is_staff=False)

    assert send_digests(MONDAY) == DigestResult(sent=1)
    assert recipients() == ["wants@example.org"]


def test_nothing_is_sent_when_nothing_waits() -> None:
    user = make_reader_of_mail()
    make_resource("Later", listed_at=TEN_YEARS, summary="What it is.", state="draft")

    assert send_digests(MONDAY) == DigestResult(nothing_waits=1)

    user.refresh_from_db()
    assert (mail.outbox, user.digest_sent_at) == ([], None)


def test_nobody_is_told_of_what_they_may_not_see() -> None:
    make_report()
    make_reader_of_mail("author", is_superuser=False)

    assert send_digests(MONDAY) == DigestResult(nothing_waits=1)


def test_it_comes_once_in_a_calendar_week() -> None:
    make_report()
    make_reader_of_mail()

    results = [send_digests(MONDAY + timedelta(days)) for days in (0, 1, 6, 7, 8, 15)]

    assert [result.sent for result in results] == [1, 0, 0, 1, 0, 1]
    assert [result.already_sent for result in results] == [0, 1, 1, 0, 1, 0]


def test_a_week_begins_on_monday_where_the_library_is() -> None:
    sunday_evening_in_new_york = datetime(2026, 11, 23, 4, 59, tzinfo=UTC)

    assert first_day_of_week(sunday_evening_in_new_york).date() == date(2026, 11, 16)
    assert first_day_of_week(sunday_evening_in_new_york + timedelta(minutes=1)).date() == date(2026, 11, 23)


class RefusesSome(EmailBackend):
    """A mail server that does not take what goes to an address with “no” in it."""

    def send_messages(self, messages: Any) -> int:
        if any("no" in message.to[0].partition("@")[0] for message in messages):
            raise smtplib.SMTPRecipientsRefused({})
        return super().send_messages(messages)


def test_who_did_not_get_it_gets_it_with_the_next_run_and_nobody_twice(settings: Any) -> None:
    make_report()
    for name in ("anna", "nora", "walt"):
        make_reader_of_mail(name)
    settings.EMAIL_BACKEND = "tests.commands.test_send_digest.RefusesSome"

    with pytest.raises(CommandError, match="refused it for nora"):
        run()
    assert recipients() == ["anna@example.org", "walt@example.org"]

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert "sent to 1; 2 already had it this week" in run()
    assert recipients() == ["anna@example.org", "walt@example.org", "nora@example.org"]


class Dies(EmailBackend):
    """The run ends in the middle of sending, as by a signal."""

    def send_messages(self, messages: Any) -> int:
        super().send_messages(messages)
        raise KeyboardInterrupt


def test_a_run_that_is_killed_while_it_sends_sends_nothing_twice(settings: Any) -> None:
    make_report()
    make_reader_of_mail("anna")
    make_reader_of_mail("walt")
    settings.EMAIL_BACKEND = "tests.commands.test_send_digest.Dies"
    with pytest.raises(KeyboardInterrupt):
        run()

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    run()

    assert recipients() == ["anna@example.org", "walt@example.org"]


@pytest.fixture
def _another_run(db: None) -> Iterator[None]:
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [Lock.DIGEST.value])
        yield
    finally:
        other.close()


@pytest.mark.usefixtures("_another_run")
def test_of_two_runs_at_once_one_says_so_and_ends() -> None:
    make_report()
    make_reader_of_mail()

    with pytest.raises(CommandError, match="another run is sending it"):
        run()
    assert mail.outbox == []


def test_the_lock_is_free_again_afterwards() -> None:
    run()

    with connection.cursor() as cursor:
        # Of this connection alone: tests beside this one send digests in databases of the same server.
        mine = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND pid = pg_backend_pid()"
        cursor.execute(mine, [Lock.DIGEST.value])
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(("name", "words"), [("EMAIL_HOST", "a mail server"), ("SITE_ADDRESS", "where its links")])
def test_without_a_server_or_an_address_it_says_so_and_sends_nothing(settings: Any, name: str, words: str) -> None:
    make_report()
    user = make_reader_of_mail()
    setattr(settings, name, "")

    with pytest.raises(CommandError, match=f"No email was sent: {name} .*{words}") as refusal:
        run()

    assert refusal.value.returncode == 1
    user.refresh_from_db()
    assert (mail.outbox, user.digest_sent_at) == ([], None)


def test_old_counts_go_also_where_no_mail_is_sent(settings: Any) -> None:
    settings.EMAIL_HOST = ""
    today, entry = timezone.localdate(), make_resource()
    for days in (1, 500):
        OpenCount.objects.create(resource=entry, day=today - timedelta(days), number=1)
        ZeroResultDay.objects.create(mark="0" * 32, day=today - timedelta(days))
    out = StringIO()

    with pytest.raises(CommandError):
        call_command("send_digest", stdout=out)

    assert "Old counts deleted: 2." in out.getvalue()
    assert (OpenCount.objects.count(), ZeroResultDay.objects.count()) == (1, 1)
