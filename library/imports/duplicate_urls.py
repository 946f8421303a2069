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
    def told(self) -> tuple[str, str]:
        """Its title, with its line where the file makes it; and its id where the library has it."""
        if self.line is None:
            return self.title, str(self.pk)
        return gettext("line %(line)d, %(title)s") % {"line": self.line, "title": self.title}, ""


def find_shared(
    entries: Sequence[Entry], matches: Mapping[str, Resource], made_from: float
) -> tuple[dict[int, Holder], dict[int, int]]:
    """Of the lines that bring an entry to the address of another one, that other one; and the lines to be refused.

    Those are of new entries at an address to which a row before, whose line is given, has moved one: without a ref they
    mean that entry. The import has made what has an id from `made_from` on. One query, none where no entry moves.
    """
    moving = {entry.key: matches[entry.key] for entry in entries if _moves(matches.get(entry.key), entry)}
    shared: dict[int, Holder] = {}
    refused: dict[int, int] = {}
    if not moving:
        return shared, refused
    keys = {entry.fields["address_key"] for entry in entries if entry.key in moving}
    there = defaultdict(list, _holders_of(keys, [old.pk for old in moving.values()], made_from))
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


def _holders_of(keys: Collection[str], apart_from: Collection[int], made_from: float) -> dict[str, list[Holder]]:
    """Of each of these addresses the entry that a row without a ref would mean, `apart_from` some."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (address_key) address_key, id, title, line FROM library_resource"
            " LEFT JOIN imported_address ON number = hashtextextended(address_key, 0) AND key = address_key"
            " WHERE address_key = ANY(%s::text[]) AND address_key <> '' AND id <> ALL(%s::bigint[])"
            " ORDER BY address_key, state = 'withdrawn', id",
            [array_of(keys), array_of(apart_from)],
        )
        return {key: [Holder(pk, title, line if pk >= made_from else None)] for key, pk, title, line in cursor}
