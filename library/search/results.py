"""What a list found, finished: how many, one page of it in order, its facets, and where to look instead.

Lists without words are counted by `search.index` and read in their `ordering`; of the resources that match words, at
most 1,000 are found (`matching`), counted and ranked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from library.db.edit_cache import until_next_edit
from library.db.prepared import NOW, Prepared, PreparedInstances, fetch_rows
from library.models import Category, CrisisTerm, Guide, HelpLine, Resource
from library.models.resource.card_row import CardRow, card_rows, marked_card_rows

from . import index
from .alternatives import Alternative, alternatives_to
from .facets import Facet, count_facets, count_whole, facets_of
from .filters import FACETS
from .help_lines import lines_named
from .matching import NEAR, TextMatcher
from .ordering import SortedIds, is_too_long_to_sort, scope_of
from .pagination import PAGE_SIZE, ListPage, Total, list_page
from .query import ListQuery
from .text_query import WrittenQuery
from .vocabulary.crisis import CrisisWords, load_crisis_words
from .vocabulary.lookup import guides_for, load_synonyms

# So many topics are offered.
TOPIC_LIMIT = 4

_DESCRIBED = PreparedInstances(
    lambda query: Category.objects.described_by(WrittenQuery(query))[:TOPIC_LIMIT], query="query"
)
_NEWEST = Prepared(lambda now: Resource.objects.published(now).newest_first().values("id"), now=NOW)
# Row by row, so that it ends with the page.
_NEAR_OF_CATEGORY = """
    SELECT id FROM ({newest} LIMIT %(looked_at)s) AS looked_at WHERE EXISTS (
        SELECT FROM library_resource_categories
        WHERE resource_id = looked_at.id AND category_id = %(category)s OFFSET 0
    ) LIMIT %(most)s"""


@dataclass(frozen=True)
class SearchResults:
    """The answer to a query."""

    total: Total
    page: ListPage
    resources: tuple[CardRow, ...]
    """Those of the page, as a card shows them."""
    guides: tuple[Guide, ...]
    """Those that one of their phrases in the words leads to: they stand above the list."""
    facets: tuple[Facet, ...]
    counts_are_exact: bool
    """Whether the numbers beside the facets are of everything that there is, and not only of what was found."""
    is_cut: bool
    """Whether there may be more matches than were found: then list and counts are of those alone."""
    is_too_long_to_sort: bool
    """Whether it comes newest first because it is too long for the order that is asked for."""
    has_some_words: bool
    """Whether nothing has all of its words, and these have some of them."""
    has_only_common_words: bool
    """Whether all of its words are ones that are never searched, like “the”."""
    crisis: CrisisTerm.About | None
    """Whom it speaks of, where the help lines belong above it."""
    help_lines: tuple[HelpLine, ...]
    """Those that its words name."""
    topics: tuple[Category, ...]
    """Those that its words name or describe; of a list that has nothing and names none, the first ones."""
    zero_result_words: str
    """What was typed, where all of the library was searched for it alone and has nothing; else nothing."""
    alternatives: tuple[Alternative, ...]
    """Where to look instead, of a list that has nothing."""


def search(query: ListQuery, now: datetime) -> SearchResults:
    """One page of the resources that `query` asks for, as readers see them at `now`.

    Raises `NoSuchPage` where they end before it, as soon as they are counted.
    The number of its queries depends on what is asked and on whether it finds anything, not on what the library holds.
    """
    synonyms = load_synonyms() if query.words else {}
    matcher = TextMatcher(query, now, synonyms) if query.words else None
    matches = matcher.matches_by_facet() if matcher else None
    has_some_words = False
    has_none = matches is not None and not matches.whole.ids and matches.whole.are_all
    if matcher and has_none and (other := matcher.for_some_words()):
        matcher, matches, has_some_words = other, other.matches_by_facet(), True
    counts = count_facets(query, now, matches)
    is_cut = matches is not None and not matches.whole.are_all
    is_exact = matches is None or matches.are_complete
    total = Total(counts.total, is_more=is_cut and counts.total > 0)
    page = list_page(total, query.page)
    whole = count_whole(query, now) if query.section and query.is_narrowed else counts
    ids = matcher.in_order(matches.whole) if matcher and matches else SortedIds(query, now, counts)
    resources = resources_in_order(list(ids[page.part]), matcher) if total.number else ()
    has_results = bool(resources) or not query.is_narrowed
    crisis = _crisis_words_for(query)
    return SearchResults(
        total=total,
        page=page,
        resources=resources,
        guides=guides_for(query.words, synonyms) if query.words and query.page == 1 else (),
        facets=facets_of(query, counts, whole, is_exact=is_exact),
        counts_are_exact=is_exact,
        is_cut=is_cut,
        is_too_long_to_sort=not query.words and is_too_long_to_sort(query, counts.total),
        has_some_words=has_some_words and total.number > 0,
        has_only_common_words=_has_only_common_words(matcher),
        crisis=_crisis_in(query, crisis) if crisis else None,
        help_lines=tuple(lines_named(query.words, _help_lines())) if query.words else (),
        topics=_topics_of(matcher, now, has_results=has_results),
        zero_result_words="" if total.number or is_cut else _missed_words(query, matcher),
        alternatives=() if has_results else alternatives_to(query, now, synonyms, crisis),
    )


def first_page_of_category(query: ListQuery, now: datetime) -> tuple[Total, ListPage, list[CardRow]]:
    """How many resources the list of one category has, and its first page: without counts for other facets.

    Costs two or four queries, and one more until the next edit.
    """
    scope, chosen = scope_of(query, now), query.keys_by_facet()
    ((category,),) = chosen.values()
    whole = count_whole(ListQuery(), now)
    total = Total(whole.of("category")[category])
    page = list_page(total, 1)
    ids: list[int] = []
    # Where so many have it, the first page's should be among the newest that are looked at, twice over.
    if total.number * NEAR > 2 * PAGE_SIZE * whole.total:
        newest, values = _NEWEST.statement
        near = {"now": now, "category": category, "looked_at": NEAR, "most": PAGE_SIZE}
        ids = [pk for (pk,) in fetch_rows(_NEAR_OF_CATEGORY.format(newest=newest), values | near)]
    if len(ids) < min(total.number, PAGE_SIZE):
        ids = SortedIds(query, now, index.count(scope, chosen, ["year"]))[page.part]
    return total, page, card_rows(ids)


def _has_only_common_words(matcher: TextMatcher | None) -> bool:
    return matcher is not None and matcher.exact == ""


def _missed_words(query: ListQuery, matcher: TextMatcher | None) -> str:
    """The words that all of the library was searched for; empty for other lists."""
    return "" if query.section or query.chosen or _has_only_common_words(matcher) else query.words


def _crisis_words_for(query: ListQuery) -> CrisisWords | None:
    """None where nothing in the query could have any of them; else it costs a query."""
    has_subject = query.typed.strip() or query.words or query.of("category") or query.of("tag")
    return load_crisis_words() if has_subject else None


def _crisis_in(query: ListQuery, crisis: CrisisWords) -> CrisisTerm.About | None:
    """Whom what was typed, or the category or tag that was chosen, speaks of."""
    subjects = [value.label for value in (*query.of("category"), *query.of("tag"))]
    return crisis.kind_of(" ; ".join([query.typed, *subjects]))


def _topics_of(matcher: TextMatcher | None, now: datetime, *, has_results: bool) -> tuple[Category, ...]:
    """Those that the words name; of a list that has nothing, only topics with entries. At most two queries."""
    named = tuple(_DESCRIBED.rows(query=matcher.any)) if matcher and matcher.any else ()
    if has_results:
        return named
    used = index.count(index.Scope(None, now), {}, list(FACETS)).of("category")
    named = tuple(topic for topic in named if used[str(topic.pk)])
    return named or tuple(topic for topic in Category.objects.in_order() if used[str(topic.pk)])[:TOPIC_LIMIT]


@until_next_edit
def _help_lines() -> list[HelpLine]:
    return list(HelpLine.objects.all())


def resources_in_order(ids: Sequence[int], matcher: TextMatcher | None) -> tuple[CardRow, ...]:
    """The resources of one page in this order, with the words marked that match. One query."""
    if matcher and matcher.exact is not None:
        return tuple(marked_card_rows(ids, matcher.query.words, matcher.exact))
    return tuple(card_rows(ids))
