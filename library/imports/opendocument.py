"""The cells of an OpenDocument spreadsheet (.ods), as the texts that a CSV would have. It may come from anybody."""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, BinaryIO, cast

from django.utils.translation import gettext

from library.models.dates import read_date

from .spreadsheet import SHEET_COLUMN_LIMIT, broken_spreadsheet, check_sizes, read_sheet
from .tables import CellTable, LinkedText, UnreadableFile, linked
from .xml_files import XML_TEXT_LIMIT, parse_xml

_CONTENT = "content.xml"
_CELLS = ("table:table-cell", "table:covered-table-cell")


def read_ods(stream: BinaryIO) -> CellTable:
    """The first sheet that is not hidden. Raises `UnreadableFile`, after some rows too."""
    notes: list[str] = []
    return CellTable(_rows(stream, notes), notes)


def _rows(stream: BinaryIO, notes: list[str]) -> Iterator[tuple[int, list[str]]]:
    check_sizes(stream)
    empty = True
    try:
        with zipfile.ZipFile(stream) as archive, archive.open(_CONTENT) as content:
            for row in parse_xml(cast(BinaryIO, _Whole(content)), _Sheet(notes), broken_spreadsheet()):
                empty = False
                yield row
    except (zipfile.BadZipFile, KeyError, RuntimeError, OSError, EOFError, NotImplementedError) as error:
        raise broken_spreadsheet() from error
    if empty:
        raise UnreadableFile(gettext("The first sheet of the file is empty."))


class _Whole:
    """A part of the archive, without what `zlib` says of a broken one."""

    def __init__(self, content: IO[bytes]) -> None:
        self.content = content

    def read(self, size: int) -> bytes:
        try:
            return self.content.read(size)
        except zlib.error as error:
            raise broken_spreadsheet() from error


@dataclass
class _Sheet:
    """The rows of the first sheet that is shown; the others are passed over."""

    notes: list[str]
    hidden: set[str] = field(default_factory=set)
    style: str = ""
    name: str = ""
    sheets: int = 0
    is_read: bool = False
    depth_of_note: int = 0
    number: int = 0
    repeated_rows: int = 1
    repeated_cells: int = 1
    cells: list[str] = field(default_factory=list)
    ready: list[tuple[int, list[str]]] = field(default_factory=list)
    value: dict[str, str] = field(default_factory=dict)
    paragraphs: list[list[str]] = field(default_factory=list)
    length: int = 0
    link: str = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "style:style":
            self.style = attributes.get("style:name", "")
        elif name == "style:table-properties" and attributes.get("table:display") == "false":
            self.hidden.add(self.style)
        elif name == "table:table":
            self._start_sheet(attributes)
        elif name == "office:annotation":
            self.depth_of_note += 1
        elif not self.is_read or self.depth_of_note:
            return
        elif name == "table:table-row":
            self.cells, self.repeated_rows = [], _count(attributes.get("table:number-rows-repeated"))
        elif name in _CELLS:
            self.value, self.paragraphs, self.length = attributes, [], 0
            formula = linked(attributes.get("table:formula", "").removeprefix("of:"))
            self.link = formula.link if formula else ""
            self.repeated_cells = _count(attributes.get("table:number-columns-repeated"))
        elif name == "text:p":
            self.paragraphs.append([])
        elif name == "text:s":
            self.text(" ")
        elif name == "text:a":
            self.link = self.link or attributes.get("xlink:href", "")

    def _start_sheet(self, attributes: dict[str, str]) -> None:
        self.sheets += 1
        is_shown = attributes.get("table:style-name", "") not in self.hidden
        self.is_read = is_shown and not self.name
        if self.is_read:
            self.name = attributes.get("table:name", "") or "1"
            if self.sheets > 1:
                self.notes.append(read_sheet(self.name))

    def text(self, text: str) -> None:
        if self.is_read and self.paragraphs and not self.depth_of_note:
            self.length += len(text)
            if self.length > XML_TEXT_LIMIT:
                raise UnreadableFile(gettext("A cell of this spreadsheet is longer than a million characters."))
            self.paragraphs[-1].append(text)

    def end(self, name: str) -> None:
        if name == "office:annotation":
            self.depth_of_note -= 1
        elif name == "table:table":
            self.is_read = False
        elif not self.is_read or self.depth_of_note:
            return
        elif name in _CELLS:
            room = SHEET_COLUMN_LIMIT - len(self.cells)
            self.cells += [self._cell()] * min(self.repeated_cells, room)
            self.paragraphs = []
        elif name == "table:table-row":
            while self.cells and not self.cells[-1].strip():
                self.cells.pop()
            if self.cells:
                self.ready.append((self.number + 1, self.cells))
            self.number += self.repeated_rows

    def take(self) -> Iterator[tuple[int, list[str]]]:
        ready, self.ready = self.ready, []
        yield from ready

    def _cell(self) -> str:
        shown = "\n".join("".join(parts) for parts in self.paragraphs)
        text = _meant(self.value, shown)
        is_web = self.link.startswith(("http://", "https://"))
        return LinkedText(text, self.link) if is_web else text


def _meant(value: dict[str, str], shown: str) -> str:
    """The value of a cell; a date as exactly as it is shown."""
    match value.get("office:value-type"):
        case "date":
            day = value.get("office:date-value", "")[:10]
            read = read_date(shown)
            return shown if read and read[1] != "day" and read[0].isoformat()[:4] == day[:4] else day
        case "float":
            number = value.get("office:value", "")
            return number.removesuffix(".0")
        case "boolean":
            return value.get("office:boolean-value", "").upper()
        case _:
            return shown


def _count(text: str | None) -> int:
    return min(int(text), 10**7) if text and text.isdecimal() and len(text) < 9 else 1
