"""The cells of an XLSX file as texts, a row at a time. The file may come from anybody: it is weighed before it is read.

An XLSX is a zip of XML files. openpyxl reads a row of them at a time, but takes all shared texts and each row whole.
Which part is what, the file itself says, whatever the part is called: each is looked into when it is opened.
"""

import io
import math
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from html import unescape
from typing import IO, Any, BinaryIO, Literal, cast
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from .tables import CellTable, LinkedText, UnreadableFile, linked

_MEGABYTE = 1_000_000
PART_COUNT = 500
# What the parts may have unpacked: all of them, the shared texts, any other part but a sheet. None that is read whole
# may have more than the last.
TOTAL_LIMIT, TEXTS_LIMIT, OTHER_LIMIT = 250 * _MEGABYTE, 80 * _MEGABYTE, 5 * _MEGABYTE
# So many times smaller than unpacked is no table that a person has filled in. Small parts may be anything.
RATIO_LIMIT, RATIO_FROM = 150, 2 * _MEGABYTE
# Between the ends of two rows, or of two shared texts; and how many of either a part may have.
ELEMENT_LIMIT, ELEMENT_COUNT = 1 * _MEGABYTE, 1_100_000
# Columns behind these are not read; after so many empty rows no more is expected.
SHEET_COLUMN_LIMIT, SHEET_ROW_LIMIT, BLANK_LIMIT = 50, 1_048_576, 10_000

_ENDS = re.compile(rb"</(?:\w+:)?(?:row|si)>|<(?:\w+:)?row\b[^>]*/>")
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_LINK = re.compile(rb"<(?:\w+:)?hyperlink\b[^<>]{1,1000}>")
_RELATIONSHIP = re.compile(rb"<(?:\w+:)?Relationship\b[^<>]{1,3000}>")
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^<>]{1,300})>\s*<(?:\w+:)?f\b[^<>]{0,200}>(\s*HYPERLINK\([^<>]{1,5000}\)\s*)</", re.IGNORECASE
)
_ATTRIBUTE = re.compile(r"""(?:\w+:)?(\w+)\s*=\s*["']([^"']*)["']""")
_LINK_LIMIT = 200_000
_TAG_LIMIT = 6_000  # more than any match of the three patterns has
_CHUNK = 256 * 1024
# What openpyxl, and Python's own readers of zip and XML, raise on what is no workbook.
_BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    ParseError,
    InvalidFileException,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    EOFError,
    OSError,
)


def read_xlsx(stream: BinaryIO) -> CellTable:
    """The first sheet that is not hidden. Raises `UnreadableFile`, after some rows too."""
    notes: list[str] = []
    return CellTable(cells_of(stream, notes), notes)


