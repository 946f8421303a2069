"""XLSX: cells become the texts that a CSV would have; what is broken or hostile is told in a sentence, soon."""

import io
import re
import time
import tracemalloc
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook

from library.imports import spreadsheet
from library.imports.readers import read_plan
from library.imports.tables import UnreadableFile
from tests.imports.conftest import rows_of

NAME = "resources.xlsx"
HEADER = ["Title", "kind", "section", "url", "published", "tags"]
NO_SPREADSHEET = "We can’t read this spreadsheet. Open it and save it again as .xlsx or CSV."
TOO_MUCH = "This spreadsheet has far more in it than a list of entries. Save it as CSV instead."
SHEET, TEXTS, TYPES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "[Content_Types].xml"
TEXTS_TYPE = (
    b'<Override PartName="/xl/sharedStrings.xml"'
    b' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)


def workbook(*rows: list[Any], formats: dict[str, str] | None = None) -> bytes:
    book = Workbook()
    for cells in rows:
        book.active.append(cells)
    for place, shown in (formats or {}).items():
        book.active[place].number_format = shown
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_part(name: str, content: bytes, *rows: list[Any]) -> bytes:
    """A workbook of which one part has another content."""
    return changed(workbook(*(rows or [HEADER])), name, content)


def changed(book: bytes, name: str, content: bytes) -> bytes:
    """The same workbook with another part; shared texts, of which openpyxl writes none, are made known."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {part: old.read(part) for part in old.namelist()}
        if name == TEXTS:
            parts[TYPES] = parts[TYPES].replace(b"</Types>", TEXTS_TYPE + b"</Types>")
        for part, text in (parts | {name: content}).items():
            new.writestr(part, text)
    return target.getvalue()


def named(old: str, new: str, content: bytes) -> bytes:
    """The same workbook with another name for one of its parts, wherever it is spoken of."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as renamed:
        for part in source.namelist():
            is_wanted = part.endswith(".rels") or part == TYPES
            text = source.read(part).replace(old.encode(), new.encode()) if is_wanted else source.read(part)
            renamed.writestr(new if part == old else part, text)
    return target.getvalue()


def sheet_of(rows: bytes) -> bytes:
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return b'<worksheet xmlns="' + space + b'"><sheetData>' + rows + b"</sheetData></worksheet>"


def refusal(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        rows_of(content, NAME)
    return str(refused.value)


def test_reads_the_first_sheet() -> None:
    content = workbook(
        HEADER,
        [" Resilience ", "podcast", "podcasts", "https://example.org/", "2020-02", "sleep | stress"],
        [None, "", None],
        ["Fatigue", "podcast", "podcasts", "https://example.org/2"],
    )

    first, second = rows_of(content, NAME)

    assert (first.line, second.line) == (2, 4)
    assert first.texts == {
        "title": "Resilience",
        "kind": "podcast",
        "section": "podcasts",
        "url": "https://example.org/",
        "published": "2020-02",
    }
    assert first.lists == {"tags": ("sleep", "stress")}


@pytest.mark.parametrize(
    ("value", "shown", "text"),
    [
        (2020, None, "2020"),
        (2020.0, None, "2020"),
        (1.5, None, "1.5"),
        (True, None, "TRUE"),
        (date(2020, 2, 28), "yyyy-mm-dd", "2020-02-28"),
        (datetime(2020, 2, 28, 13), 'd. "of" mmmm yyyy', "2020-02-28"),
        (date(2020, 2, 1), "mmm-yy", "2020-02"),
        (date(2020, 1, 1), "[$-409]yyyy", "2020"),
    ],
)
def test_numbers_and_dates_become_text(value: Any, shown: str | None, text: str) -> None:
    row = ["Resilience", "podcast", "podcasts", "https://example.org/", value]
    (result,) = rows_of(workbook(HEADER, row, formats={"E2": shown} if shown else None), NAME)

    assert result.texts["published"] == text


def test_a_formula_counts_as_what_it_came_to() -> None:
    rows = b'<row><c t="inlineStr"><is><t>title</t></is></c></row><row><c t="str"><f>1+1</f><v>2</v></c></row>'

    assert list(spreadsheet.cells_of(io.BytesIO(with_part(SHEET, sheet_of(rows))), [])) == [(1, ["title"]), (2, ["2"])]


def test_the_header_is_held_to_the_same_rules() -> None:
    assert refusal(workbook(["title", "kind"])) == (
        "Line 1: The header is missing these columns: section, url. It must be the first line of the file."
    )
    assert refusal(workbook()) == "The first sheet of the file is empty."


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"title,kind,section,url\n",
        b"PK\x03\x04 and nothing",
        workbook(HEADER)[:-200],
        with_part("xl/workbook.xml", b"<workbook"),
        with_part("xl/workbook.xml", b"<other/>"),
        with_part(SHEET, b"not XML"),
        with_part(SHEET, sheet_of(b'<row><c t="s"><v>99999</v></c></row>')),
        with_part(SHEET, sheet_of(b'<row><c t="n"><v>many</v></c></row>')),
        with_part(TYPES, b"<Types/>"),
    ],
)
def test_what_is_no_workbook_is_told_in_a_sentence(content: bytes) -> None:
    assert refusal(content) == NO_SPREADSHEET


