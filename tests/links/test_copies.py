"""Copies of lost pages: which capture is chosen, by what it is compared, and the archive's good and bad days."""

import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import pairwise

import pytest

from library.links.archive import REQUESTS_A_MINUTE, Capture, captures_of, index_address
from library.links.client import Answer, call, look
from library.links.copies import (
    ArchiveVisit,
    CopyFindings,
    CopySubject,
    CopyVerdict,
    captures_before,
    last_good_day,
    verdict_on,
)
from library.links.evidence import Evidence, LinkCondition
from library.links.reading import PageFingerprint, read
from library.links.saving import SAVES_A_MINUTE, Saver
from tests.links.certificates import Authority
from tests.links.days import page, text
from tests.links.fake_archive import BAD_DAYS, KEY, LEFT_OUT, FakeArchive
from tests.links.test_changed_links import BUSINESS, CASINO
from tests.outside import outside_world

ADDRESS = "https://example.org/guide?a=1&b=2"
GOOD = page().body
FINGERPRINT = read(GOOD, "text/html", ADDRESS)
LOST_ON = date(2026, 3, 1)
NOW = datetime(2026, 3, 10, tzinfo=UTC)
STAMPS = ["20250514101112", "20260309000000"]


def subject(until: date | None = LOST_ON, good: PageFingerprint | None = FINGERPRINT, **more: str) -> CopySubject:
    return CopySubject(1, more.get("address", ADDRESS), until, good, more.get("content_type", "text/html"))


def capture(timestamp: str = "20250514101112", status: str = "200") -> Capture:
    return Capture(timestamp, ADDRESS, status, datetime.strptime(timestamp[:8], "%Y%m%d").date())


def test_the_last_one_before_the_page_was_lost_is_chosen_and_never_the_newest() -> None:
    stamps = ["20240101000000", "20260301235959", "20260302000000", "20260309000000"]
    captures = [*map(capture, stamps), capture("20260228000000", "301")]
    assert [one.timestamp for one in captures_before(captures, LOST_ON)] == ["20260301235959", "20240101000000"]


def test_the_last_good_day_is_before_the_first_look_that_failed_or_showed_something_else() -> None:
    assert last_good_day(Evidence()) is None
    assert last_good_day(Evidence(failing_since=NOW)) == date(2026, 3, 9)
    seen = NOW - timedelta(days=3)
    assert last_good_day(Evidence(state=LinkCondition.CHANGED, different_since=NOW, last_good=seen)) == seen.date()
    assert last_good_day(Evidence(failing_since=NOW, different_since=seen)) == date(2026, 3, 6)


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        (GOOD, CopyVerdict.SAME),
        (page("Another title").body, CopyVerdict.SAME),  # by its words
        (page(body=text("bread", "cake", seed=3)).body, CopyVerdict.SAME),  # by its title
        (BUSINESS.body, CopyVerdict.OTHER),
        (CASINO.body, CopyVerdict.OTHER),
        (b"<title>Page not found</title>", CopyVerdict.OTHER),
        (GOOD + b"<script src=/cdn-cgi/challenge-platform></script>", CopyVerdict.OTHER),
    ],
)
def test_a_capture_is_compared_with_what_was_kept(body: bytes, verdict: CopyVerdict) -> None:
    assert verdict_on(capture(), played(body), subject()) is verdict


def test_what_cannot_be_compared_is_unclear_and_another_date_or_another_sort_of_file_is_wrong() -> None:
    assert verdict_on(capture(), played(GOOD), subject(good=None)) is CopyVerdict.UNCLEAR
    assert verdict_on(capture(), played(b"%PDF-1.7", "application/pdf"), subject()) is CopyVerdict.OTHER
    pdf = subject(good=PageFingerprint(size=900), content_type="application/pdf")
    assert verdict_on(capture(), played(b"%PDF-1.7", "application/pdf"), pdf) is CopyVerdict.UNCLEAR
    assert verdict_on(capture(), played(GOOD), pdf) is CopyVerdict.OTHER
    assert verdict_on(capture("20200101000000"), played(GOOD), subject()) is CopyVerdict.OTHER
    assert verdict_on(capture(), replace(played(GOOD), status=404), subject()) is CopyVerdict.OTHER
    packed = replace(played(b""), is_readable=False)
    assert verdict_on(capture(), packed, subject()) is CopyVerdict.UNCLEAR


