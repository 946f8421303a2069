"""Help lines as pages show them: as cards, in the strip and on paper."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, InterfaceError

from library.models import HelpLine
from library.opening_hours import Opening

# So many help lines stand at the end of a printed page; all of them are at `/help/`.
PRINTED_LINES = 4


@dataclass(frozen=True)
class HelpCard:
    """A help line at one moment: `opening` is None where its hours are not known."""

    line: HelpLine
    opening: Opening | None
    is_overdue: bool


def cards_of(lines: Iterable[HelpLine], now: datetime) -> list[HelpCard]:
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

    Without one for the strip that was verified in time, the first is 988.
    """
    try:
        lines = list(HelpLine.objects.by_hand(now)[:PRINTED_LINES])
    except (DatabaseError, InterfaceError):
        return [spare_line()]
    if not lines or not lines[0].leads:
        spare = spare_line()
        lines = [spare, *(line for line in lines if line.name != spare.name)][:PRINTED_LINES]
    return lines


def spare_line() -> HelpLine:
    """The line for a library that has none: the first one of the starting content."""
    return HelpLine(
        name="988 Suicide & Crisis Lifeline", call_number="988", text_number="988", audience="Anyone in the USA"
    )
