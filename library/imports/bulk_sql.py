"""What an import asks of the resources and writes of them: a batch at a time, in a fixed number of queries.

Rows are written as one statement with an array for each column. With Django's `bulk_create` the whole import took
Python more than twice as long, most of it for columns that no file can set.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import Case, Max, Value, When

from library.db.arrays import array_of, one_of
from library.db.locks import Lock, transaction_lock
from library.models import Resource, Section
from library.models.resource import new_ref
from library.models.slugs import free_slugs, wish_for
from library.models.taken_names import taken_names

_FIELDS: dict[str, Any] = {field.attname: field for field in Resource._meta.concrete_fields if not field.generated}
# What a row can change of a resource, and what follows from that.
CHANGEABLE = (
    "title",
    "summary",
    "url",
    "address_key",
    "publisher_id",
    "published_on",
    "published_precision",
    "section_id",
    "position",
)
# Its bit too where an import has reserved one; else the database gives one to an entry that is new in its section.
_WRITTEN = (*CHANGEABLE, "slot")
# So many entries others can add to a section while an import runs; one more would wait for its end.
ROOM = 100


def lock_imports() -> None:
    """Wait until no other import writes, and let none begin before the end of the transaction."""
    transaction_lock(Lock.IMPORT_WRITE)


def lock_sections() -> None:
    """Let nobody add or move an entry until the end. In this order, so that no two wait for each other."""
    list(Section.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def lock_resources(keys: Collection[str], refs: Collection[str] = ()) -> dict[str, Resource]:
    """The resource of each address and of each `ref:…`, locked.

    Of several with one address, it is the oldest one that is not withdrawn, or the oldest.
    """
    withdrawn_last = Case(When(state=Resource.State.WITHDRAWN, then=Value(1)), default=Value(0))
    # The second condition is that of the index: the database does not conclude it from a long list.
    with_address = Resource.objects.filter(address_key__in=one_of(keys)).exclude(address_key="")
    first = with_address.order_by("address_key", withdrawn_last, "pk").distinct("address_key")
    at_address = set(first.values_list("pk", flat=True))
    pks = at_address.union(Resource.objects.filter(ref__in=refs).values_list("pk", flat=True) if refs else ())
    locked = Resource.objects.select_for_update(of=("self",)).filter(pk__in=pks)
    needed = list(locked.only(*CHANGEABLE, "ref", "kind", "state", "withdrawn_reason", "expires_at").order_by("pk"))
    by_ref = {f"ref:{resource.ref}": resource for resource in needed if resource.ref in refs}
    # Looked at once more: an edit that we have waited for may have given one another address.
    wanted = set(keys)
    return by_ref | {
        resource.address_key: resource
        for resource in needed
        if resource.pk in at_address and resource.address_key in wanted
    }


def keep_sections() -> None:
    """Let nobody delete or merge a section until the end. Their entries and headings can change."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM library_section ORDER BY id FOR KEY SHARE")


class NextPositions:
    """The next place in each section, under the lock of `lock_sections`. One query for each section."""

    def __init__(self) -> None:
        self._next: dict[int, int] = {}

    def take(self, section: int) -> int:
        if section not in self._next:
            self._next[section] = Section(pk=section).next_position()
        self._next[section] += 1
        return self._next[section] - 1


class ReservedPlaces:
    """Places in each section, and bits, behind `ROOM` for others: without a lock. One query for each section.

    Only one import at a time may take some.
    """

    def __init__(self) -> None:
        self._next: dict[int, tuple[int, int]] = {}

    def take(self, section: int) -> dict[str, int]:
        """The `position` of the next entry, and its `slot` as the database takes it from an import."""
        if section not in self._next:
            last = Resource.objects.filter(section=section).aggregate(position=Max("position"), slot=Max("slot"))
            self._next[section] = (last["position"] or 0) + 1 + ROOM, (last["slot"] or 0) + 1 + ROOM
        position, slot = self._next[section]
        self._next[section] = position + 1, slot + 1
        return {"position": position, "slot": -1 - slot}


