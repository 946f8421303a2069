"""A file to rows: CSV, XLSX and JSON Lines, as a stream and within bounds. What the texts mean is for `rows` to tell.

CSV: `text_files`. XLSX: `spreadsheet`. ODS: `opendocument`. Bookmarks, RIS: `reference_lists`. WordPress: `xml_files`.
JSON Lines is one object on each line (jsonlines.org).
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import PurePath
from typing import Any, BinaryIO, NoReturn

from django.utils.translation import gettext

from library.exports.columns import COLUMNS, EXTRAS, LISTS, TEXTS, as_meant, split_list

from .column_plan import ColumnPlan, guess_plan
from .opendocument import read_ods
from .reference_lists import read_bookmarks, read_ris
from .spreadsheet import read_xlsx
from .tables import CellTable, LinkedText, UnreadableFile
from .text_files import lines_of, read_csv
from .xml_files import read_xml

COLUMN_LIMIT = 200


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
    return _rows_of(_TABLES[suffix](stream).rows, plan) if suffix in _TABLES else _read_json_lines(stream)


def read_plan(stream: BinaryIO, name: str) -> ColumnPlan | None:
    """What the columns of a file seem to be, with a few values of each; None where they have names that we give.

    Raises `UnreadableFile`.
    """
    suffix = _suffix_of(name)
    if suffix not in _TABLES:
        return None
    table = _TABLES[suffix](stream)
    line, header = _header_of(table.rows)
    plan = guess_plan(header, (cells for _line, cells in table.rows))
    if sum(map(bool, plan.headers)) < 2:
        raise _missing(plan, line)
    return replace(plan, notes=tuple(table.notes))


def _suffix_of(name: str) -> str:
    suffix = PurePath(name).suffix.lower()
    if suffix not in ENDINGS:
        raise UnreadableFile(wrong_ending())
    return suffix


def wrong_ending() -> str:
    """What is said of a file that has none of our endings."""
    return gettext("Choose a file that ends in %s.") % ", ".join(ENDINGS)


def quote(text: str) -> str:
    """The beginning of what somebody wrote, so that any terminal can show it."""
    shown = "".join(character if character.isprintable() else "�" for character in text[:60])
    return f"“{shown}{'…' if len(text) > 60 else ''}”"


# Formats with a header and rows of cells below it.
_TABLES: dict[str, Callable[[BinaryIO], CellTable]] = {
    ".csv": read_csv,
    ".tsv": partial(read_csv, delimiter="\t"),
    ".xlsx": read_xlsx,
    ".ods": read_ods,
    ".html": read_bookmarks,
    ".htm": read_bookmarks,
    ".ris": read_ris,
    ".xml": read_xml,
    ".opml": read_xml,
}
# In the order in which they are offered.
ENDINGS = (*_TABLES, ".jsonl", ".ndjson")


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
        ignored = tuple(name for name in ignored if name not in EXTRAS)
    for line, cells in table:
        yield _row_of(line, cells, plan, ignored)


def _row_of(line: int, cells: list[str], plan: ColumnPlan, ignored: tuple[str, ...]) -> Row:
    width = len(plan.targets)
    errors: tuple[RowError, ...] = ()
    if any(cell.strip() for cell in cells[width:]):
        message = gettext(
            "This row has %(count)d cells, but the header has %(width)d. A cell with a comma in it needs quotes."
        )
        errors = (RowError(line, "", message % {"count": len(cells), "width": width}),)
    texts: dict[str, str] = {}
    lists: dict[str, tuple[str, ...]] = {}
    for target, cell in zip(plan.targets, cells, strict=False):
        if target == "url" and isinstance(cell, LinkedText) and "://" not in cell:
            texts[target] = cell.link
        elif not target or not (value := as_meant(cell.strip())):
            continue
        elif target in TEXTS:
            texts[target] = value
        elif values := split_list(value, target):
            lists[target] = lists.get(target, ()) + values
    if "url" not in texts and (link := next((cell.link for cell in cells if isinstance(cell, LinkedText)), "")):
        texts["url"] = link
    return Row(line, texts, lists, ignored, errors, plan.defaults)


# JSON Lines


class _Pairs(list[tuple[str, Any]]):
    """The names and values of a JSON object, a name that comes twice included."""


def _refuse(_constant: str) -> NoReturn:
    raise ValueError


def _read_json_lines(stream: BinaryIO) -> Iterator[Row]:
    empty = True
    for number, line in enumerate(lines_of(stream, []), start=1):
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
            ignored += [] if name in EXTRAS else [name]
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
