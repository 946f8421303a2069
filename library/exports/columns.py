"""The columns of files of resources, the same in what comes in and in what goes out; and how a cell holds a value."""

import re
from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NEEDED = ("title", "kind", "section", "url")
TEXTS = (*NEEDED, "summary", "publisher", "published", "ref")
# Several values: a list in JSON. In a cell | divides them; tags, as in a form, also commas, semicolons and new lines.
LISTS = ("categories", "tags")
_DIVIDERS = {"categories": re.compile(r"[|]"), "tags": re.compile(r"[|,;\n]")}
_ESCAPED = re.compile(r"\\([|,;\n])")
# In the order in which a person fills them in.
COLUMNS = ("title", "kind", "section", "url", "summary", "publisher", "published", "categories", "tags", "ref")

# What a file of resources can have besides, and an import passes over.
MORE = (
    *("state", "owner", "listed_from", "listed_until", "withdrawn_because", "replaced_by", "last_changed"),
    *("last_reviewed", "next_review", "link_state", "link_last_checked", "copy_url", "copy_taken_on"),
    *("url_name", "search_words", "credit"),
    *("for_audience", "language_code", "country_code", "access", "access_note", "content_note", "long_text"),
    *("course_length", "course_format", "series", "speaker", "speaker_affiliation", "interviewer", "running_minutes"),
    *("audio_url", "audio_bytes", "transcript_url", "transcript", "incident", "place", "incident_date", "agency"),
    *("authors", "page_count"),
)
# The column in which a file of bad rows says what is wrong with each.
PROBLEM = "problem"
EXTRAS = (*MORE, PROBLEM)

TAKES: dict[str, str | Promise] = {
    "title": _("The title, as the publisher wrote it, up to 300 characters. Required for a new entry."),
    "kind": _("course, podcast, review, forum, or site. Required for a new entry; an import never changes it."),
    "section": _("The section’s anchor, e.g. podcasts, or its exact title. Required for a new entry."),
    "url": _("The web address, with https:// or http://. It’s how we recognize an entry."),
    "summary": _("One to three sentences on what the reader gets, up to 700 characters."),
    "publisher": _("Who made it. A publisher that isn’t in the library yet is added."),
    "published": _("When it came out, as exactly as you know: 2020, Feb 2020, or 2/28/2020."),
    "categories": _("Categories in the library, separated by |: Sleep | Peer support."),
    "tags": _("Keywords, separated by commas or |: sleep, shift work. Up to 30, up to 60 characters each."),
    "ref": _("Leave blank for a new entry. An export fills it in, so we recognize the entry whatever else you change."),
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


def join_list(values: Iterable[str], column: str) -> str:
    """Several values in one cell; what would divide them gets a backslash within one of them."""
    return " | ".join(_DIVIDERS[column].sub(r"\\\g<0>", value) for value in values)


def split_list(cell: str, column: str) -> tuple[str, ...]:
    """The values of such a cell, trimmed and without empty ones."""
    parts = re.split(rf"(?<!\\){_DIVIDERS[column].pattern}", cell)
    return tuple(filter(None, (_ESCAPED.sub(r"\1", part.strip()) for part in parts)))
