"""Which resources stand beside one: those that share most tags with it, then the newest of its categories."""

from collections.abc import Collection
from datetime import datetime
from itertools import starmap

from library.db.edit_cache import edit_cache
from library.db.prepared import fetch_rows

from ..taxonomy import Category
from .card_row import PUBLISHED_ROWS, CardRow, card_rows
from .model import Resource

# Of each tag, and for the categories, so many of the newest are looked at, however many there are.
RELATED_POOL = 200

_TIED = """
    WITH tied AS MATERIALIZED (
        SELECT near.id, count(*) AS shared
        FROM library_taggedresource AS own CROSS JOIN LATERAL (
            SELECT content_object_id AS id FROM library_taggedresource
            WHERE tag_id = own.tag_id ORDER BY content_object_id DESC LIMIT %(pool)s
        ) AS near
        WHERE own.content_object_id = %(resource)s AND near.id <> %(resource)s
        GROUP BY near.id ORDER BY shared DESC, near.id DESC LIMIT %(pool)s
    )
    SELECT published.* FROM tied JOIN ({published}) AS published ON published.pk = tied.id
    ORDER BY tied.shared DESC, tied.id DESC LIMIT %(most)s"""


def related_rows(resource: Resource, categories: Collection[Category], now: datetime, most: int) -> list[CardRow]:
    """At most `most` that readers see at `now`. One query where enough share its tags.

    Else one more for the others, and two until the next edit for the newest.
    """
    published, others = PUBLISHED_ROWS.statement
    values = others | {"now": now, "resource": resource.pk, "pool": RELATED_POOL, "most": most}
    rows = list(starmap(CardRow, fetch_rows(_TIED.format(published=published), values)))
    if len(rows) == most:
        return rows
    own, known = {category.pk for category in categories}, {resource.pk, *(row.pk for row in rows)}
    newest = edit_cache.get_or_make("categories of the newest", lambda: _categories_of_the_newest(now))
    near = [pk for pk, of_it in newest.items() if own & of_it and pk not in known]
    return rows + card_rows(near[: most - len(rows)])


def _categories_of_the_newest(now: datetime) -> dict[int, set[int]]:
    newest = Resource.objects.published(now).newest_first()[:RELATED_POOL]
    categories: dict[int, set[int]] = {pk: set() for pk in newest.values_list("pk", flat=True)}
    through = Resource.categories.through.objects
    for pk, category in through.filter(resource__in=list(categories)).values_list("resource", "category"):
        categories[pk].add(category)
    return categories
