"""The columns of files of resources, the same in what comes in and in what goes out; and how a cell holds a value."""

import re
from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NEEDED = ("title", "kind", "section", "url")
TEXTS = (*NEEDED, "summary", "publisher", "published", "ref")
# Several values: divided by | in a cell, a list in JSON.
LISTS = ("categories", "tags")
# In the order in which a person fills them in.
COLUMNS = ("title", "kind", "section", "url", "summary", "publisher", "published", "categories", "tags", "ref")

TAKES: dict[str, str | Promise] = {
    "title": _("Its title, as its publisher wrote it. At most 300 characters. A new entry needs it."),
    "kind": _("course, podcast, review, forum or site. A new entry needs it; an import never changes it."),
    "section": _("The anchor of its section, e.g. podcasts; or its exact title. A new entry needs it."),
    "url": _("The address where it opens, with https:// or http://. An entry is recognised by it."),
    "summary": _("One to three sentences: what a reader gets. At most 700 characters."),
    "publisher": _("Who made it, by name. A publisher that the library does not have is added."),
    "published": _("When it came out, as exactly as it is known: 2020, 2020-02 or 2020-02-28."),
    "categories": _("Names of categories of the library, with | between them: Sleep | Peer support."),
    "tags": _("Free keywords, with | between them: sleep | shift work. At most 30 of at most 60 characters each."),
    "ref": _("Empty for a new entry. An export fills it in: with it, an entry is recognised whatever else you change."),
}

# Spreadsheets take a text that begins with one of these for a formula, and would run it; with East Asian settings also
# one with their full-width forms.
_STARTS = r"[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]"
_FORMULA = re.compile(rf"'*{_STARTS}")
_QUOTED_FORMULA = re.compile(rf"'+{_STARTS}")


def as_inert(text: str) -> str:
    """A text that no spreadsheet runs, for CSV: with an apostrophe before what would be a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def as_text(text: str) -> str:
    """A text for a cell that is marked as one: it runs nothing, and comes back from `as_meant` as it was."""
    return f"'{text}" if _QUOTED_FORMULA.match(text) else text


def as_meant(cell: str) -> str:
    """The text of a cell, without the apostrophe that `as_inert` or `as_text` has put before it."""
    return cell[1:] if _QUOTED_FORMULA.match(cell) else cell


def join_list(values: Iterable[str]) -> str:
    """Several values in one cell; a | within one of them gets a backslash."""
    return " | ".join(value.replace("|", r"\|") for value in values)


def split_list(cell: str) -> tuple[str, ...]:
    """The values of such a cell, trimmed and without empty ones."""
    parts = (part.strip().replace(r"\|", "|") for part in re.split(r"(?<!\\)\|", cell))
    return tuple(filter(None, parts))
