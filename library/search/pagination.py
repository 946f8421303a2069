"""Pages of a list whose total is known, and totals that say when they are not exact."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from django.core.paginator import Paginator
from django.db.models import QuerySet

PAGE_SIZE = 20
PAGE_LIMIT = 500


@dataclass(frozen=True)
class Total:
    """How many entries a list has: exactly `number`, or more than that."""

    number: int
    is_more: bool = False


class Rows(Protocol):
    """What can be read a slice at a time."""

    def __getitem__(self, part: slice, /) -> list[int]: ...


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Pages of 20, at most 500 of them, of what can be sliced and has `total` rows. Counts nothing itself."""

    def __init__(self, rows: QuerySet[Any, Any] | Rows, total: Total) -> None:
        super().__init__(rows, PAGE_SIZE)  # type: ignore[arg-type]
        self.total = total

    @cached_property
    def count(self) -> int:
        return min(self.total.number, PAGE_SIZE * PAGE_LIMIT)

    @property
    def is_cut(self) -> bool:
        """Whether entries stand behind the last page."""
        return self.total.number > self.count


def page_number(raw: str | None) -> int:
    """The page that a query string asks for; anything that is no positive number means the first."""
    if raw is None or not raw.isascii() or not raw.isdigit():
        return 1
    return max(1, int(raw[:9]))
