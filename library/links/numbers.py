"""Whether a page still shows a telephone number that it has shown before. No models.

Nothing is said of a page that has never shown it: it may write the number in letters, or as a picture.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from library.imports.markup import text_of

from .client import Answer

# So many looks in a row without the number, and a person is asked to look.
LOOKS_MISSING = 2
_BETWEEN = r"[\s().\-–·/]{0,3}"

# By the digits of each number: when it was last seen, since when it is missing, and for how many looks.
Sightings = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class ShownNumbers:
    """Which numbers a look has seen on a page, as digits. Without `is_all` the others may stand further down."""

    seen: frozenset[str]
    is_all: bool


def shown_numbers(answer: Answer, numbers: Collection[str]) -> ShownNumbers | None:
    """Which of these numbers the page shows in any spelling; None where it can’t be read."""
    if not (answer.is_readable and answer.body):
        return None
    text = text_of(answer.body, answer.content_type)
    return ShownNumbers(frozenset(number for number in numbers if _pattern(number).search(text)), answer.is_whole)


def after_look(before: Sightings, numbers: Collection[str], shown: ShownNumbers, now: datetime) -> Sightings:
    """What is known of these numbers after this look."""
    after: dict[str, Mapping[str, Any]] = {}
    for number in numbers:
        known = before.get(number)
        if number in shown.seen:
            after[number] = {"seen": now.isoformat()}
        elif known is not None and not shown.is_all:
            after[number] = known
        elif known is not None:
            since = known.get("missing", now.isoformat())
            after[number] = {"seen": known["seen"], "missing": since, "looks": known.get("looks", 0) + 1}
    return after


def missing_numbers(sightings: Sightings) -> list[str]:
    """Those that a page has shown and doesn’t show any more."""
    return [number for number, known in sightings.items() if known.get("looks", 0) >= LOOKS_MISSING]


def is_doubtful(sightings: Sightings) -> bool:
    """Whether a number is missing for the first time, so that another look should be soon."""
    return any(known.get("looks") == 1 for known in sightings.values())


def _pattern(number: str) -> re.Pattern[str]:
    """The digits, with or without the 1 of the country, and with what people write between them."""
    local = number[1:] if len(number) == 11 and number.startswith("1") else number
    country = rf"(?:\+?1{_BETWEEN})?" if len(local) == 10 else ""
    return re.compile(f"(?<![0-9]){country}{_BETWEEN.join(local)}(?![0-9])")
