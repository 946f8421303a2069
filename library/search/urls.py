"""The addresses of a list: parameters in a fixed order, no default among them, `page` last."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse

from .query import ListQuery


@dataclass(frozen=True)
class ListUrls:
    """The addresses of one query; one list has one address, however it was asked for."""

    query: ListQuery

    @cached_property
    def path(self) -> str:
        """Where its form is sent."""
        section = self.query.section
        return reverse("section", args=[section.anchor]) if section else reverse("resource-list")

    @property
    def first_page(self) -> str:
        return self.page(1)

    @property
    def without_filters(self) -> str:
        return ListUrls(self.query.without_filters()).first_page

    def page(self, number: int) -> str:
        """The address of a page, which the first one need not name."""
        query = self.query
        pairs = [("q", query.words)] if query.words else []
        pairs += sorted_by_facet(query)
        pairs += [("sort", query.order.value)] if query.order != query.default_order else []
        pairs += [("page", str(number))] if number > 1 else []
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path


def sorted_by_facet(query: ListQuery) -> list[tuple[str, str]]:
    """The chosen values as parameters: facets in their order, the values of each by name."""
    facets = list(query.keys_by_facet())
    pairs = [(value.facet, value.slug) for value in query.chosen]
    return sorted(pairs, key=lambda pair: (facets.index(pair[0]), pair[1]))
