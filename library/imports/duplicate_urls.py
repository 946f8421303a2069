"""Rows that give an entry another address: which other one has it, as far as the rows before have changed that.

An entry whose row stands further on has its old address until then, even if that row takes it away.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext

from library.db.arrays import array_of
from library.models import Resource

from .rows import Entry


@dataclass(frozen=True, slots=True)
class Holder:
    """An entry that has an address. `line` is that of the row which makes it, None where the library has it."""

    pk: int
    title: str
    line: int | None = None

    @property
    def label(self) -> tuple[str, str]:
        """Its title, with its line where the file makes it; and its id where the library has it."""
        if self.line is None:
            return self.title, str(self.pk)
        return gettext("line %(line)d, %(title)s") % {"line": self.line, "title": self.title}, ""


def find_duplicates(
    entries: Sequence[Entry], matches: Mapping[str, Resource], lines: Mapping[str, int], made_from: float
) -> tuple[dict[int, Holder], dict[int, int]]:
    """Of the lines that bring an entry to the address of another one, that other one; and the lines to be refused.

    Those are of new entries at an address to which a row before, whose line is given, has moved one: without a ref they
    mean that entry. `lines` has the line on which each address of the file stands first; the import has made what has
    an id from `made_from` on. One query, none where no entry moves.
    """
    moving = {entry.key: matches[entry.key] for entry in entries if _moves(matches.get(entry.key), entry)}
    shared: dict[int, Holder] = {}
    refused: dict[int, int] = {}
    if not moving:
        return shared, refused
    keys = {entry.fields["address_key"] for entry in entries if entry.key in moving}
    there: defaultdict[str, list[Holder]] = defaultdict(list)
    for holder_key, pk, title in _resources_at(keys, [old.pk for old in moving.values()]):
        there[holder_key].append(Holder(pk, title, lines.get(holder_key) if pk >= made_from else None))
    for old in moving.values():
        there[old.address_key].append(Holder(old.pk, old.title))
    moved: dict[str, int] = {}
    for entry in entries:
        key, title = entry.fields.get("address_key", ""), entry.fields.get("title", "")
        if resource := moving.get(entry.key):
            there[resource.address_key] = [one for one in there[resource.address_key] if one.pk != resource.pk]
            if there[key]:
                shared[entry.line] = there[key][0]
            there[key].append(Holder(resource.pk, title or resource.title))
            moved.setdefault(key, entry.line)
        elif entry.key not in matches and key in moved:
            refused[entry.line] = moved[key]
        elif entry.key not in matches:
            there[key].append(Holder(0, title, entry.line))
    return shared, refused


def _moves(resource: Resource | None, entry: Entry) -> bool:
    """Whether the row gives this resource another address; not one that only looks different."""
    return resource is not None and entry.fields.get("address_key", resource.address_key) != resource.address_key


def _resources_at(keys: Collection[str], apart_from: Collection[int]) -> list[tuple[str, int, str]]:
    """Of each of these addresses the resource that a row without a ref would mean, `apart_from` some: its id, title."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (address_key) address_key, id, title FROM library_resource"
            " WHERE address_key = ANY(%s::text[]) AND address_key <> '' AND id <> ALL(%s::bigint[])"
            " ORDER BY address_key, state = 'withdrawn', id",
            [array_of(keys), array_of(apart_from)],
        )
        return list(cursor.fetchall())
