"""`/r/<ref>/opened/`: what a browser tells when a reader opens an entry, by the `ping` of its link."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from library.models import OpenCount, Resource
from tests.factories import LISTED, TEN_YEARS, make_resource, withdraw
from tests.reading import read

pytestmark = pytest.mark.django_db
PING = {"content_type": "text/ping", "headers": {"ping-to": "https://example.org/", "sec-fetch-site": "same-origin"}}


def numbers() -> list[tuple[int, int]]:
    return sorted((use.resource_id, use.number) for use in OpenCount.objects.all())


def test_each_one_is_counted_and_answered_with_nothing(client: Client) -> None:
    entry = make_resource(ref="fat2345")

    for _time in range(3):
        answer = client.post("/r/fat2345/opened/", b"PING", **PING)
        assert (answer.status_code, answer.content) == (204, b"")
        assert "no-store" in answer["Cache-Control"]
        assert not answer.cookies

    (use,) = OpenCount.objects.all()
    assert (use.resource, use.day, use.number) == (entry, timezone.localdate(), 3)


def test_the_link_that_opens_an_entry_tells_it_and_no_other_link_does(client: Client) -> None:
    make_resource("Fatigue", ref="fat2345", url="https://example.org/fatigue", audio_url="https://example.org/a.mp3")

    page = read(client.get("/resources/fatigue/").content)

    links = {link["href"]: link["ping"] for link in page.all("a") if link.get("ping")}
    assert links == {"https://example.org/fatigue": "/r/fat2345/opened/"}
    assert "ping=" not in client.get("/resources/").text


def test_what_readers_cannot_see_is_not_counted_and_nobody_learns_of_it(client: Client) -> None:
    make_resource("Draft", state="draft", ref="draft234")
    make_resource("Later", listed_at=TEN_YEARS, ref="later234")
    withdraw(make_resource("Gone", ref="gone2345"))
    make_resource("Over", ref="over2345")
    Resource.objects.filter(ref="over2345").update(expires_at=LISTED + timedelta(days=1))

    for ref in ("draft234", "later234", "gone2345", "over2345", "never234", "x" * 5000, "a%20b", "%F0%9F%9A%94", "'--"):
        assert client.post(f"/r/{ref}/opened/", **PING).status_code == 204, ref
    assert numbers() == []


def test_it_can_be_told_and_nothing_else(client: Client) -> None:
    make_resource(ref="fat2345")

    for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        answer = client.generic(method, "/r/fat2345/opened/")
        assert (answer.status_code, answer["Allow"]) == (405, "POST"), method
    assert client.post("/r/%00/opened/").status_code == 400
    assert numbers() == []


def test_other_sites_count_nothing_here(client: Client) -> None:
    make_resource(ref="fat2345")

    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        assert client.post("/r/fat2345/opened/", headers=headers).status_code == 204
    assert numbers() == []


def test_nothing_that_is_sent_is_read(client: Client) -> None:
    make_resource(ref="fat2345")

    for body, kind in ((b"\0\xff" * 500_000, "text/ping"), (b"--x", "multipart/form-data; boundary=x")):
        assert client.post("/r/fat2345/opened/", body, content_type=kind).status_code == 204
    assert client.post("/r/fat2345/opened/", CONTENT_LENGTH="many").status_code == 204
    assert OpenCount.objects.get().number == 3


def test_a_day_of_an_entry_ends_at_ten_thousand(client: Client) -> None:
    entry = make_resource(ref="fat2345")
    OpenCount.objects.create(resource=entry, day=timezone.localdate(), number=9_999)

    for _time in range(3):
        client.post("/r/fat2345/opened/")

    assert numbers() == [(entry.pk, 10_000)]


def test_days_that_are_over_are_kept_apart_and_old_ones_are_deleted(client: Client) -> None:
    entry, today = make_resource(ref="fat2345"), timezone.localdate()
    for days in (1, 400, 401):
        OpenCount.objects.create(resource=entry, day=today - timedelta(days), number=7)

    client.post("/r/fat2345/opened/")

    assert {(today - use.day).days: use.number for use in OpenCount.objects.all()} == {0: 1, 1: 7, 400: 7}


def test_one_statement_is_all_that_it_costs_and_no_page_is_made_anew_for_it(client: Client) -> None:
    make_resource("Fatigue", ref="fat2345", url="https://example.org/")
    client.get("/resources/fatigue/")

    with CaptureQueriesContext(connection) as counting:
        client.post("/r/fat2345/opened/")
    with CaptureQueriesContext(connection) as reading:
        client.get("/resources/fatigue/")

    assert (len(counting), len(reading)) == (1, 1)
