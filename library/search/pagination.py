"""Pages of a list whose total is known, and totals that say when they are not exact."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.paginator import EmptyPage, Paginator

PAGE_SIZE = 20
PAGE_LIMIT = 500


@dataclass(frozen=True)
class Total:
    """How many entries a list has: exactly `number`, or more than that."""

    number: int
    is_more: bool = False


@dataclass(frozen=True)
class ListPage:
    """One page of a list: of 20 entries, and of 500 pages at most.

    It has the entries from number `first_entry` to number `last_entry` of the list; both are 0 in an empty list.
    """

    number: int
    last: int
    first_entry: int
    last_entry: int
    is_cut: bool
    """Whether entries stand behind the last page."""

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.last

    @property
    def part(self) -> slice:
        """Where its entries stand in the list."""
        return slice((self.number - 1) * PAGE_SIZE, self.number * PAGE_SIZE)

    def numbers(self) -> Iterator[int | str]:
        """The pages that it links to, with a sign in the place of those that are left out."""
        return Paginator(range(self.last), 1).get_elided_page_range(self.number)


class NoSuchPage(EmptyPage):
    """A list ends before the page that was asked for: with page `last`."""

    def __init__(self, last: int) -> None:
        super().__init__()
        self.last = last


def list_page(total: Total, number: int) -> ListPage:
    """The page of this number, which is 1 or more, of a list. Raises `NoSuchPage` behind the last one."""
    shown = min(total.number, PAGE_SIZE * PAGE_LIMIT)
    last = max(1, -(-shown // PAGE_SIZE))
    if number > last:
        raise NoSuchPage(last)
    first = (number - 1) * PAGE_SIZE + 1 if shown else 0
    return ListPage(number, last, first, min(number * PAGE_SIZE, shown), total.number > shown)


def page_number(raw: str | None) -> int:
    """The page that a query string asks for; anything that is no positive number means the first."""
    if raw is None or not raw.isascii() or not raw.isdigit():
        return 1
    return max(1, int(raw[:9]))
