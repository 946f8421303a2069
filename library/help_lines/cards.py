"""Help lines as pages show them: as cards, in the strip and on paper; and a copy of these for a lost database.

The copy is a small file in `DATA_DIR`, which every process of a machine shares. It is written at the start, and
whenever a page was made of other lines than it has.
"""

import contextlib
import json
import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control

from library.models import HelpLine

from .opening_hours import Opening

# Seconds after which a browser or a proxy may ask again when the database is away.
RETRY_AFTER = 30
# So many help lines stand at the end of a printed page; all of them are at `/help/`.
PRINTED_LINES = 4
# What the copy has of each: what strip and paper show.
_COPIED = ("name", "call_number", "call_note", "text_number", "text_word", "chat_url", "audience", "hours")


@dataclass(frozen=True)
class HelpCard:
    """A help line at one moment: `opening` is None where its hours are not known."""

    line: HelpLine
    opening: Opening | None
    is_overdue: bool


def help_cards(lines: Iterable[HelpLine], now: datetime) -> list[HelpCard]:
    """A card for each; nothing is said of the day on which a line that is no row was verified."""
    return [
        HelpCard(line, line.opening_at(now), line.pk is not None and not line.is_verified_in_time(now))
        for line in lines
    ]


def next_change(cards: Iterable[HelpCard]) -> datetime | None:
    """The first moment at which one of them opens or closes; None when none ever does."""
    return min((card.opening.changes_at for card in cards if card.opening and card.opening.changes_at), default=None)


def lines_at_hand(now: datetime) -> list[HelpLine]:
    """The line of the strip, then those for a crisis by their places: as many as paper shows. One query.

    Without one for the strip that was verified in time, the first is 988. Without the database, those of the copy.
    """
    try:
        lines = list(HelpLine.objects.by_hand(now)[:PRINTED_LINES])
    except (DatabaseError, InterfaceError):
        return copied_lines() or [spare_line()]
    if not lines or not lines[0].leads:
        spare = spare_line()
        lines = [spare, *(line for line in lines if line.name != spare.name)][:PRINTED_LINES]
    copy(lines)
    return lines


def spare_line() -> HelpLine:
    """The line for a library that has none: the first one of the starting content."""
    return HelpLine(
        name="988 Suicide & Crisis Lifeline", call_number="988", text_number="988", audience="Anyone in the USA"
    )


def copied_lines() -> list[HelpLine]:
    """The lines of the copy; none where there is no copy, or anything but one of ours in its place."""
    try:
        rows = json.loads(_copy_path().read_text(encoding="utf-8"))
        return [HelpLine(**{name: _word(row[name]) for name in _COPIED}) for row in rows]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def copy(lines: Iterable[HelpLine]) -> None:
    """Have the copy say this, whole or not at all. A disk that cannot be written to costs the copy and no page."""
    rows = [{name: getattr(line, name) for name in _COPIED} | {"hours": line.hours_in_words} for line in lines]
    text = json.dumps(rows, indent=1)
    path = _copy_path()
    draft = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    with contextlib.suppress(OSError):
        if path.is_file() and path.read_bytes() == text.encode():
            return
        try:
            draft.write_text(text, encoding="utf-8")
            draft.replace(path)
        except OSError:
            draft.unlink(missing_ok=True)


def page_without_database(template: str, **context: object) -> str:
    """A page that needs no database, with the lines of the copy; without a copy it spells its own."""
    return render_to_string(template, {"lines": copied_lines()} | context)


def database_away() -> HttpResponse:
    """503 for a database that doesn't answer, doesn't answer in time or takes nothing: the help lines, no more."""
    response = HttpResponse(page_without_database("503.html"), status=503, headers={"Retry-After": str(RETRY_AFTER)})
    patch_cache_control(response, no_store=True)
    return response


def _copy_path() -> Path:
    return Path(settings.HELP_LINES_COPY)


def _word(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
