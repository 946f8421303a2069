"""What a list is asked for, as values: words, facet values, section, order and page. Nothing here asks the database."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from library.models import Section


class ListOrder(TextChoices):
    """The orders that a list can come in, as they are offered."""

    RELEVANCE = "relevance", _("Best match")
    LIBRARY = "library", _("Recommended order")
    NEWEST = "newest", _("Newest first")
    TITLE = "title", _("Title A–Z")


@dataclass(frozen=True)
class FacetValue:
    """One value of a facet: as the database keeps it, as an address spells it, and as a page names it."""

    facet: str
    key: str
    slug: str
    label: str


@dataclass(frozen=True)
class ListQuery:
    """A question to the library, or to one section of it. `filters.read_query` reads it from an address.

    `typed` is what a reader has typed, as far as words of a crisis are looked for in it: further than `words`, which
    are searched. `sort` is the order that was asked for, and `order` the one in force. `deleted` names the facets of
    which the address has a value that was deleted since.
    """

    words: str = ""
    chosen: tuple[FacetValue, ...] = ()
    section: Section | None = None
    sort: ListOrder | None = None
    page: int = 1
    typed: str = ""
    deleted: tuple[str, ...] = ()

    def of(self, facet: str) -> tuple[FacetValue, ...]:
        """The chosen values of a facet."""
        return tuple(value for value in self.chosen if value.facet == facet)

    def keys_by_facet(self, *, without: str | None = None) -> dict[str, Sequence[str]]:
        """The chosen values as the database keeps them, by facet; those of the facet `without` are left out."""
        keys: dict[str, list[str]] = {}
        for value in self.chosen:
            if value.facet != without:
                keys.setdefault(value.facet, []).append(value.key)
        return {**keys}

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is asked that leaves resources out."""
        return bool(self.words or self.chosen)

    @property
    def is_one_of_many(self) -> bool:
        """Whether it is one of the endless combinations that search engines need not keep: words, or two filters."""
        return bool(self.words) or len(self.chosen) > 1

    # Its order

    @property
    def default_order(self) -> ListOrder:
        """The list's own order, which its address need not name."""
        if self.words:
            return ListOrder.RELEVANCE
        return ListOrder.LIBRARY if self._is_in_a_section_by_hand else ListOrder.NEWEST

    @property
    def orders(self) -> tuple[ListOrder, ...]:
        """The orders that make sense for this list."""
        relevance = (ListOrder.RELEVANCE,) if self.words else ()
        library = (ListOrder.LIBRARY,) if self._is_in_a_section_by_hand else ()
        return (*relevance, *library, ListOrder.NEWEST, ListOrder.TITLE)

    @property
    def order(self) -> ListOrder:
        """The order in force: the one asked for where it makes sense here, else the list's own."""
        return self.sort if self.sort in self.orders else self.default_order

    @property
    def _is_in_a_section_by_hand(self) -> bool:
        return self.section is not None and self.section.order == Section.Order.MANUAL

    # Other queries of the same list, each of its first page

    def without_words(self) -> "ListQuery":
        return replace(self, words="", typed="", page=1)

    def with_words(self, words: str) -> "ListQuery":
        """With other words in the place of its own."""
        return replace(self, words=words, typed=words, page=1)

    def without_value(self, value: FacetValue) -> "ListQuery":
        return replace(self, chosen=tuple(other for other in self.chosen if other != value), page=1)

    def without_filters(self) -> "ListQuery":
        """With nothing left out; the order stays where it makes sense."""
        return replace(self, words="", typed="", chosen=(), page=1)
