"""Pages of a list whose end nobody has to count: the total is exact up to a bound and “more than” beyond it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import IntegerField, QuerySet, Subquery

PAGE_SIZE = 20
PAGE_LIMIT = 500
COUNT_LIMIT = PAGE_SIZE * PAGE_LIMIT


@dataclass(frozen=True)
class Total:
    """How many entries a list has: exactly `number`, or more than that."""

    number: int
    is_more: bool = False

    @classmethod
    def bounded(cls, counted: int) -> "Total":
        """The total after a count that stopped at `COUNT_LIMIT + 1`."""
        return cls(min(counted, COUNT_LIMIT), is_more=counted > COUNT_LIMIT)


class BoundedCount(Subquery):
    """The number of rows of a subquery, read up to `COUNT_LIMIT + 1` and no further."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS bounded)"
    output_field = IntegerField()

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        super().__init__(queryset[: COUNT_LIMIT + 1])


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Pages of 20, at most 500 of them, over a count that reads no more than those rows."""

    def __init__(self, queryset: QuerySet[Any]) -> None:
        super().__init__(queryset, PAGE_SIZE)
        self.queryset = queryset

    @cached_property
    def total(self) -> Total:
        return Total.bounded(self.queryset.order_by()[: COUNT_LIMIT + 1].values("pk").count())

    @cached_property
    def count(self) -> int:
        return self.total.number


def page_number(raw: str | None) -> int:
    """The page that a query string asks for; anything that is no positive number means the first."""
    if raw is None or not raw.isascii() or not raw.isdigit():
        return 1
    return max(1, int(raw[:9]))
