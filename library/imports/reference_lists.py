"""Lists that other programs keep as text: bookmarks of a browser (Netscape HTML), and references (RIS)."""

import re
from collections.abc import Iterator
from html import unescape
from typing import BinaryIO

from django.utils.translation import gettext

from .tables import CellTable, UnreadableFile
from .text_files import lines_of

_BOOKMARKS = ["Title", "Link", "Description", "Tags", "Folder"]
_BOOKMARK = re.compile(r"<a\s([^<>]{1,200000})>([^<>]{0,2000})</a>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r'(\w{1,30})="([^"]{0,8000})"')
_FOLDER = re.compile(r"<h3\b[^<>]{0,2000}>([^<>]{0,500})</h3>", re.IGNORECASE)
_ABOUT = re.compile(r"<dd>([^<>]{0,5000})", re.IGNORECASE)

_REFERENCES = ["Title", "Link", "Summary", "Date", "Publisher", "Keywords", "Reference type"]
_REFERENCE = re.compile(r"([A-Z][A-Z0-9])  -(?: (.*))?")
_COLUMN_OF = {
    "TI": 0,
    "T1": 0,
    "UR": 1,
    "LK": 1,
    "AB": 2,
    "N2": 2,
    "DA": 3,
    "PY": 3,
    "Y1": 3,
    "PB": 4,
    "KW": 5,
    "TY": 6,
}
_SLASHED_DATE = re.compile(r"([0-9]{4})(?:/([0-9]{1,2}))?(?:/([0-9]{1,2}))?(?:/.*)?")
_VALUES = 200  # of one column, of one reference


def read_bookmarks(stream: BinaryIO) -> CellTable:
    """The bookmarks of a browser, with the folder in which each is. Raises `UnreadableFile`."""
    notes: list[str] = []
    return CellTable(_bookmarks(lines_of(stream, notes)), notes)


def _bookmarks(lines: Iterator[str | None]) -> Iterator[tuple[int, list[str]]]:
    yield 1, _BOOKMARKS
    folders: list[str] = []
    row: tuple[int, list[str]] | None = None
    is_empty = True
    for number, line in enumerate(lines, start=1):
        text = line or ""
        if row and (about := _ABOUT.search(text)):
            row[1][2] = unescape(about.group(1)).strip()
        folders = folders[: len(folders) - text.lower().count("</dl>")] if folders else folders
        if folder := _FOLDER.search(text):
            folders.append(unescape(folder.group(1)))
        for found in _BOOKMARK.finditer(text):
            attributes = {name.lower(): unescape(value) for name, value in _ATTRIBUTE.findall(found.group(1))}
            if not attributes.get("href", "").startswith(("http://", "https://")):
                continue
            if row:
                yield row
            folder_name = folders[-1] if folders else ""
            row = (number, [unescape(found.group(2)), attributes["href"], "", attributes.get("tags", ""), folder_name])
            is_empty = False
    if row:
        yield row
    if is_empty:
        raise UnreadableFile(gettext("There are no bookmarks in this file. Export them from your browser as HTML."))


def read_ris(stream: BinaryIO) -> CellTable:
    """The references of a RIS file. Raises `UnreadableFile`."""
    notes: list[str] = []
    return CellTable(_references(lines_of(stream, notes)), notes)


def _references(lines: Iterator[str | None]) -> Iterator[tuple[int, list[str]]]:
    yield 1, _REFERENCES
    start, cells, is_empty = 0, [""] * len(_REFERENCES), True
    keywords: list[str] = []
    for number, line in enumerate(lines, start=1):
        match = _REFERENCE.fullmatch((line or "").strip("\ufeff\r\n "))
        tag, value = (match.group(1), (match.group(2) or "").strip()) if match else ("", "")
        if tag == "TY":
            start, cells, keywords = number, [""] * len(_REFERENCES), []
        if tag == "KW" and len(keywords) < _VALUES:
            keywords.append(value)
        elif tag in _COLUMN_OF and not cells[_COLUMN_OF[tag]]:
            cells[_COLUMN_OF[tag]] = _date(value) if _COLUMN_OF[tag] == 3 else value
        elif tag == "ER" and start:
            cells[5] = " | ".join(keywords)
            yield start, cells
            start, is_empty = 0, False
    if is_empty:
        raise UnreadableFile(gettext("There are no references in this file. Export them as RIS."))


def _date(text: str) -> str:
    """RIS writes 2020/02/28/, with empty parts where they are not known."""
    match = _SLASHED_DATE.fullmatch(text.strip())
    return "-".join(part.zfill(2) for part in match.groups() if part) if match else text
