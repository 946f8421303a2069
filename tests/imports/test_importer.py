"""Rows into the library: what is new, what changes, what stays, and which rows are bad."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from library.imports import importer
from library.imports.bulk_sql import ROOM
from library.imports.importer import ERROR_LIMIT
from library.imports.readers import RowError
from library.models import Resource, Section
from tests.factories import (
    LISTED,
    TEN_YEARS,
    make_category,
    make_publisher,
    make_resource,
    make_section,
    withdraw,
)
from tests.imports.conftest import HERE, NOW, counts_of, everything, reasons_of, row, rows_at, take
from tests.refusing import commit

pytestmark = pytest.mark.django_db
BATCH = 100  # rows, in these tests


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importer, "BATCH", BATCH)


@pytest.fixture(autouse=True)
def section() -> Section:
    return make_section("podcasts")


# New entries


def test_adds_a_published_entry_with_all_that_the_row_says(section: Section) -> None:
    sleep, stress = make_category("sleep", "Sleep"), make_category("stress", "Stress")
    make_resource("First")

    result = take(
        row(
            summary="Calm under pressure.",
            publisher="COPS Office",
            published="2020-02",
            categories=["sleep", "STRESS"],
            tags=["PTSD", "peer support"],
        )
    )

    assert (counts_of(result), result.bad, result.written) == ((1, 0, 0, 0), (), True)
    assert result.warnings == ("New publishers: “COPS Office”", "New tags: “PTSD”, “peer support”")
    added = Resource.objects.get(url=HERE)
    assert (added.title, added.kind, added.summary) == (
        "Building Personal Resilience",
        "podcast",
        "Calm under pressure.",
    )
    assert (added.state, added.listed_at, added.updated_at) == ("published", NOW, NOW)
    assert (added.published_on, added.published_precision) == (date(2020, 2, 1), "month")
    assert (added.section, added.position, added.address_key) == (section, 2 + ROOM, "example.org/resilience")
    assert added.slug == "building-personal-resilience"
    assert len(added.ref) == 7
    assert added.publisher is not None
    assert (added.publisher.name, added.publisher.slug) == ("COPS Office", "cops-office")
    assert set(added.categories.all()) == {sleep, stress}
    assert sorted(added.tags.names()) == ["PTSD", "peer support"]
    added.full_clean()
    commit()


def test_what_a_row_cannot_set_is_as_in_a_new_entry_of_the_form() -> None:
    made = make_resource("By hand", url="https://example.org/by-hand")
    take(row())
    imported = Resource.objects.get(url=HERE)

    own = {"id", "title", "slug", "ref", "url", "address_key", "position", "slot", "listed_at", "updated_at"}
    for field in Resource._meta.concrete_fields:
        if field.name not in own:
            assert getattr(imported, field.attname) == getattr(made, field.attname), field.name


def test_formulas_are_texts() -> None:
    take(row(title='=HYPERLINK("https://example.org")'))

    assert Resource.objects.get().title == '=HYPERLINK("https://example.org")'


def test_new_entries_stand_last_in_the_order_of_the_file(section: Section) -> None:
    forums = make_section("forums")
    make_resource("First")

    take(*rows_at(3), row(line=9, section="forums"))

    titles = section.resources.order_by("position").values_list("title", "position")
    assert list(titles) == [
        ("First", 1),
        ("Officer Fatigue 1", 2 + ROOM),
        ("Officer Fatigue 2", 3 + ROOM),
        ("Officer Fatigue 3", 4 + ROOM),
    ]
    assert Resource.objects.get(section=forums).position == 1 + ROOM
    commit()


def test_no_two_entries_get_the_same_address_name() -> None:
    old = make_resource("Officer Fatigue")
    old.slug = "officer-fatigue-in-2020"
    old.save()
    make_resource("Other", slug="officer-fatigue-2")

    take(
        *rows_at(60, title="Officer Fatigue"),
        row(line=99, title="資源"),
        row(line=100, title="a " * 149, url="https://e.org/a"),
    )

    slugs = set(Resource.objects.exclude(pk=old.pk).values_list("slug", flat=True))
    assert {f"officer-fatigue-{number}" for number in range(2, 51)} <= slugs
    assert "officer-fatigue" not in slugs  # an old address of another entry
    assert len(slugs) == 63
    assert Resource.objects.get(title="資源").slug == Resource.objects.get(title="資源").ref
    assert max(map(len, slugs)) <= 100
    commit()


# Entries that the library has


def test_the_same_rows_again_change_nothing() -> None:
    make_category("sleep", "Sleep")
    rows = [
        row(summary="Calm.", publisher="COPS", published="2020", categories=["sleep"], tags=["b", "a"]),
        *rows_at(3),
        row(line=9, url="HTTP://WWW.Example.org:80/A/?utm_source=x#y"),
    ]
    take(*rows)
    before = everything()

    assert counts_of(take(*rows, now=TEN_YEARS)) == (0, 0, 5, 0)
    assert everything() == before


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("http://example.org/resilience/", "http://example.org/resilience/"),
        ("https://EXAMPLE.org/resilience?utm_source=mail#part", "https://EXAMPLE.org/resilience#part"),
    ],
)
def test_an_entry_is_recognised_by_its_address_in_another_form(url: str, kept: str) -> None:
    old = make_resource("Old title", url=HERE)

    assert counts_of(take(row(url=url))) == (0, 1, 0, 0)

    old.refresh_from_db()
    assert (old.title, old.url, old.address_key) == ("Building Personal Resilience", kept, "example.org/resilience")
    assert old.slug == "old-title"


def test_an_equal_title_is_no_reason_to_recognise_an_entry() -> None:
    make_resource("Building Personal Resilience", url="https://example.org/another")

    assert counts_of(take(row())) == (1, 0, 0, 0)


def test_only_what_differs_is_changed() -> None:
    sleep, stress = make_category("sleep", "Sleep"), make_category("stress", "Stress")
    make_section("forums")
    old = make_resource(
        url=HERE,
        summary="Calm.",
        speaker="Dr. John Violanti",
        published_on=date(2020, 2, 1),
        categories=[sleep],
        tags=["a", "b"],
        publisher=make_publisher(),
    )
    other = make_resource("Other", url="https://example.org/other")

    result = take(
        row(
            summary="Calmer.",
            section="forums",
            published="2021",
            categories=["stress"],
            tags=["B", "c"],
            publisher="BJA",
        )
    )

    assert counts_of(result) == (0, 1, 0, 0)
    new = Resource.objects.get(pk=old.pk)
    assert (new.summary, new.section.anchor, new.position) == ("Calmer.", "forums", 1 + ROOM)
    assert (new.published_on, new.published_precision) == (date(2021, 1, 1), "year")
    assert (new.publisher and new.publisher.name, new.speaker) == ("BJA", "Dr. John Violanti")
    assert (new.slug, new.ref, new.listed_at, new.updated_at) == (old.slug, old.ref, LISTED, NOW)
    assert list(new.categories.all()) == [stress]
    assert sorted(new.tags.names()) == ["b", "c"]
    assert Resource.objects.get(pk=other.pk).updated_at == other.updated_at
    commit()


@pytest.mark.parametrize(
    "cells",
    [
        {"title": "Other"},
        {"summary": "New."},
        {"published": "2020-02"},
        {"categories": ["sleep"]},
        {"tags": ["a", "c"]},
    ],
    ids=str,
)
def test_each_column_alone_is_a_change(cells: dict[str, Any]) -> None:
    make_category("sleep", "Sleep")
    old = make_resource(url=HERE, published_on=date(2020, 2, 1), tags=["a", "b"])

    assert counts_of(take(row(**cells))) == (0, 1, 0, 0)
    assert Resource.objects.get(pk=old.pk).updated_at == NOW


def test_what_the_row_lacks_stays() -> None:
    old = make_resource(
        url=HERE,
        summary="Calm.",
        published_on=date(2020, 2, 1),
        publisher=make_publisher(),
        categories=[make_category()],
        tags=["a"],
    )
    before = everything()

    assert counts_of(take(row(title=None, kind=None, section=None))) == (0, 0, 1, 0)
    assert everything() == before
    assert old.updated_at != NOW


def test_a_new_entry_needs_what_an_old_one_may_leave_out() -> None:
    words = "A new entry needs this."

    assert reasons_of(row(title=None, kind=None, section=None)) == [
        (2, "title", words),
        (2, "kind", words),
        (2, "section", words),
    ]


def test_a_draft_stays_one_and_a_scheduled_entry_too() -> None:
    make_resource("Draft", url=HERE, state="draft")
    make_resource("Later", url="https://example.org/later", listed_at=TEN_YEARS)

    assert counts_of(take(row(), row(line=3, url="https://example.org/later"))) == (0, 2, 0, 0)

    states = Resource.objects.order_by("pk").values_list("title", "state", "listed_at")
    title = "Building Personal Resilience"
    assert list(states) == [(title, "draft", None), (title, "published", TEN_YEARS)]


def test_of_several_with_the_address_the_oldest_that_is_not_withdrawn_is_meant() -> None:
    withdraw(make_resource("Withdrawn", url=HERE))
    meant = make_resource("Oldest", url=HERE)
    make_resource("Newest", url=f"{HERE}/")

    assert counts_of(take(row(title="Changed"))) == (0, 1, 0, 0)
    assert Resource.objects.get(title="Changed").pk == meant.pk


def test_what_was_withdrawn_does_not_come_back() -> None:
    withdraw(make_resource("Withdrawn", url=HERE), reason="Its figures were wrong.")

    words = "The entry with this address was withdrawn: “Its figures were wrong.”. An import can’t bring it back."
    assert reasons_of(row()) == [(2, "url", words)]


def test_a_kind_is_not_changed() -> None:
    make_resource(url=HERE, kind="course")

    words = "This address is a course in the library; the file says podcast. An import can’t change an entry’s kind."
    assert reasons_of(row()) == [(2, "kind", words)]


# Bad rows


def test_an_address_that_stands_twice_in_the_file_is_told_with_its_first_line() -> None:
    words = "Line 2 already has this address."
    again = row(line=5, url="http://EXAMPLE.org/resilience/")
    far = row(line=BATCH + 50, url=f"{HERE}?fbclid=1")

    assert reasons_of(row(), again, *rows_at(BATCH), far) == [(5, "url", words), (BATCH + 50, "url", words)]


def test_one_bad_row_leaves_the_library_as_it_was() -> None:
    before = everything()

    result = take(*rows_at(BATCH + 5), row(line=2000, kind="novel"))

    assert (counts_of(result), result.written) == ((BATCH + 5, 0, 0, 1), False)
    assert (result.bad[0].line, result.bad[0].column) == (2000, "kind")
    assert everything() == before


def test_good_rows_are_written_when_bad_ones_are_to_be_skipped() -> None:
    bad = row(line=3, kind="novel")

    result = take(row(), bad, row(line=4, url="https://example.org/b"), skip_bad=True)

    assert (counts_of(result), result.written) == ((2, 0, 0, 1), True)
    assert Resource.objects.count() == 2


def test_the_list_of_reasons_is_bounded_and_the_number_of_bad_rows_is_not() -> None:
    result = take(*(row(line=number, kind="novel", published="soon") for number in range(1, 151)))

    assert len(result.bad) == ERROR_LIMIT
    assert result.bad[-1] == RowError(50, "published", "“soon” isn’t a date. Use 2020, 2020-02, or 2020-02-28.")
    assert result.bad_rows == 150


# The whole


def test_a_dry_run_tells_the_same_and_leaves_nothing() -> None:
    make_resource("Old", url=HERE)
    before = everything()
    rows = [row(tags=["new"], publisher="New", section="News"), *rows_at(2)]

    dry = take(*rows, dry_run=True, create_missing=True)

    assert (dry.written, everything()) == (False, before)
    real = take(*rows, create_missing=True)
    assert counts_of(dry) == counts_of(real) == (2, 1, 0, 0)
    assert dry.warnings == real.warnings
    assert str(real) == "2 new, 1 changed, 0 unchanged, 0 bad."
    assert str(dry) == "Not written: 2 new, 1 changed, 0 unchanged, 0 bad."


def test_an_import_of_nothing_is_nothing() -> None:
    assert counts_of(take()) == (0, 0, 0, 0)


def test_ignored_columns_are_told_once_each() -> None:
    rows = [replace(one, ignored=("id", "notes")) for one in rows_at(3)]

    assert take(*rows).warnings == (
        "The column “id” isn’t imported (line 2).",
        "The column “notes” isn’t imported (line 2).",
    )


def test_progress_is_told_after_each_batch() -> None:
    progress: list[int] = []

    take(*rows_at(BATCH + 1), on_progress=progress.append)

    assert progress == [BATCH, BATCH + 1]


def test_queries_grow_with_batches_and_not_with_rows() -> None:
    make_category("sleep", "Sleep")

    def queries(number: int, **cells: Any) -> int:
        rows = rows_at(number, categories=["sleep"], tags=["a", "b"], publisher="COPS", **cells)
        with CaptureQueriesContext(connection) as captured:
            take(*rows)
        return len(captured)

    few, again = queries(10), queries(10)
    batch = queries(BATCH, title="Other")

    assert batch <= few + 8
    assert queries(3 * BATCH, summary="New") <= 3 * batch
    assert queries(3 * BATCH, summary="New") <= 3 * again
