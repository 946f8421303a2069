"""What the database holds of a reader's report, and how it is closed."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, transaction
from django.utils import timezone

from library.models import RateLimitCounter, ReaderReport, User
from tests.factories import TEN_YEARS, make_report, make_resource
from tests.refusing import refused

pytestmark = pytest.mark.django_db


def test_knows_what_was_told_and_the_day_and_nothing_of_who() -> None:
    report = make_report(resource=make_resource(), words="It leads to a parked page.")

    assert report.received_on == timezone.localdate()
    assert {field.name for field in ReaderReport._meta.fields} == {
        "id",
        "kind",
        "reason",
        "resource",
        "address",
        "name",
        "words",
        "is_mailed",  # to the owner of the entry
        "received_on",
        "state",
        "note",
        "closed_by",
        "closed_at",
    }


def test_is_named_without_the_words_of_the_reader() -> None:
    report = make_report(words="I am Officer Doe.")

    assert str(report) == f"Problem {report.pk}"


def test_a_problem_has_a_reason_and_a_suggestion_an_address() -> None:
    with refused("reader_report_of_one_kind"):
        ReaderReport.objects.create(kind="problem", reason="")
    with refused("reader_report_of_one_kind"):
        ReaderReport.objects.create(kind="problem", reason="dead-link", address="https://example.org/")
    with refused("reader_report_of_one_kind"):
        ReaderReport.objects.create(kind="suggestion", address="")
    with refused("reader_report_of_one_kind"):
        ReaderReport.objects.create(kind="praise", reason="dead-link")
    with pytest.raises(ValidationError, match="A problem needs a reason; a suggestion needs an address"):
        ReaderReport(kind="problem").full_clean()


def test_a_reason_and_a_state_are_known_ones() -> None:
    with refused("reader_report_reason_known"):
        ReaderReport.objects.create(kind="problem", reason="boring")
    with refused("reader_report_state_known"):
        ReaderReport.objects.create(kind="problem", reason="dead-link", state="lost", closed_at=TEN_YEARS)


def test_something_else_is_said_in_words() -> None:
    with refused("reader_report_other_in_words"):
        ReaderReport.objects.create(kind="problem", reason="other")


def test_a_closed_one_has_its_moment_and_an_open_one_has_none() -> None:
    with refused("reader_report_closed_with_moment"):
        ReaderReport.objects.create(kind="problem", reason="dead-link", state="done")
    with refused("reader_report_closed_with_moment"):
        ReaderReport.objects.create(kind="problem", reason="dead-link", closed_at=TEN_YEARS)


def test_the_database_takes_no_more_than_the_form() -> None:
    for values in ({"words": "a" * 1001}, {"name": "a" * 301}, {"address": "https://example.org/" + "a" * 1990}):
        with pytest.raises(DataError), transaction.atomic():
            ReaderReport.objects.create(kind="suggestion", **({"address": "https://example.org/"} | values))


def test_closing_closes_the_open_ones_alone() -> None:
    curator, other = User.objects.create_user("curator"), User.objects.create_user("other")
    done = make_report()
    done.change_state("done", other, TEN_YEARS)
    done.save()
    make_report()

    assert ReaderReport.objects.all().close("dismissed", curator, TEN_YEARS) == 1
    assert ReaderReport.objects.open().count() == 0
    assert list(ReaderReport.objects.values_list("state", "closed_by__username")) == [
        ("done", "other"),
        ("dismissed", "curator"),
    ]


def test_opening_again_forgets_who_closed_it() -> None:
    report = make_report()
    report.change_state("done", User.objects.create_user("curator"), TEN_YEARS)
    report.change_state("new", User.objects.create_user("other"), TEN_YEARS)
    report.full_clean()

    assert (report.state, report.closed_by, report.closed_at) == ("new", None, None)


def test_stays_when_its_entry_or_its_curator_goes() -> None:
    draft, curator = make_resource(state="draft"), User.objects.create_user("curator")
    report = make_report(resource=draft)
    report.change_state("done", curator, TEN_YEARS)
    report.save()

    draft.delete()
    curator.delete()

    report.refresh_from_db()
    assert (report.resource, report.closed_by, report.closed_at) == (None, None, TEN_YEARS)


def test_is_forgotten_90_days_after_it_was_closed() -> None:
    curator = User.objects.create_user("curator")
    now = timezone.now()
    for number in (1, 2):
        make_report(words=f"Closed {number}")
        ReaderReport.objects.close("done", curator, now - timedelta(days=89 + number))
    make_report(words="Open", received_on=(now - timedelta(days=400)).date())

    ReaderReport.objects.purge(now + timedelta(hours=1))

    assert {report.words for report in ReaderReport.objects.all()} == {"Open"}
    make_report(words="Closed of late")
    ReaderReport.objects.close("done", curator, now)
    ReaderReport.objects.purge(now + timedelta(days=89))
    assert ReaderReport.objects.filter(words="Closed of late").exists()


# Marks


def test_a_mark_is_taken_so_many_times_and_no_more() -> None:
    assert [RateLimitCounter.objects.hit("one", 2, TEN_YEARS) for _ in range(4)] == [True, True, False, False]
    assert RateLimitCounter.objects.hit("other", 2, TEN_YEARS)
    assert RateLimitCounter.objects.get(mark="one").number == 2


def test_a_mark_is_there_once() -> None:
    RateLimitCounter.objects.hit("one", 2, TEN_YEARS)

    with refused("form_mark_unique"):
        RateLimitCounter.objects.create(mark="one", number=1, until=TEN_YEARS)


def test_marks_whose_time_is_over_are_forgotten() -> None:
    RateLimitCounter.objects.hit("over", 2, TEN_YEARS)
    RateLimitCounter.objects.hit("going on", 2, TEN_YEARS + timedelta(seconds=1))

    RateLimitCounter.objects.purge(TEN_YEARS)

    assert [mark.mark for mark in RateLimitCounter.objects.all()] == ["going on"]
