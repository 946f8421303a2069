"""Which resources stand beside one: those that share most tags with it, then the newest of its categories."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from django.apps import apps

from library.db.edit_cache import edit_cache
from library.db.prepared import Prepared, fetch_rows

from ..taxonomy import Category

# Of each tag, and for the categories, so many of the newest are looked at, however many there are.
RELATED_POOL = 200

_PUBLISHED = Prepared(lambda now: _resources().published(now).values_list("id"), now=datetime(1, 1, 1, tzinfo=UTC))
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
    SELECT tied.id FROM tied JOIN ({published}) AS published USING (id)
    ORDER BY tied.shared DESC, tied.id DESC LIMIT %(most)s"""


def related_ids(resource: Any, categories: Collection[Category], now: datetime, most: int) -> list[int]:
    """The ids of at most `most` that readers see at `now`. One query, and two until the next edit for the newest."""
    published, others = _PUBLISHED.statement
    values = others | {"now": now, "resource": resource.pk, "pool": RELATED_POOL, "most": most}
    found = [pk for (pk,) in fetch_rows(_TIED.format(published=published), values)]
    if len(found) < most:
        own = {category.pk for category in categories}
        newest = edit_cache.get_or_make("categories of the newest", lambda: _categories_of_the_newest(now))
        found += [pk for pk, of_it in newest.items() if own & of_it and pk not in found and pk != resource.pk]
    return found[:most]


def _categories_of_the_newest(now: datetime) -> dict[int, set[int]]:
    newest = _resources().published(now).newest_first()[:RELATED_POOL]
    categories: dict[int, set[int]] = {pk: set() for pk in newest.values_list("pk", flat=True)}
    through = _resources().model.categories.through.objects
    for pk, category in through.filter(resource__in=list(categories)).values_list("resource", "category"):
        categories[pk].add(category)
    return categories


def _resources() -> Any:
    return apps.get_model("library", "Resource").objects
