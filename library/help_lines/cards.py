"""Help lines as pages show them: as cards, in the strip and on paper."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import DatabaseError, InterfaceError
from django.utils.timezone import localdate

from library.db.edit_cache import until_next_edit
from library.models import HelpLine

from .offline_copy import read_copy, write_copy
from .opening_hours import Opening

# So many help lines stand at the end of a printed page; all of them are at `/help/`.
PRINTED_LINES = 4


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


def help_lines_for_pages(now: datetime) -> list[HelpLine]:
    """The line of the strip, then those for a crisis by their places: as many as paper shows. One query.

    Without one for the strip that was verified in time, the first is 988. Without the database, those of the
    copy. Writes the copy where it has other lines.
    """
    try:
        return _lines_on(localdate(now))
    except (DatabaseError, InterfaceError):
        return read_copy() or [fallback_line()]


@until_next_edit
def _lines_on(day: date) -> list[HelpLine]:
    lines = list(HelpLine.objects.for_pages(day)[:PRINTED_LINES])
    if not lines or not lines[0].leads:
        fallback = fallback_line()
        lines = [fallback, *(line for line in lines if line.name != fallback.name)][:PRINTED_LINES]
    write_copy(lines)
    return lines


def fallback_line() -> HelpLine:
    """The line for a library that has none: the first one of the starting content."""
    return HelpLine(
        name="988 Suicide & Crisis Lifeline",
        call_number="988",
        text_number="988",
        audience="Anyone in the United States",
    )
