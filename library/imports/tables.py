"""What every kind of file with columns comes down to: rows of cells, the first of which is the header."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext

# The address, and the text that stands for it: a quote is written twice in it.
_HYPERLINK = re.compile(r'=\s*HYPERLINK\(\s*"(https?://[^"\s]+)"\s*(?:[,;]\s*"((?:[^"]|"")*)"\s*)?\)\s*', re.IGNORECASE)


class UnreadableFile(Exception):
    """Why nothing can be made of a file, in words for people, with the line where one is known."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(gettext("Line %(line)d: %(reason)s") % {"line": line, "reason": reason} if line else reason)


class LinkedText(str):
    """The text of a cell, and the address of the link behind it."""

    link: str

    def __new__(cls, text: str, link: str) -> "LinkedText":
        cell = super().__new__(cls, text)
        cell.link = link
        return cell


def linked(formula: str) -> LinkedText | None:
    """What a formula for a link shows, with the address; None of any other, and of one that takes it from a cell."""
    match = _HYPERLINK.fullmatch(formula) if formula.startswith("=") else None
    if match is None:
        return None
    link, text = match.groups(default="")
    return LinkedText(text.replace('""', '"') or link, link)


@dataclass(frozen=True, slots=True)
class CellTable:
    """The rows of a file, each with the line on which it begins, read as they are asked for.

    `notes` are sentences about the file as a whole; they are there when the first row is.
    """

    rows: Iterator[tuple[int, list[str]]]
    notes: list[str] = field(default_factory=list)
