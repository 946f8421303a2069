"""What a list found, finished: how many, one page of it in order, its facets, and where to look instead.

Lists without words are counted by `search.index` and read in their `ordering`; of the resources that match words, at
most 1,000 are found (`matching`), counted and ranked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from library.models import Resource

from .alternatives import Alternative, alternatives_to
from .description import title_of
from .facets import Facet, count_facets, facets_of
from .matching import TextMatcher
from .ordering import SortedIds, is_too_long_to_sort
from .pagination import ListPage, Total, list_page
from .query import ListQuery
from .vocabulary.lookup import best_bets_for, load_crisis_words


@dataclass(frozen=True)
class SearchResults:
    """The answer to a query."""

    total: Total
    page: ListPage
    resources: tuple[Resource, ...]
    """Those of the page, as a card shows them."""
    facets: tuple[Facet, ...]
    counts_are_exact: bool
    """Whether the numbers beside the facets are of everything that there is, and not only of what was found."""
    is_cut: bool
    """Whether there may be more matches than were found: then list and counts are of those alone."""
    is_too_long_to_sort: bool
    """Whether it comes newest first because it is too long for the order that is asked for."""
    is_crisis: bool
    """Whether the help lines belong above it."""
    is_delicate: bool
    """Whether its title speaks of a crisis."""
    zero_result_words: str
    """What was typed, where all of the library was searched for it alone and has nothing; else nothing."""
    alternatives: tuple[Alternative, ...]
    """Where to look instead, of a list that has nothing."""


def search(query: ListQuery, now: datetime) -> SearchResults:
    """One page of the resources that `query` asks for, as readers see them at `now`.

    Raises `NoSuchPage` where they end before it, as soon as they are counted.
    The number of its queries depends on what is asked and on whether it finds anything, not on what the library holds.
    """
    matcher = TextMatcher(query, now, best_bets_for(query.words)) if query.words else None
    matches = matcher.matches_by_facet() if matcher else None
    counts = count_facets(query, now, matches)
    is_cut = matches is not None and not matches.whole.are_all
    is_exact = matches is None or matches.are_complete
    total = Total(counts.total, is_more=is_cut and counts.total > 0)
    page = list_page(total, query.page)
    ids = matcher.in_order(matches.whole) if matcher and matches else SortedIds(query, now, counts)
    resources = resources_in_order(list(ids[page.part]), matcher) if total.number else ()
    has_typed, is_of_a_subject = bool(query.typed.strip()), bool(query.words or query.of("category") or query.of("tag"))
    crisis = load_crisis_words() if has_typed or is_of_a_subject else None
    has_results = bool(resources) or not query.is_narrowed
    return SearchResults(
        total=total,
        page=page,
        resources=resources,
        facets=facets_of(query, counts, is_exact=is_exact),
        counts_are_exact=is_exact,
        is_cut=is_cut,
        is_too_long_to_sort=not query.words and is_too_long_to_sort(query, counts.total),
        is_crisis=crisis is not None and has_typed and crisis.are_in(query.typed),
        is_delicate=crisis is not None and is_of_a_subject and crisis.are_in(title_of(query)),
        zero_result_words="" if total.number or is_cut or query.section or query.chosen else query.words,
        alternatives=() if has_results else alternatives_to(query, now, crisis),
    )


def resources_in_order(ids: Sequence[int], matcher: TextMatcher | None) -> tuple[Resource, ...]:
    """The resources of one page, as a card shows them, in this order, with the words marked that match. One query."""
    resources = Resource.objects.with_card_relations()
    if matcher and matcher.exact is not None:
        resources = resources.with_marks(matcher.query.words, matcher.exact)
    rows = resources.in_bulk(ids)
    return tuple(rows[pk] for pk in ids if pk in rows)
