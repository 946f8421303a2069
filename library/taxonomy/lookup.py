"""Sections, categories, publishers and tags by the names that rows give them: found, in any case, or made.

The database compares the names, with the same `lower` as in its unique rules: Python's differs in some alphabets.
"""

from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils import timezone
from django.utils.text import slugify

from library.db.arrays import array_of
from library.models import Category, Publisher, Section, Tag
from library.models.resource import new_ref
from library.models.slugs import free_slugs, wish_for
from library.models.taken_names import taken_names

_SECTIONS = """
    SELECT wish, id, 1 FROM unnest(%s::text[]) AS wish JOIN library_section ON anchor = lower(wish)
    UNION SELECT wish, section_id, 1 FROM unnest(%s::text[]) AS wish JOIN library_sectionalias ON anchor = lower(wish)
    UNION SELECT wish, id, 2 FROM unnest(%s::text[]) AS wish JOIN library_section ON lower(title) = lower(wish)
"""
_CATEGORIES = """
    SELECT wish, id, 1 FROM unnest(%s::text[]) AS wish JOIN library_category ON slug = lower(wish)
    UNION SELECT wish, id, 2 FROM unnest(%s::text[]) AS wish JOIN library_category ON lower(name) = lower(wish)
"""
_PUBLISHERS = """
    SELECT wish, id, 1 FROM unnest(%s::text[]) AS wish JOIN library_publisher ON lower(name) = lower(wish)
    UNION SELECT wish, id, 2 FROM unnest(%s::text[]) AS wish JOIN library_publisher ON slug = lower(wish)
"""
_TAGS = "SELECT wish, id, 1 FROM unnest(%s::text[]) AS wish JOIN library_tag ON lower(name) = lower(wish)"
# And what was called so once: a file may be older than the day on which two became one.
_FORMER = """
    UNION SELECT wish, t.id, 3 FROM unnest(%s::text[]) AS wish
        JOIN library_formervalue AS f ON f.facet = '{facet}' AND lower(f.name) = lower(wish)
        JOIN library_{facet} AS t ON t.id = leads_to
    UNION SELECT wish, t.id, 4 FROM unnest(%s::text[]) AS wish
        JOIN library_formervalue AS f ON f.facet = '{facet}' AND f.slug = lower(wish)
        JOIN library_{facet} AS t ON t.id = leads_to
"""
_CATEGORIES += _FORMER.format(facet="category")
_PUBLISHERS += _FORMER.format(facet="publisher")
_TAGS += _FORMER.format(facet="tag")


def find_sections(names: Collection[str]) -> dict[str, list[int]]:
    """The section whose anchor, now or once, is this name; or else all that have it as their title. One query."""
    return _find(_SECTIONS, names)


def find_categories(names: Collection[str]) -> dict[str, int]:
    """The category that has this name in addresses, or else for readers, or had it once. One query."""
    return {name: ids[0] for name, ids in _find(_CATEGORIES, names).items()}


def find_publishers(names: Collection[str]) -> dict[str, int]:
    """The publisher that has this name, or that address name, or had it once. One query."""
    return {name: ids[0] for name, ids in _find(_PUBLISHERS, names).items()}


def known_tag_names(names: Collection[str]) -> dict[str, str]:
    """The names as the library has them, of those that are a tag's in any case, now or once. At most two queries."""
    ids = {name: ids[0] for name, ids in _find(_TAGS, names).items()}
    tags = Tag.objects.in_bulk(ids.values())
    return {name: tags[pk].name for name, pk in ids.items()}


def make_section(title: str, now: datetime) -> Section:
    """A published section behind all others, with an anchor made of its title."""
    base = slugify(title).replace("_", "-").strip("-")
    wish = base if len(base) > 1 and base[0].isalpha() else f"section-{base}".strip("-")
    anchor = free_slugs([(wish, new_ref())], partial(taken_names, Section), 61)[0]
    position = Section.objects.next_position()
    since = timezone.localdate(now)
    section = Section(anchor=anchor, title=title, position=position, state=Section.State.PUBLISHED, since=since)
    section.save()
    return section


def make_category(name: str) -> Category:
    category: Category = Category.objects.create(name=name, slug=_free_slugs(Category, [name])[0])
    return category


def find_or_make_publishers(names: Collection[str]) -> tuple[dict[str, int], list[str]]:
    """The publisher of each name, and the names of those that had to be made. At most six queries."""
    return _find_or_make(Publisher, _PUBLISHERS, names)


def find_or_make_tags(names: Collection[str]) -> tuple[dict[str, int], list[str]]:
    """The tag of each name, and the names of those that had to be made. At most six queries."""
    return _find_or_make(Tag, _TAGS, names)


def _find(question: str, names: Collection[str]) -> dict[str, list[int]]:
    """What the question finds for each name: of its ways to understand one, the first that finds anything."""
    if not names:
        return {}
    matches: dict[str, tuple[int, list[int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(f"{question} ORDER BY 3, 2", [array_of(names)] * question.count("%s"))
        for name, pk, way in cursor.fetchall():
            first_way, ids = matches.setdefault(name, (way, []))
            if way == first_way:
                ids.append(pk)
    return {name: ids for name, (_way, ids) in matches.items()}


def _find_or_make(
    model: type[Publisher] | type[Tag], question: str, names: Collection[str]
) -> tuple[dict[str, int], list[str]]:
    matches = _find(question, names)
    missing = [name for name in names if name not in matches]
    new = list({name.lower(): name for name in reversed(missing)}.values())
    if new:
        rows = [model(name=name, slug=slug) for name, slug in zip(new, _free_slugs(model, new), strict=True)]
        # A curator may add the same one in this moment.
        model._default_manager.bulk_create(rows, ignore_conflicts=True)
        matches |= _find(question, missing)
    return {name: ids[0] for name, ids in matches.items()}, new


def _free_slugs(model: type[Model], names: list[str]) -> list[str]:
    field: Any = model._meta.get_field("slug")
    longest: int = field.max_length
    wishes = [wish_for(name, new_ref(), longest, allow_unicode=model is Tag) for name in names]
    return free_slugs(wishes, partial(taken_names, model), longest)