def test_an_old_or_locked_workbook_is_told_apart() -> None:
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)) == (
        "This is an old .xls file, or it has a password. Save it as .xlsx without a password."
    )


ENDLESS = b'<row><c t="inlineStr"><is><t>' + b"a b" * 650_000 + b"</t></is></c></row>"
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><sst><si><t>&b;</t></si></sst>'


@pytest.mark.parametrize("name", [f"xl/worksheets/{name}" for name in ("sheet1.dat", "sheet1.XML", "media/a.png")])
def test_a_part_is_looked_into_whatever_it_is_called(name: str) -> None:
    assert rows_of(named(SHEET, name, workbook(HEADER, ["A", "podcast", "podcasts", "https://e.org/"])), NAME)
    assert refusal(named(SHEET, name, with_part(SHEET, sheet_of(ENDLESS)))) == TOO_MUCH


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("part", [SHEET, TEXTS, TYPES, "xl/workbook.xml"])
def test_declarations_cannot_hide_in_another_encoding(encoding: str, part: str) -> None:
    assert refusal(with_part(part, BOMB.encode())) == TOO_MUCH
    assert refusal(with_part(part, BOMB.encode(encoding))) == NO_SPREADSHEET


def linked_workbook() -> bytes:
    """A hidden sheet, and one with a link behind words and one behind an address."""
    book = Workbook()
    book.active.append(["old"])
    book.active.sheet_state = "hidden"
    sheet = book.create_sheet("List")
    for cells in (HEADER, ["Calm", "site", "websites", "Click here"], ["Sleep", "site", "websites", "https://e.org/2"]):
        sheet.append(cells)
    sheet["D2"].hyperlink, sheet["D3"].hyperlink = "https://e.org/1?a=b&c=d", "https://other.example.org/"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_hidden_sheets_are_passed_over_and_links_behind_words_are_read() -> None:
    rows = rows_of(linked_workbook(), NAME)

    assert [row.texts["url"] for row in rows] == ["https://e.org/1?a=b&c=d", "https://e.org/2"]
    plan = read_plan(io.BytesIO(linked_workbook()), NAME)
    assert plan
    assert plan.notes == ("The sheet “List” was read: the first one that isn’t hidden.",)


def test_formulas_for_links_are_read() -> None:
    at = ["course", "podcasts"]
    rows = rows_of(
        workbook(
            HEADER,
            ['=HYPERLINK("https://e.org/1?a=b&c=d", "Calm & ""well""")', *at],
            ["Sleep", *at, '=hyperlink("https://e.org/2")'],
            ["Rest", *at, '=HYPERLINK(A1,"Open")'],
        ),
        NAME,
    )

    assert [row.texts.get("title") for row in rows] == ['Calm & "well"', "Sleep", "Rest"]
    assert [row.texts.get("url") for row in rows] == ["https://e.org/1?a=b&c=d", "https://e.org/2", None]


def test_strict_workbooks_are_read() -> None:
    content, target = linked_workbook(), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.namelist():
            names = rb"http://schemas.openxmlformats.org/(?!package)(\w+)/2006/"
            text = re.sub(names, rb"http://purl.oclc.org/ooxml/\1/", old.read(part))
            new.writestr(part, text)

    assert [row.texts["title"] for row in rows_of(target.getvalue(), NAME)] == ["Calm", "Sleep"]


