"""Rows that name their entry by its ref; and how new entries come in."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from library.imports.importer import BATCH
from library.imports.report import RowOutcome
from library.models import Resource
from tests.factories import make_resource, make_section, withdraw
from tests.imports.conftest import HERE, counts_of, reasons_of, row, rows_at, take

pytestmark = pytest.mark.django_db


def test_a_ref_names_an_entry_whatever_else_changes() -> None:
    old = make_resource("Old", url="https://example.org/old")

    result = take(row(ref=old.ref, title="New", url="https://example.org/new/", section=None, kind=None))

    old.refresh_from_db()
    assert counts_of(result) == (0, 1, 0, 0)
    assert (old.title, old.url, old.address_key) == ("New", "https://example.org/new/", "example.org/new")


def test_a_ref_that_no_entry_has_is_refused() -> None:
    make_section("podcasts")

    assert reasons_of(row(ref="nobody2")) == [
        (2, "ref", "No entry has this ref. Leave the cell empty for a new entry.")
    ]


def test_entries_of_one_address_are_told_apart_by_their_refs() -> None:
    first, second = (make_resource(title, url=HERE) for title in ("First", "Second"))

    result = take(row(2, ref=first.ref, title="One"), row(3, ref=second.ref, title="Two"))

    assert counts_of(result) == (0, 2, 0, 0)
    assert list(Resource.objects.order_by("pk").values_list("title", flat=True)) == ["One", "Two"]


def test_one_entry_is_not_named_by_its_ref_and_again_by_its_address() -> None:
    old = make_resource("Old", url=HERE)

    assert reasons_of(row(2, ref=old.ref), row(3)) == [(3, "url", "Line 2 already has this address.")]
    assert reasons_of(row(2), row(3, ref=old.ref)) == [(3, "ref", "Line 2 already has this entry.")]


# The address of another entry

A, B, NEW = (f"https://example.org/{path}" for path in ("a", "b", "new"))


def shared_by(*rows: Any) -> dict[int, tuple[str, str]]:
    """Of each line that brings an entry to the address of another one, what is told of that; the same when written."""

    def once(**options: Any) -> dict[int, tuple[str, str]]:
        noted: list[RowOutcome] = []
        take(*rows, on_batch=noted.extend, **options)
        return {one.line: one.shared for one in noted if one.shared}

    report = once(dry_run=True)
    assert once() == report
    return report


def moving(line: int, resource: Resource, url: str) -> Any:
    return row(line, ref=resource.ref, url=url, title=None, kind=None, section=None)


def two_entries() -> tuple[Resource, Resource]:
    return make_resource("First", url=A), make_resource("Second", url=B)


def test_a_row_that_gives_an_entry_the_address_of_another_one_says_so() -> None:
    first, second = two_entries()
    rows = [moving(2, second, "http://EXAMPLE.org/a/?utm_source=mail")]

    assert take(*rows, dry_run=True).warnings == (
        "Lines that give an entry the address of another entry: 2",
        "Tracking codes such as utm_source were removed from addresses. Lines: 2",
    )
    assert shared_by(*rows) == {2: ("First", str(first.pk))}
    assert shared_by(*rows) == {}  # it has had it since, and that is no news


def test_an_address_that_no_other_entry_has_is_no_warning() -> None:
    first, second = two_entries()

    assert take(moving(2, first, f"{A}/#part"), moving(3, second, NEW)).warnings == ()


def test_of_several_at_the_address_the_one_is_told_that_is_not_withdrawn() -> None:
    withdraw(make_resource("Withdrawn", url=A))
    first, second = two_entries()

    assert shared_by(moving(2, second, A)) == {2: ("First", str(first.pk))}


@pytest.mark.parametrize("between", [0, BATCH], ids=["in one batch", "in two"])
def test_rows_of_one_file_do_not_come_to_one_address_unsaid(between: int) -> None:
    first, second = two_entries()
    far = [row(one.line + 50, **one.texts) for one in rows_at(between)]

    assert shared_by(row(2, url=NEW, title="New"), *far, moving(BATCH + 99, second, NEW)) == {
        BATCH + 99: ("line 2, New", "")
    }
    assert shared_by(moving(2, first, A + "/x"), *far, moving(BATCH + 99, second, A + "/x")) == {
        BATCH + 99: ("First", str(first.pk))
    }


@pytest.mark.parametrize("between", [0, BATCH], ids=["in one batch", "in two"])
def test_a_new_row_means_the_entry_that_a_row_before_has_moved_there(between: int) -> None:
    _first, second = two_entries()
    far = [row(one.line + 50, **one.texts) for one in rows_at(between)]

    reasons = reasons_of(moving(2, second, NEW), *far, row(BATCH + 99, url=NEW))

    assert reasons == [(BATCH + 99, "url", "Line 2 already has this address.")]


@pytest.mark.parametrize("between", [0, BATCH], ids=["in one batch", "in two"])
def test_an_address_that_a_row_before_has_taken_away_is_free(between: int) -> None:
    first, second = two_entries()
    far = [row(one.line + 50, **one.texts) for one in rows_at(between)]

    assert shared_by(moving(2, first, NEW), *far, moving(BATCH + 99, second, A)) == {}
    # The other way round, it is not known at the first of the rows what the second one will say.
    assert shared_by(moving(2, second, NEW), *far, moving(BATCH + 99, first, B)) == {2: ("First", str(first.pk))}


def test_who_has_an_address_costs_a_query_for_each_batch() -> None:
    make_section("podcasts")
    take(*rows_at(BATCH))
    entries = list(Resource.objects.order_by("pk"))

    def queries(number: int, path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            take(*(moving(line, one, f"{A}/{path}/{line // 2}") for line, one in enumerate(entries[:number], start=2)))
        return len(captured)

    assert queries(BATCH, "x") == queries(10, "y")


def test_the_list_of_lines_is_bounded() -> None:
    make_section("podcasts")
    take(*rows_at(30))

    rows = [moving(line, one, A) for line, one in enumerate(Resource.objects.order_by("pk"), start=2)]

    (warning,) = take(*rows).warnings
    assert warning.endswith(": 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22 …")


# Withdrawn, drafts, spaces


def test_a_withdrawn_entry_is_corrected_by_its_ref_and_stays_withdrawn() -> None:
    old = withdraw(make_resource("Old", url=HERE))

    assert counts_of(take(row(ref=old.ref, title="New"))) == (0, 1, 0, 0)
    old.refresh_from_db()
    assert (old.title, old.state) == ("New", "withdrawn")


def test_new_entries_can_be_drafts() -> None:
    make_section("podcasts")

    take(row(), publish=False)

    assert Resource.objects.values_list("state", "listed_at").get() == ("draft", None)


def test_spaces_that_make_no_difference_are_no_change() -> None:
    old = make_resource("Building  Personal Resilience", url=HERE)

    assert counts_of(take(row())) == (0, 0, 1, 0)
    old.refresh_from_db()
    assert old.title == "Building  Personal Resilience"