def insert(rows: Sequence[Mapping[str, Any]], now: datetime, publish: bool = True) -> dict[str, int]:
    """New resources of these values, published or drafts, each with a `slug` and a `ref` of its own: {address_key: id}.

    At most nine queries.
    """
    if not rows:
        return {}
    refs = _free_refs(len(rows))
    wishes = [wish_for(row["title"], ref, 100) for row, ref in zip(rows, refs, strict=True)]
    given: dict[str, list[Any]] = {"ref": refs, "slug": free_slugs(wishes, partial(taken_names, Resource), 100)}
    for name in ("kind", *_WRITTEN):
        default = _FIELDS[name].get_default()
        given[name] = [row.get(name, default) for row in rows]
    # What has no value is left to the database: the id, and what triggers write.
    same = {
        name: default for name in _FIELDS.keys() - given.keys() if (default := _FIELDS[name].get_default()) is not None
    }
    same |= {"updated_at": now}
    if publish:
        same |= {"state": Resource.State.PUBLISHED.value, "listed_at": now}
    columns = ", ".join(_FIELDS[name].column for name in (*given, *same))
    values = ", ".join(["new.*", *("%s" for _name in same)])
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO library_resource ({columns}) SELECT {values} FROM {_arrays(given)} AS new "  # noqa: S608 - ours
            "RETURNING address_key, id",
            [*same.values(), *map(array_of, given.values())],
        )
        return dict(cursor.fetchall())


def update(resources: Collection[Resource], now: datetime) -> None:
    """Write what a row can change of these. One query."""
    if not resources:
        return
    columns = [_FIELDS[name].column for name in _WRITTEN]
    settings = ", ".join(f"{column} = new.{column}" for column in columns)
    names = ("id", *_WRITTEN)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE library_resource AS old SET {settings}, updated_at = %s "  # noqa: S608 - ours
            f"FROM {_arrays(names)} AS new (id, {', '.join(columns)}) WHERE old.id = new.id",
            [now, *(array_of(vars(resource).get(name) for resource in resources) for name in names)],
        )


def _arrays(names: Iterable[str]) -> str:
    """A table of these columns, each from one parameter. Types go without their length, which would cut texts."""
    types = (str(_FIELDS[name].db_type(connection)).partition("(")[0] for name in names)
    return f"unnest({', '.join(f'%s::{kind}[]' for kind in types)})"


@dataclass(frozen=True)
class Links:
    """A table of pairs: a resource, and something that it may have many of."""

    select: str
    add: str
    drop: str

    def set(
        self,
        wanted: Mapping[int, Collection[int]],
        fresh: Collection[int],
        prepare: Callable[[set[int]], None],
    ) -> dict[int, set[int]]:
        """Give each of these resources exactly these others. `fresh` have none yet.

        Returns those for which that was a change, with the others that they had. `prepare` is called before with those
        that will be changed. At most three queries.
        """
        pairs = {(resource, other) for resource, others in wanted.items() for other in others}
        old = [resource for resource in wanted if resource not in fresh]
        existing: set[tuple[int, int]] = set()
        with connection.cursor() as cursor:
            if old:
                cursor.execute(self.select, [array_of(old)])
                existing.update(cursor.fetchall())
            prepare({resource for resource, _other in existing ^ pairs}.difference(fresh))
            for statement, differing in ((self.drop, existing - pairs), (self.add, pairs - existing)):
                if differing:
                    cursor.execute(statement, [array_of(column) for column in zip(*sorted(differing), strict=True)])
        before: dict[int, set[int]] = {resource: set() for resource, _other in existing ^ pairs}
        for resource, other in existing:
            if resource in before:
                before[resource].add(other)
        return before


CATEGORIES = Links(
    "SELECT resource_id, category_id FROM library_resource_categories WHERE resource_id = ANY(%s::bigint[])",
    "INSERT INTO library_resource_categories (resource_id, category_id)"
    " SELECT * FROM unnest(%s::bigint[], %s::bigint[])",
    "DELETE FROM library_resource_categories USING unnest(%s::bigint[], %s::bigint[]) AS gone (resource, other)"
    " WHERE (resource_id, category_id) = (resource, other)",
)
TAGS = Links(
    "SELECT content_object_id, tag_id FROM library_taggedresource WHERE content_object_id = ANY(%s::bigint[])",
    "INSERT INTO library_taggedresource (content_object_id, tag_id) SELECT * FROM unnest(%s::bigint[], %s::bigint[])",
    "DELETE FROM library_taggedresource USING unnest(%s::bigint[], %s::bigint[]) AS gone (resource, other)"
    " WHERE (content_object_id, tag_id) = (resource, other)",
)


def _free_refs(number: int) -> list[str]:
    refs: dict[str, None] = {}
    while len(refs) < number:
        new = {new_ref() for _place in range(number - len(refs))}
        taken = Resource.objects.filter(ref__in=one_of(new)).values_list("ref", flat=True)
        refs |= dict.fromkeys(new.difference(taken))
    return list(refs)
