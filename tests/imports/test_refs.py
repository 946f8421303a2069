"""Rows that name their entry by its ref; and how new entries come in."""

import pytest

from library.models import Resource
from tests.factories import make_resource, make_section, withdraw
from tests.imports.conftest import HERE, counts_of, reasons_of, row, take

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

    assert reasons_of(row(2, ref=old.ref), row(3)) == [(3, "url", "The same address stands in line 2 already.")]
    assert reasons_of(row(2), row(3, ref=old.ref)) == [(3, "ref", "The same entry stands in line 2 already.")]


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
