"""Moving a row within an order by hand: one statement, with the positions of all others kept."""

from collections.abc import Sequence
from typing import Any, Literal

from django.db.models import Case, F, QuerySet, Value, When

Direction = Literal["up", "down", "top"]
# Where a row goes; a number is the row whose place it takes.
Goal = Direction | int


class OrderChanged(Exception):
    """The rows do not stand as somebody saw them who wants to move one."""


def move(rows: QuerySet[Any, Any], pk: int, goal: Goal, seen: Sequence[int] = ()) -> bool:
    """Move one of `rows`, whose `position` is unique among them; False when it cannot go there, or one of them is gone.

    `seen` are rows that somebody saw one below the other, and nothing between: raises `OrderChanged` where that is so
    no longer. Hold the lock that guards their order. Costs two queries and one update, two more queries for what was
    seen; writes every row between the old place and the new one.
    """
    if seen and not _stand_as(rows, seen):
        raise OrderChanged
    place: int | None = rows.filter(pk=pk).values_list("position", flat=True).first()
    new = None if place is None else _place_of(rows, goal, place)
    if place is None or new is None or new == place:
        return False
    step = 1 if new < place else -1
    passed = rows.filter(position__range=(min(new, place), max(new, place)))
    passed.update(position=Case(When(pk=pk, then=Value(new)), default=F("position") + step))
    return True


def _place_of(rows: QuerySet[Any, Any], goal: Goal, place: int) -> int | None:
    """The place that a row at `place` is to take; None where nothing stands there."""
    above, below = rows.filter(position__lt=place), rows.filter(position__gt=place)
    match goal:
        case "up":
            others = above.order_by("-position")
        case "down":
            others = below.order_by("position")
        case "top":
            others = above.order_by("position")
        case _:
            others = rows.filter(pk=goal)
    return others.values_list("position", flat=True).first()


def _stand_as(rows: QuerySet[Any, Any], seen: Sequence[int]) -> bool:
    places = list(rows.filter(pk__in=seen).order_by("position").values_list("pk", "position"))
    if [pk for pk, _position in places] != list(seen):
        return False
    return rows.filter(position__range=(places[0][1], places[-1][1])).count() == len(places)
