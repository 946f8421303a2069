"""A file to rows: CSV, XLSX and JSON Lines, as a stream and within bounds. What the texts mean is for `rows` to tell.

CSV is that of RFC 4180 in UTF-8, with commas, semicolons or tabs between the cells. Of XLSX the first sheet is read
(`spreadsheet`). JSON Lines is one object on each line (jsonlines.org).
"""

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import PurePath
from typing import Any, BinaryIO, NoReturn

from django.utils.translation import gettext

from library.exports.columns import COLUMNS, LISTS, TEXTS, as_meant, split_list

from .column_plan import ColumnPlan, guess, guess_plan
from .spreadsheet import BrokenWorkbook, cells_of

ENDINGS = (".csv", ".xlsx", ".jsonl", ".ndjson")

CELL_LIMIT = 1_000_000  # characters
LINE_LIMIT = 2_000_000  # bytes
ROW_LIMIT = 4_000_000  # characters of all the lines of one CSV row
COLUMN_LIMIT = 200
HEADER_LIMIT = 20_000  # characters in which the sign between its cells is looked for


class UnreadableFile(Exception):
    """Why nothing can be made of a file, in words for people, with the line where one is known."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(gettext("Line %(line)d: %(reason)s") % {"line": line, "reason": reason} if line else reason)


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row cannot be taken. `column` is empty where it is about the row as a whole."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        message = (
            gettext("Line %(line)d, %(column)s: %(reason)s") if self.column else gettext("Line %(line)d: %(reason)s")
        )
        return message % {"line": self.line, "column": self.column, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Row:
    """What stands in one row, trimmed and without what is empty. `line` is the one on which it begins."""

    line: int
    texts: dict[str, str] = field(default_factory=dict)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    errors: tuple[RowError, ...] = ()
    # What a new entry gets where the row is silent.
    defaults: dict[str, str] = field(default_factory=dict)


def read_rows(stream: BinaryIO, name: str, plan: ColumnPlan | None = None) -> Iterator[Row]:
    """The rows of a file of this name, whose ending tells the format; one row at a time is in memory.

    Without a plan, its columns are those that they seem to be. Raises `UnreadableFile`, after some rows too.
    """
    suffix = _suffix_of(name)
    return _rows_of(_TABLES[suffix](stream), plan) if suffix in _TABLES else _read_json_lines(stream)


def read_plan(stream: BinaryIO, name: str) -> ColumnPlan | None:
    """What the columns of a file seem to be, with a few values of each; None where they have names that we give.

    Raises `UnreadableFile`.
    """
    suffix = _suffix_of(name)
    if suffix not in _TABLES:
        return None
    table = _TABLES[suffix](stream)
    line, header = _header_of(table)
    plan = guess_plan(header, (cells for _line, cells in table))
    if sum(map(bool, plan.headers)) < 2:
        raise _missing(plan, line)
    return plan


def _suffix_of(name: str) -> str:
    suffix = PurePath(name).suffix.lower()
    if suffix not in ENDINGS:
        raise UnreadableFile(gettext("Choose a .csv, .xlsx, .jsonl, or .ndjson file."))
    return suffix


def quote(text: str) -> str:
    """The beginning of what somebody wrote, so that any terminal can show it."""
    shown = "".join(character if character.isprintable() else "�" for character in text[:60])
    return f"“{shown}{'…' if len(text) > 60 else ''}”"


def _lines(stream: BinaryIO) -> Iterator[str | None]:
    """Each line as text; None for one that is longer than the limit."""
    number = 0
    while raw := stream.readline(LINE_LIMIT):
        number += 1
        if len(raw) == LINE_LIMIT and not raw.endswith(b"\n"):
            while (rest := stream.readline(LINE_LIMIT)) and not rest.endswith(b"\n"):
                pass
            yield None
            continue
        try:
            yield raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            message = gettext("The file isn’t in UTF-8. Save it again in that encoding; in Excel, as “CSV UTF-8”.")
            raise UnreadableFile(message, number) from error


# CSV


class _Table:
    """The rows of a CSV file as lists of cells, each with the line on which it begins; the first one is the header."""

    def __init__(self, stream: BinaryIO) -> None:
        csv.field_size_limit(CELL_LIMIT)
        self.lines = _lines(stream)
        self.start = 1
        self.size = 0

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        blank = 0
        for first in self.lines:
            if first is None or first.strip():
                break
            blank += 1
        else:
            raise UnreadableFile(gettext("The file is empty."))
        reader = csv.reader(self._bounded(first), delimiter=_delimiter(first or ""), strict=True)
        while True:
            self.start, self.size = blank + reader.line_num + 1, 0
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise UnreadableFile(_csv_message(error), self.start) from error
            if any(cell.strip() for cell in cells):
                yield self.start, cells

    def _bounded(self, first: str | None) -> Iterator[str]:
        for line in chain([first], self.lines):
            self.size += len(line or "")
            if line is None or self.size > ROW_LIMIT:
                raise UnreadableFile(gettext("This row is too long. Is a closing quote missing?"), self.start)
            yield line


def _csv_message(error: csv.Error) -> str:
    if "field limit" in str(error):
        return gettext("A cell of this row is longer than a million characters. Is a closing quote missing?")
    if "new-line" in str(error):
        return gettext("This row has a line break we can’t read. Save the file as CSV again.")
    return gettext("The quotes in this row don’t match. Inside a quoted cell, type each quote twice.")


def _delimiter(header: str) -> str:
    """What divides the header into most columns that we know, or into most; a comma where it makes no difference."""

    def columns(delimiter: str) -> tuple[int, int]:
        names = header[:HEADER_LIMIT].split(delimiter)
        return sum(bool(guess(name.strip(' "\r\n'))[0]) for name in names), len(names)

    return max(",;\t", key=columns)


def _xlsx_table(stream: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    try:
        yield from cells_of(stream)
    except BrokenWorkbook as error:
        raise UnreadableFile(str(error)) from error


# Formats with a header and rows of cells below it, each with its line.
_TABLES: dict[str, Callable[[BinaryIO], Iterator[tuple[int, list[str]]]]] = {
    ".csv": lambda stream: iter(_Table(stream)),
    ".xlsx": _xlsx_table,
}


def _header_of(table: Iterator[tuple[int, list[str]]]) -> tuple[int, list[str]]:
    """The first row with its line. Raises `UnreadableFile` for what names no columns."""
    line, header = next(table, (0, []))
    if not header:
        raise UnreadableFile(gettext("The file is empty."))
    if len(header) > COLUMN_LIMIT:
        message = gettext("The header has %(count)d columns; the limit is %(most)d. Delete those you don’t need.")
        raise UnreadableFile(message % {"count": len(header), "most": COLUMN_LIMIT}, line)
    if any("\0" in name for name in header):
        raise UnreadableFile(gettext("This isn’t text that we can read. Save the file again as “CSV UTF-8”."), line)
    names = Counter(name.strip().lower() for name in header)
    twice = [name for name in COLUMNS if names[name] > 1]
    if twice:
        raise UnreadableFile(gettext("The header has the column %(name)s twice.") % {"name": quote(twice[0])}, line)
    return line, header


def _missing(plan: ColumnPlan, line: int) -> UnreadableFile:
    message = gettext("The header is missing these columns: %(names)s. It must be the first line of the file.")
    return UnreadableFile(message % {"names": ", ".join(plan.missing)}, line)


def _rows_of(table: Iterator[tuple[int, list[str]]], plan: ColumnPlan | None) -> Iterator[Row]:
    """What stands below a header. Of columns that a plan leaves out, nothing is said again."""
    line, header = _header_of(table)
    ignored: tuple[str, ...] = ()
    if plan is None:
        plan = guess_plan(header)
        if plan.missing:
            raise _missing(plan, line)
        names = zip(header, plan.targets, strict=True)
        ignored = tuple(name.strip().lower() for name, target in names if name.strip() and not target)
    for line, cells in table:
        yield _row_of(line, cells, plan, ignored)


def _row_of(line: int, cells: list[str], plan: ColumnPlan, ignored: tuple[str, ...]) -> Row:
    width = len(plan.targets)
    if any(cell.strip() for cell in cells[width:]):
        message = gettext(
            "This row has %(count)d cells, but the header has %(width)d. A cell with a comma in it needs quotes."
        )
        return Row(line, errors=(RowError(line, "", message % {"count": len(cells), "width": width}),))
    texts: dict[str, str] = {}
    lists: dict[str, tuple[str, ...]] = {}
    for target, cell in zip(plan.targets, cells, strict=False):
        if not target or not (value := as_meant(cell.strip())):
            continue
        if target in TEXTS:
            texts[target] = value
        elif values := split_list(value):
            lists[target] = lists.get(target, ()) + values
    return Row(line, texts, lists, ignored, defaults=plan.defaults)


# JSON Lines


class _Pairs(list[tuple[str, Any]]):
    """The names and values of a JSON object, a name that comes twice included."""


def _refuse(_constant: str) -> NoReturn:
    raise ValueError


def _read_json_lines(stream: BinaryIO) -> Iterator[Row]:
    empty = True
    for number, line in enumerate(_lines(stream), start=1):
        if line is None:
            yield Row(number, errors=(RowError(number, "", gettext("This line is longer than two million bytes.")),))
        elif line.strip():
            yield _json_row(number, line)
        empty = empty and line is not None and not line.strip()
    if empty:
        raise UnreadableFile(gettext("The file is empty."))


def _json_row(line: int, source: str) -> Row:
    try:
        pairs = json.loads(source, parse_constant=_refuse, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        pairs = None
    if isinstance(pairs, _Pairs) and len(pairs) > COLUMN_LIMIT:
        message = gettext("This line has %(count)d names; the limit is %(most)d.")
        return Row(line, errors=(RowError(line, "", message % {"count": len(pairs), "most": COLUMN_LIMIT}),))
    if not isinstance(pairs, _Pairs):
        message = gettext('This line isn’t a single JSON object: {"title": "…", "kind": "…", …}, all on one line.')
        return Row(line, errors=(RowError(line, "", message),))
    texts: dict[str, str] = {}
    lists: dict[str, tuple[str, ...]] = {}
    ignored: list[str] = []
    errors: list[RowError] = []
    seen: set[str] = set()
    for name, value in ((name.strip().lower(), value) for name, value in pairs):
        if name in seen:
            errors.append(RowError(line, name, gettext("This name is in the line twice.")))
        seen.add(name)
        if name not in {*TEXTS, *LISTS}:
            ignored.append(name)
        elif name in TEXTS and isinstance(value, str):
            texts[name] = value.strip()
        elif name in LISTS and type(value) is list and all(isinstance(item, str) for item in value):
            lists[name] = tuple(filter(None, map(str.strip, value)))
        elif value is not None:
            errors.append(RowError(line, name, _expected(name)))
    texts = {name: text for name, text in texts.items() if text}
    lists = {name: values for name, values in lists.items() if values}
    return Row(line, texts, lists, tuple(ignored), tuple(errors))


def _expected(name: str) -> str:
    if name in LISTS:
        return gettext('Use a list of strings: ["sleep", "stress"].')
    return gettext('Use a string, in quotes: "2020".')
