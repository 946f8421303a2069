"""A list in words: its title, its heading, the filters in force, and what became of filters that are gone."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext

from library.models.resource.kinds import PLURALS, Kind

from .filters import FACETS
from .query import ListQuery
from .urls import ListUrls


@dataclass(frozen=True)
class AppliedFilter:
    """A filter in force, in words, and the query without it."""

    label: str
    without: ListQuery

    @property
    def url_without(self) -> str:
        return ListUrls(self.without).first_page


@dataclass(frozen=True)
class ListDescription:
    """What a page says of its list."""

    heading: str
    """The question as a phrase (`title_of`), or the name of a section that is shown whole."""
    applied: tuple[AppliedFilter, ...]
    """The filters in force, in the order of the parameters."""
    deleted: tuple[str, ...]
    """A sentence for each filter that the address names and that was deleted since: it is left out."""


def describe(query: ListQuery) -> ListDescription:
    """The words of a query. Costs nothing."""
    heading = query.section.title if query.section and not query.is_narrowed else title_of(query)
    return ListDescription(heading, applied_filters(query), tuple(str(FACETS[name].deleted) for name in query.deleted))


def applied_filters(query: ListQuery) -> tuple[AppliedFilter, ...]:
    """Each filter in force with the way out of it."""
    words = [AppliedFilter(gettext("Search: %s") % query.words, query.without_words())] if query.words else []
    values = [
        AppliedFilter(f"{FACETS[value.facet].label}: {value.label}", query.without_value(value))
        for value in query.chosen
    ]
    return (*words, *values)


def title_of(query: ListQuery) -> str:
    """The question as a phrase: “Podcast episodes about peer support from 2018 matching “sleep”, newest first”."""
    parts = [_subject(query)]
    for name, facet in FACETS.items():
        labels = [facet.in_a_title(value.label) for value in query.of(name)]
        if labels and facet.phrase:
            parts.append(str(facet.phrase) % any_of(labels))
    if query.words and query.chosen:
        parts.append(gettext("matching “%s”") % query.words)
    elif query.words:
        parts = [gettext("Search results for “%s”") % query.words]
    title = " ".join(parts)
    if query.order == query.default_order:
        return title
    order = str(query.order.label)
    return f"{title}, {order[0].lower()}{order[1:]}"


def _subject(query: ListQuery) -> str:
    kinds = query.of("kind")
    if kinds:
        return capfirst(any_of(str(PLURALS[Kind(kind.key)]) for kind in kinds))
    return gettext("Resources") if query.is_narrowed else gettext("All resources")


def any_of(labels: Iterable[str]) -> str:
    """`a`, `a or b`, `a, b, or c`."""
    words = list(labels)
    if len(words) < 3:
        return gettext(" or ").join(words)
    return gettext("%(all_but_last)s, or %(last)s") % {"all_but_last": ", ".join(words[:-1]), "last": words[-1]}
