"""Moving a row within an order by hand: one statement, with the positions of all others kept."""

from collections.abc import Sequence
from typing import Any, Literal

from django.db.models import Case, F, QuerySet, Value, When

Direction = Literal["up", "down", "top"]


class OrderChanged(Exception):
    """The rows do not stand as somebody saw them who wants to move one."""


def move(rows: QuerySet[Any, Any], pk: int, direction: Direction, seen: Sequence[int] = ()) -> bool:
    """Move one of `rows`, whose `position` is unique among them; False when it cannot go that way, or is gone.

    `seen` are rows that somebody saw one below the other, and nothing between: raises `OrderChanged` where that is so
    no longer. Hold the lock that guards their order. Costs two queries and one update, two more queries for what was
    seen; “top” writes every row that stood above.
    """
    if seen and not _stand_as(rows, seen):
        raise OrderChanged
    place = rows.filter(pk=pk).values_list("position", flat=True).first()
    above = rows.filter(position__lt=place) if place is not None else rows.none()
    match direction:
        case "up":
            neighbour = above.order_by("-position").values_list("pk", "position").first()
        case "down":
            below = rows.filter(position__gt=place) if place is not None else rows.none()
            neighbour = below.order_by("position").values_list("pk", "position").first()
        case "top":
            neighbour = above.order_by("position").values_list("pk", "position").first()
    if neighbour is None:
        return False
    other, goal = neighbour
    if direction == "top":
        passed = rows.filter(position__range=(goal, place))
        passed.update(position=Case(When(pk=pk, then=Value(goal)), default=F("position") + 1))
    else:
        both = rows.filter(pk__in=[pk, other])
        both.update(position=Case(When(pk=pk, then=Value(goal)), default=Value(place)))
    return True


def _stand_as(rows: QuerySet[Any, Any], seen: Sequence[int]) -> bool:
    found = list(rows.filter(pk__in=seen).order_by("position").values_list("pk", "position"))
    if [pk for pk, _position in found] != list(seen):
        return False
    return rows.filter(position__range=(found[0][1], found[-1][1])).count() == len(found)