def cells_of(stream: BinaryIO, notes: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Its rows that are not empty, each with its number, as the texts that a CSV would have."""
    check_sizes(stream)
    empty = True
    for number, cells in _rows(stream, notes):
        empty = False
        yield number, cells
    if empty:
        raise UnreadableFile(gettext("The first sheet of the file is empty."))


def check_sizes(stream: BinaryIO) -> None:
    """Refuse what would take more time or memory than any table is worth, by the sizes that its parts have."""
    if stream.read(8).startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile(
            gettext("This is an old .xls file, or it has a password. Save it as .xlsx without a password.")
        )
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
    except _BROKEN as error:
        raise broken_spreadsheet() from error
    if len(parts) > PART_COUNT or sum(part.file_size for part in parts) > TOTAL_LIMIT:
        raise _too_large()
    if any(part.file_size > _limit_of(part.filename) or _is_blown_up(part) for part in parts):
        raise _too_large()
    stream.seek(0)


def _limit_of(name: str) -> int:
    if "/worksheets/" in name or name == "content.xml":  # of OpenDocument
        return TOTAL_LIMIT
    return TEXTS_LIMIT if name.lower().endswith("sharedstrings.xml") else OTHER_LIMIT


def _is_blown_up(part: zipfile.ZipInfo) -> bool:
    return part.file_size > RATIO_FROM and part.file_size > RATIO_LIMIT * max(part.compress_size, 1)


class _Archive(zipfile.ZipFile):
    """Gives no part that it has not looked into. Pictures and programs, which nobody opens, may be anything."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream)
        self._plain: set[str] = set()
        self._strict: set[str] = set()

    def open(
        self,
        name: str | zipfile.ZipInfo,
        mode: Literal["r", "w"] = "r",
        pwd: bytes | None = None,
        *,
        force_zip64: bool = False,
    ) -> IO[bytes]:
        part = name if isinstance(name, zipfile.ZipInfo) else self.getinfo(name)
        if part.filename not in self._plain:
            with super().open(part) as source:
                if _check_plain(source, part.filename):
                    self._strict.add(part.filename)
            self._plain.add(part.filename)
        source = super().open(part, mode, pwd, force_zip64=force_zip64)
        return cast(IO[bytes], _Transitional(source)) if part.filename in self._strict else source

    def read(self, name: str | zipfile.ZipInfo, pwd: bytes | None = None) -> bytes:
        part = name if isinstance(name, zipfile.ZipInfo) else self.getinfo(name)
        if part.file_size > OTHER_LIMIT:
            raise _too_large()
        return super().read(part, pwd)


class _Transitional(io.BufferedIOBase):
    """A part of strict Office Open XML as one of the transitional kind, which has other names for the same things."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source = source

    def read(self, size: int | None = -1) -> bytes:
        data = self.source.read(-1 if size is None else size)
        while data.rfind(b"<") > data.rfind(b">") and (more := self.source.read(1)):  # no name is cut
            data += more
        return _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", data)

    def close(self) -> None:
        self.source.close()
        super().close()


def _check_plain(source: IO[bytes], name: str) -> bool:
    """Refuse a part that declares anything, or has an endless row or text, or another encoding. Reads all of it.

    Returns whether it is strict Office Open XML.
    """
    since, rest, ends, is_strict = 0, b"", 0, False
    while chunk := source.read(_CHUNK):
        if b"\0" in chunk:  # as UTF-16 and UTF-32 have, in which declarations could hide
            raise broken_spreadsheet()
        seen = rest + chunk
        if _DECLARED.search(seen):
            raise _too_large()
        last = 0
        for match in _ENDS.finditer(seen):
            last = match.end()
            ends += 1
        since = len(seen) - last if last else since + len(chunk)
        if ends > ELEMENT_COUNT or (since > ELEMENT_LIMIT and _limit_of(name) > OTHER_LIMIT):
            raise _too_large()
        is_strict = is_strict or bool(_STRICT.search(seen))
        rest = seen[-20:]
    return is_strict


class _Reader(ExcelReader):  # type: ignore[misc]
    """Reads of a workbook what a table needs: neither charts nor what a sheet is linked with."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream, read_only=True, data_only=True, keep_links=False)
        self.archive = _Archive(stream)
        self.valid_files: list[str] = [name for name in self.archive.namelist() if not name.endswith(".rels")]

    def read_chartsheet(self, sheet: Any, rel: Any) -> None:
        """A chart has no rows."""


def _matches(archive: _Archive, name: str, pattern: re.Pattern[bytes]) -> Iterator[re.Match[bytes]]:
    """Where the pattern matches in a part, read a piece at a time."""
    rest, count = b"", 0
    with archive.open(name) as source:
        while (chunk := source.read(_CHUNK)) and count < _LINK_LIMIT:
            rest, end = rest + chunk, 0
            for match in pattern.finditer(rest):
                end, count = match.end(), count + 1
                yield match
            rest = rest[max(end, len(rest) - _TAG_LIMIT) :]


def _attributes(tag: bytes) -> dict[str, str]:
    return {key.lower(): unescape(value) for key, value in _ATTRIBUTE.findall(tag.decode("utf-8", "replace"))}


def _tags(archive: _Archive, name: str, pattern: re.Pattern[bytes]) -> Iterator[dict[str, str]]:
    """The attributes of such tags in a part."""
    return (_attributes(match.group()) for match in _matches(archive, name, pattern))


def _links(archive: _Archive, path: str) -> dict[str, LinkedText]:
    """The links behind cells of this sheet, by the names of the cells; those of formulas with what they show."""
    links = {}
    for match in _matches(archive, path, _FORMULA):
        if link := linked(f"={unescape(match.group(2).decode('utf-8', 'replace')).strip()}"):
            links[_attributes(match.group(1)).get("r", "")] = link
    return links | {name: LinkedText("", address) for name, address in _addresses(archive, path).items()}


def _addresses(archive: _Archive, path: str) -> dict[str, str]:
    """The web addresses behind cells that are no formulas, by the names of the cells."""
    folder, _slash, name = path.rpartition("/")
    relationships = f"{folder}/_rels/{name}.rels"
    if relationships not in archive.namelist():
        return {}
    targets = {tag.get("id", ""): tag.get("target", "") for tag in _tags(archive, relationships, _RELATIONSHIP)}
    web = {key: target for key, target in targets.items() if target.startswith(("http://", "https://"))}
    links = _tags(archive, path, _LINK) if web else iter(())
    return {tag.get("ref", "").partition(":")[0]: web[tag["id"]] for tag in links if tag.get("id") in web}


def _rows(stream: BinaryIO, notes: list[str]) -> Iterator[tuple[int, list[str]]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles, which nobody sees
            reader = _Reader(stream)
            reader.read()
        # Of the sheets with cells; a chart is none.
        sheets: list[Any] = reader.wb.worksheets
        sheet = next((sheet for sheet in sheets if sheet.sheet_state == "visible"), sheets[0])
        if len(sheets) > 1:
            notes.append(read_sheet(sheet.title))
        sheet.reset_dimensions()
        links = _links(reader.archive, sheet._worksheet_path)
        blank = 0
        for number, row in enumerate(sheet.iter_rows(max_row=SHEET_ROW_LIMIT, max_col=SHEET_COLUMN_LIMIT), start=1):
            cells = [_text_of(cell) for cell in row]
            if links:
                names = [f"{get_column_letter(place)}{number}" for place in range(1, len(cells) + 1)]
                cells = [
                    LinkedText(cell or links[name], links[name].link) if name in links else cell
                    for name, cell in zip(names, cells, strict=True)
                ]
            while cells and not cells[-1].strip():
                cells.pop()
            blank = 0 if cells else blank + 1
            if blank > BLANK_LIMIT:
                return
            if cells:
                yield number, cells
    except _BROKEN as error:
        raise broken_spreadsheet() from error


def read_sheet(name: str) -> str:
    """The note that says which of several sheets is read."""
    return gettext("The sheet “%s” was read: the first one that isn’t hidden.") % name[:100]


def _too_large() -> UnreadableFile:
    return UnreadableFile(
        gettext("This spreadsheet has far more in it than a list of entries. Save it as CSV instead.")
    )


def broken_spreadsheet() -> UnreadableFile:
    return UnreadableFile(gettext("We can’t read this spreadsheet. Open it and save it again as .xlsx or CSV."))


def _text_of(cell: Any) -> str:
    """What the cell would be in CSV: a date as 2020-02-28, or as exactly as its format shows it."""
    value = cell.value
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if math.isfinite(value) and value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime() | date():
            return _date_text(value, str(cell.number_format))
        case time():
            return value.isoformat()
        case _:
            return str(value)


def _date_text(value: date, shown: str) -> str:
    shown = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", shown).lower()
    length = 10 if "d" in shown else 7 if "m" in shown else 4
    return value.strftime("%Y-%m-%d").zfill(10)[:length]