def played(body: bytes, content_type: str = "text/html") -> Answer:
    return Answer(capture().bytes_address, 200, headers={"content-type": content_type}, body=body)


def test_r46_the_page_of_today_is_no_copy_also_where_the_index_names_it() -> None:
    """Of a link of which nothing is known, so that no comparison would find it out."""

    def ask(address: str, **_options: float) -> Answer:
        if "/cdx/" not in address:
            return replace(played(CASINO.body if "/20260309" in address else GOOD), url=address)
        rows = [["timestamp", "original", "statuscode"], *([stamp, ADDRESS, "200"] for stamp in STAMPS)]
        return Answer(address, 200, body=json.dumps(rows).encode())

    (finding,) = ArchiveVisit(ask, lambda _seconds: None, lambda: NOW).visit([subject(good=None)]).findings
    assert finding.capture is not None
    assert (finding.capture.timestamp, finding.verdict) == ("20250514101112", CopyVerdict.UNCLEAR)


@dataclass
class Wayback:
    """The archive at the wire, and a visit to it with a clock that pauses move."""

    archive: FakeArchive
    now: datetime = NOW
    times: list[datetime] = field(default_factory=list)

    def visit(self, *subjects: CopySubject, key: str = "") -> CopyFindings:
        def ask(address: str, **_options: float) -> Answer:
            self.times.append(self.now)
            return look(address, agent="tests", seconds=0.7)

        calls = partial(call, agent="tests", authorization=f"LOW {key}", seconds=2)
        return ArchiveVisit(ask, self.pause, lambda: self.now, Saver(calls, self.pause) if key else None).visit(
            subjects
        )

    def pause(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def wayback(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wayback]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(authority.certificate("web.archive.org"))
    archive = FakeArchive()
    with outside_world(monkeypatch, context) as outside:
        archive.stand_in(outside)
        yield Wayback(archive)


def test_a_copy_is_found_and_proven_at_the_wire_at_the_archive_s_pace(wayback: Wayback) -> None:
    wayback.archive.keep("20240101000000", ADDRESS, GOOD)
    wayback.archive.keep("20250514101112", ADDRESS, GOOD)
    wayback.archive.keep("20260227000000", ADDRESS, CASINO.body)
    wayback.archive.keep("20260309000000", ADDRESS, CASINO.body)
    found = wayback.visit(subject(), subject(address="https://example.org/never"), subject(until=None))
    first, never, works = found.findings
    assert first.capture is not None
    assert first.capture.address == f"https://web.archive.org/web/20250514101112/{ADDRESS}"
    assert (first.capture.taken_on, first.verdict) == (date(2025, 5, 14), CopyVerdict.SAME)
    assert (never.capture, never.is_answered) == (None, True)
    assert works.capture is not None
    assert (works.capture.timestamp, works.verdict) == ("20260309000000", None)  # only to know that there is one
    assert [path.partition("?")[0][:24] for path in wayback.archive.asked[:3]] == [
        "/cdx/search/cdx",
        "/web/20260227000000id_/h",
        "/web/20250514101112id_/h",
    ]
    assert "&to=20260301&" in wayback.archive.asked[0]
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(wayback.times)]
    assert min(gaps) >= 60 / REQUESTS_A_MINUTE
    assert found.rests_until == wayback.now


def test_a_capture_that_leads_to_another_date_is_not_taken_for_it(wayback: Wayback) -> None:
    wayback.archive.keep("20250514101112", ADDRESS, GOOD)
    wayback.archive.keep("20260309000000", ADDRESS, GOOD)
    wayback.archive.elsewhere["20250514101112"] = "20260309000000"
    assert wayback.visit(subject()).findings[0].capture is None