def test_a_chart_is_not_read() -> None:
    book = Workbook()
    book.active.append(["title"])
    book.create_chartsheet("Chart", 0)
    file = io.BytesIO()
    book.save(file)
    content = changed(file.getvalue(), "xl/chartsheets/sheet1.xml", b"no chart")

    assert list(spreadsheet.cells_of(io.BytesIO(content), [])) == [(1, ["title"])]


def test_what_is_no_table_may_be_anything() -> None:
    content = workbook(HEADER, ["A", "podcast", "podcasts", "https://e.org/"])
    others = {
        "docProps/thumbnail.wmf": b"\xd7\xcd\xc6\x9a\0\0",
        "xl/media/image1.png": b"\x89PNG\r\n\x1a\n\0\0\0",
        "xl/media/image2.svg": b'<!DOCTYPE svg [<!ENTITY ns "http://www.w3.org/2000/svg">]><svg xmlns="&ns;"/>',
        "xl/printerSettings/printerSettings1.bin": "HP LaserJet".encode("utf-16-le") + bytes(40),
        "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "customXml/item1.xml": '<?xml version="1.0" encoding="utf-16"?><DataMashup/>'.encode("utf-16"),
        "xl/worksheets/_rels/sheet1.xml.rels": b"<Relationships/>",
    }
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a") as archive:
        for name, other in others.items():
            archive.writestr(name, other)

    assert [row.texts["title"] for row in rows_of(target.getvalue(), NAME)] == ["A"]


@pytest.mark.parametrize(
    "content",
    [
        with_part(SHEET, sheet_of(b"<row>" + b"<c/>" * 40_000_000 + b"</row>")),
        with_part(TEXTS, b"<sst><si><t>" + b"a" * 60_000_000 + b"</t></si></sst>"),
        with_part(SHEET, sheet_of(b"<row>" + b"<c/>" * 400_000 + b"</row>")),
        with_part("xl/styles.xml", bytes(6_000_000)),
        with_part("xl/media/picture.png", bytes(300_000_000)),
        with_part(SHEET, b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaa'>]>" + sheet_of(b"")),
        named("xl/workbook.xml", "xl/worksheets/book.xml", with_part("xl/workbook.xml", sheet_of(b"<row/>" * 10**6))),
    ],
    ids=[
        "a ratio",
        "an endless text",
        "an endless row",
        "a large part",
        "a large whole",
        "a declaration",
        "a large workbook that is called a sheet",
    ],
)
def test_a_hostile_workbook_is_refused_soon_and_in_little_memory(content: bytes) -> None:
    tracemalloc.start()
    started = time.monotonic()
    try:
        assert refusal(content) == TOO_MUCH
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    assert time.monotonic() - started < 5


def test_a_row_at_the_end_of_the_world_costs_nothing() -> None:
    header = b"".join(b'<c t="inlineStr"><is><t>' + name.encode() + b"</t></is></c>" for name in HEADER)
    rows = b"<row>" + header + b"</row>" + b'<row r="99999999999"><c r="XFD99999999999"><v>1</v></c></row>'

    started = time.monotonic()
    assert rows_of(with_part(SHEET, sheet_of(rows)), NAME) == []
    assert time.monotonic() - started < 3


def test_more_parts_than_a_workbook_has_are_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(spreadsheet.PART_COUNT + 1):
            archive.writestr(f"part-{number}.xml", "")

    assert refusal(file.getvalue()) == TOO_MUCH


def test_more_texts_than_a_sheet_has_rows_are_refused() -> None:
    texts = b"".join(b"<si></si>" * 20 + b"<!-- %d -->" % number for number in range(60_000))

    assert refusal(with_part(TEXTS, texts)) == TOO_MUCH


def test_thousands_of_rows_take_little_memory() -> None:
    row = ["Resilience", "podcast", "podcasts", "https://example.org/", "2020-02", "sleep"]
    content = workbook(HEADER, *([*row[:3], f"https://example.org/{number}", *row[4:]] for number in range(3_000)))

    tracemalloc.start()
    try:
        assert sum(1 for _row in spreadsheet.cells_of(io.BytesIO(content), [])) == 3_001
        assert tracemalloc.get_traced_memory()[1] < 2_500_000
    finally:
        tracemalloc.stop()
