"""Resources as files: what the cells say, that nothing in them runs, and that they can be imported again."""

import csv
import io
import json
import tracemalloc
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from library.exports.columns import COLUMNS
from library.exports.formats import as_csv, as_json_lines, as_xlsx, rows_of
from library.imports.importer import import_resources
from library.imports.readers import read_rows
from library.models import Resource
from tests.factories import make_category, make_many, make_publisher, make_resource, make_section, withdraw
from tests.imports.conftest import NOW, counts_of, everything

pytestmark = pytest.mark.django_db


def pks() -> list[int]:
    return list(Resource.objects.order_by("pk").values_list("pk", flat=True))


def make_everything() -> Resource:
    return make_resource(
        "=HYPERLINK(1)",
        url="https://example.org/1",
        summary="+ Calm, “quiet”; \"plain\"\tand 'short'.",
        publisher=make_publisher(),
        categories=[make_category("sleep", "Sleep | rest"), make_category("peer", "Peer support")],
        tags=["ptsd", "a|b", "-dash"],
        published_on=date(2020, 2, 1),
        published_precision="month",
        ref="bpr2345",
    )


def file_of(ending: str) -> bytes:
    rows = rows_of(pks())
    if ending == "xlsx":
        with as_xlsx(rows) as file:
            return file.read()
    return "".join(as_csv(rows) if ending == "csv" else as_json_lines(rows)).encode()


def test_says_of_each_entry_what_an_import_takes() -> None:
    make_everything()

    assert list(rows_of(pks())) == [
        {
            "title": "=HYPERLINK(1)",
            "kind": "podcast",
            "section": "podcasts",
            "url": "https://example.org/1",
            "summary": "+ Calm, “quiet”; \"plain\"\tand 'short'.",
            "publisher": "COPS Office",
            "published": "2020-02",
            "categories": ["Peer support", "Sleep | rest"],
            "tags": ["-dash", "a|b", "ptsd"],
            "ref": "bpr2345",
        }
    ]


def test_keeps_the_order_and_leaves_out_what_has_gone() -> None:
    first, second = make_resource("First"), make_resource("Second")

    assert [row["title"] for row in rows_of([second.pk, 999_999, first.pk])] == ["Second", "First"]


def test_nothing_in_a_csv_is_a_formula() -> None:
    make_everything()

    text = file_of("csv").decode("utf-8-sig")
    header, row = csv.reader(io.StringIO(text))
    assert tuple(header) == COLUMNS
    assert row[0] == "'=HYPERLINK(1)"
    assert row[4].startswith("'+ Calm")
    assert row[COLUMNS.index("tags")] == r"'-dash | a\|b | ptsd"


def test_nothing_in_an_xlsx_is_a_formula() -> None:
    make_everything()

    sheet = load_workbook(io.BytesIO(file_of("xlsx")))["list"]
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value} == {"s"}
    assert sheet["A2"].value == "=HYPERLINK(1)"


def test_a_line_of_json_is_an_object() -> None:
    make_everything()

    assert json.loads(file_of("jsonl"))["tags"] == ["-dash", "a|b", "ptsd"]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "jsonl"])
def test_what_is_exported_changes_nothing_when_it_is_imported(ending: str) -> None:
    make_everything()
    make_resource("＝1+1", url="https://example.org/wide", summary="＠SUM(A1)", published_on=date(2017, 1, 1))
    make_resource("'=quoted", url="", published_on=date(2019, 1, 1), published_precision="year")
    make_resource("Twins  of one address", url="https://example.org/1", published_on=date(2018, 3, 4))
    make_resource("Draft", state="draft", section=make_section("forums"))
    withdraw(make_resource("Withdrawn", kind="site", url="https://example.org/9"))
    before = everything()

    rows = read_rows(io.BytesIO(file_of(ending)), f"resources.{ending}")
    result = import_resources(rows, now=NOW)

    assert counts_of(result) == (0, 0, 6, 0), result.bad
    assert everything() == before


def test_a_correction_in_the_file_arrives() -> None:
    old = make_resource("Old title", url="https://example.org/old")
    raw = file_of("csv").decode().replace("Old title", "New title").replace("/old", "/new")

    import_resources(read_rows(io.BytesIO(raw.encode()), "resources.csv"), now=NOW)

    old.refresh_from_db()
    assert (old.title, old.url) == ("New title", "https://example.org/new")


def test_of_no_entries_only_the_columns_are_left() -> None:
    assert file_of("csv").decode("utf-8-sig").strip() == ",".join(COLUMNS)
    assert file_of("jsonl") == b""
    assert load_workbook(io.BytesIO(file_of("xlsx")))["list"].max_row == 1


def test_characters_that_no_xlsx_can_hold_are_left_out() -> None:
    make_resource("Bell\x07")

    assert load_workbook(io.BytesIO(file_of("xlsx")))["list"]["A2"].value == "Bell"


def count(lines: Iterator[Any]) -> int:
    return sum(1 for _line in lines)


def test_ten_thousand_rows_take_thirty_queries_and_little_memory() -> None:
    make_many(9_999, of=make_everything())
    ids = pks()

    tracemalloc.start()
    try:
        with CaptureQueriesContext(connection) as captured:
            assert count(as_csv(rows_of(ids))) == 10_001
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()
    assert len(captured) == 30