@pytest.mark.parametrize("name", BAD_DAYS)
def test_on_a_bad_day_of_the_archive_nothing_is_believed_and_it_is_left_alone(wayback: Wayback, name: str) -> None:
    wayback.archive.bad_day = BAD_DAYS[name]
    found = wayback.visit(subject(), subject())
    assert [one.is_answered for one in found.findings] == [False]
    assert len(wayback.archive.asked) == 1
    hours = 2 if name == "too many requests" else 1
    assert found.rests_until - wayback.now == timedelta(hours=hours)


def test_a_site_that_wants_to_be_left_out_and_an_address_too_long_have_no_copy(wayback: Wayback) -> None:
    wayback.archive.bad_day = LEFT_OUT
    found = wayback.visit(subject(), subject(address=f"https://example.org/{'a' * 1970}"))
    assert [(one.is_answered, one.capture) for one in found.findings] == [(True, None)] * 2


def test_a_visit_ends_after_an_hour_whatever_is_left() -> None:
    passed: list[float] = []
    visit = ArchiveVisit(
        lambda _address, **_options: Answer("", 200, body=b"[]"),
        lambda _seconds: passed.append(25),
        lambda: NOW + timedelta(minutes=sum(passed)),
    )
    assert len(visit.visit([subject()] * 9).findings) == 3


PENDING = {"status": "pending"}
DONE = {"status": "success", "timestamp": "20260310010203", "original_url": ADDRESS}


def refusal(word: str) -> dict[str, str]:
    return {"status": "error", "status_ext": f"error:{word}", "message": "No."}


def test_a_page_without_a_copy_of_a_year_is_kept_on_our_order_and_waited_for(wayback: Wayback) -> None:
    wayback.archive.keep("20250101000000", ADDRESS, GOOD)
    wayback.archive.keep("20260101000000", "https://example.org/new", GOOD)
    wayback.archive.statuses = [PENDING, PENDING, PENDING, DONE]
    kept, has_one = wayback.visit(subject(None), subject(None, address="https://example.org/new"), key=KEY).findings
    assert kept.capture is not None
    assert (kept.capture.timestamp, kept.verdict, kept.is_answered) == ("20260310010203", None, True)
    assert has_one.capture is not None
    (order,) = wayback.archive.orders
    assert (order["url"], order["if_not_archived_within"], order["capture_outlinks"]) == (ADDRESS, "365d", "0")
    assert wayback.now - NOW >= timedelta(seconds=5 * 60 / SAVES_A_MINUTE)


@pytest.mark.parametrize(
    ("word", "days"),
    [("blocked-url", 365), ("no-access", 365), ("invalid-host-resolution", 7), ("celery", None), ("another", None)],
)
def test_what_the_archive_never_takes_is_not_asked_for_tomorrow(wayback: Wayback, word: str, days: int | None) -> None:
    wayback.archive.statuses = [refusal(word)]
    (finding,) = wayback.visit(subject(None), key=KEY).findings
    again = timedelta(days=days) if days else None
    assert (finding.capture, finding.again, finding.is_answered) == (None, again, again is not None)


def test_a_wrong_key_and_a_lost_page_order_nothing(wayback: Wayback) -> None:
    found = wayback.visit(subject(None), key="key:wrong")
    assert [one.is_answered for one in found.findings] == [False]
    assert found.rests_until > wayback.now
    wayback.visit(subject(), key=KEY)
    assert wayback.archive.orders == []


def test_rows_that_name_no_day_or_no_address_are_passed_over() -> None:
    rows = [["20250231000000", ADDRESS, "200"], ["20250514101112", "https://example.org/a b", "200"]]
    table = [["timestamp", "original", "statuscode"], *rows, ["20240101000000", ADDRESS, "200"]]
    found = captures_of(Answer(index_address(ADDRESS, None), 200, body=json.dumps(table).encode()))
    assert [one.timestamp for one in found] == ["20240101000000"]
