"""Text files: their encoding where it can be told for sure, their lines within bounds, and CSV.

CSV is that of RFC 4180, with commas, semicolons or tabs between the cells.
"""

import codecs
import csv
import re
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from django.utils.translation import gettext

from .column_plan import guess
from .tables import CellTable, UnreadableFile, linked

CELL_LIMIT = 1_000_000  # characters
LINE_LIMIT = 2_000_000  # bytes; characters of UTF-16
ROW_LIMIT = 4_000_000  # characters of all the lines of one CSV row
HEADER_LIMIT = 20_000  # characters in which the sign between its cells is looked for

_CHUNK = 64 * 1024
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# What English and its loan words have beyond ASCII, as Windows writes it: curly quotes, dashes, signs, small letters
# with an accent. In the other old encodings these bytes are capitals in the middle of words, or stand in rows.
_WINDOWS = "…‘’“”•–—™ §©®°·½¼¾àáâäçèéêëíîïñóôöùúûüÉ".encode("cp1252")
_NOT_WINDOWS = re.compile(rb"[^\x00-\x7f" + re.escape(_WINDOWS) + rb"]|[\xc0-\xff]{2}")
# The line with which Excel says what divides the cells.
_NAMED_DELIMITER = re.compile(r"sep=([,;\t|])\r?\n", re.IGNORECASE)


def read_csv(stream: BinaryIO, delimiter: str = "") -> CellTable:
    """The rows of a CSV file; without a delimiter, what divides its header is found. Raises `UnreadableFile`."""
    notes: list[str] = []
    return CellTable(iter(_Rows(lines_of(stream, notes), delimiter)), notes)


def lines_of(stream: BinaryIO, notes: list[str]) -> Iterator[str | None]:
    """Each line as text; None for one that is longer than the limit. Notes an encoding that is not today’s."""
    encoding = _encoding_of(stream)
    if encoding == "utf-16":
        yield from _wide_lines(stream)
        return
    if encoding == "cp1252":
        notes.append(gettext("The file is in the old encoding Windows-1252. Check accents and quotation marks."))
    number = 0
    while raw := stream.readline(LINE_LIMIT):
        number += 1
        if len(raw) == LINE_LIMIT and not raw.endswith(b"\n"):
            while (rest := stream.readline(LINE_LIMIT)) and not rest.endswith(b"\n"):
                pass
            yield None
            continue
        try:
            yield raw.decode("utf-8-sig" if number == 1 and encoding == "utf-8" else encoding)
        except UnicodeDecodeError as error:
            raise _other_encoding(number) from error


def _encoding_of(stream: BinaryIO) -> str:
    """UTF-16 by its mark, Windows-1252 where nothing else is likely, and else UTF-8. Reads the whole file."""
    start = stream.tell()
    is_wide = stream.read(2) in _WIDE
    stream.seek(start)
    if is_wide:
        return "utf-16"
    decoder, is_utf8, is_windows = codecs.getincrementaldecoder("utf-8")(), True, True
    while (is_utf8 or is_windows) and (line := stream.readline(LINE_LIMIT)):
        if line.isascii():
            continue
        is_windows = is_windows and not _NOT_WINDOWS.search(line)
        try:
            decoder.decode(line)
        except UnicodeDecodeError:
            is_utf8 = False
    stream.seek(start)
    return "cp1252" if is_windows and not is_utf8 else "utf-8"


def _wide_lines(stream: BinaryIO) -> Iterator[str | None]:
    decoder, rest, is_long, number = codecs.getincrementaldecoder("utf-16")(), "", False, 1
    while True:
        raw = stream.read(_CHUNK)
        try:
            *lines, rest = (rest + decoder.decode(raw, final=not raw)).split("\n")
        except UnicodeDecodeError as error:
            raise _other_encoding(number) from error
        for line in lines:
            yield None if is_long else f"{line}\n"
            is_long = False
        number += len(lines)
        if len(rest) > LINE_LIMIT:
            rest, is_long = "", True
        if not raw:
            yield from [None] if is_long else [rest] if rest else []
            return


def _other_encoding(number: int) -> UnreadableFile:
    message = gettext("The file isn’t in UTF-8. Save it again in that encoding; in Excel, as “CSV UTF-8”.")
    return UnreadableFile(message, number)


class _Rows:
    """The rows of a CSV file as lists of cells, each with the line on which it begins; the first one is the header."""

    def __init__(self, lines: Iterator[str | None], delimiter: str) -> None:
        csv.field_size_limit(CELL_LIMIT)
        self.lines, self.delimiter = lines, delimiter
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
        delimiter = self.delimiter or _delimiter(first or "")
        if first and (named := _NAMED_DELIMITER.fullmatch(first)):
            delimiter, first, blank = named.group(1), next(self.lines, ""), blank + 1
        reader = csv.reader(self._bounded(first), delimiter=delimiter, strict=True)
        while True:
            self.start, self.size = blank + reader.line_num + 1, 0
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise UnreadableFile(_csv_message(error), self.start) from error
            if any(cell.strip() for cell in cells):
                yield self.start, [linked(cell) or cell for cell in cells]

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
