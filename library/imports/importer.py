"""Rows into the library: in one transaction, and a batch at a time, so that no file and no library is too large.

What curators do meanwhile waits for the end where it would get in the way: a new entry, an entry that moves, an entry
that a row speaks of.
"""

from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from library.models import Resource

from .names import find_or_make_publishers, find_or_make_tags
from .placing import Places
from .readers import Row, RowError, quote
from .rows import Entry, entry_of
from .writes import (
    CATEGORIES,
    TAGS,
    LastPlaces,
    first_lines,
    insert,
    lock_resources,
    lock_sections,
    start_noting_lines,
    update,
)

BATCH = 1000
# The most reasons, and the most names in a warning, that a result tells.
ERROR_LIMIT = 100
NAME_LIMIT = 20

# PostgreSQL's advisory lock for imports: two at once run one after the other. Any fixed number serves.
_LOCK = 7_204_118
# The last statement works through all rows at once: about a minute for 100,000 of them.
_FINISH_TIMEOUT = "30min"

# The line of a row, its columns that are ignored, and what it says or what is wrong with it.
_Read = tuple[int, tuple[str, ...], Entry | tuple[RowError, ...]]


@dataclass(frozen=True)
class ImportResult:
    """How many rows added, changed or matched a resource; or would have, where nothing was `written`.

    `bad` has the reasons of the first bad rows, `bad_rows` is the number of all of them.
    """

    created: int
    changed: int
    unchanged: int
    bad: tuple[RowError, ...]
    bad_rows: int
    warnings: tuple[str, ...]
    written: bool

    def __str__(self) -> str:
        """In one line for people."""
        words = _("%(created)d new, %(changed)d changed, %(unchanged)d unchanged, %(bad_rows)d bad.") % vars(self)
        return words if self.written else _("Not written: %(counts)s") % {"counts": words}


def import_resources(
    rows: Iterable[Row],
    *,
    now: datetime,
    dry_run: bool = False,
    create_missing: bool = False,
    skip_bad: bool = False,
    on_progress: Callable[[int], None] = lambda _rows: None,
) -> ImportResult:
    """Add what is new, change what differs, in one transaction; nothing at all when a row is bad, unless `skip_bad`.

    A row is matched by its address. `create_missing` makes unknown sections and categories. A dry run does the same
    and takes it back. Whatever `rows` raises leaves nothing behind. `on_progress` gets the number of rows so far.

    `rows` are read in another thread, ahead of what is written: they can ask no query of their own.
    """
    job = _Import(now, create_missing)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        lock_sections()
        start_noting_lines()
        with closing(_ahead(_batches(rows))) as batches:
            for batch in batches:
                job.take(batch)
                on_progress(job.rows)
        written = not dry_run and (skip_bad or not job.bad_rows)
        if written or dry_run:
            _finish()
        transaction.set_rollback(not written)
    return job.result(written)


def _finish() -> None:
    """Do now what waits for the end of the transaction, so that a dry run meets it too: rules, search words, counts."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout TO %s", [_FINISH_TIMEOUT])
    connection.check_constraints()


def _batches(rows: Iterable[Row]) -> Iterator[list[_Read]]:
    iterator = iter(rows)
    while batch := [(row.line, row.ignored, entry_of(row)) for row in islice(iterator, BATCH)]:
        yield batch


def _ahead(batches: Iterator[list[_Read]]) -> Generator[list[_Read], None, None]:
    """The same, each read while the one before is written: Python would only wait for the database."""
    language = copy_context()

    def following() -> list[_Read]:
        return next(batches, [])

    with ThreadPoolExecutor(max_workers=1) as reader:
        coming = reader.submit(language.run, following)
        while batch := coming.result():
            coming = reader.submit(language.run, following)
            yield batch


class _Import:
    """What one import has met so far."""

    def __init__(self, now: datetime, create_missing: bool) -> None:
        self.now = now
        self.rows = self.created = self.changed = self.unchanged = self.bad_rows = 0
        self.bad: list[RowError] = []
        self.ignored: dict[str, int] = {}
        self.new_publishers: list[str] = []
        self.places = Places(now, create_missing)
        self.last = LastPlaces()

    def result(self, written: bool) -> ImportResult:
        return ImportResult(
            created=self.created,
            changed=self.changed,
            unchanged=self.unchanged,
            bad=tuple(sorted(self.bad, key=lambda error: error.line)),
            bad_rows=self.bad_rows,
            warnings=self._warnings(),
            written=written,
        )

    def _warnings(self) -> tuple[str, ...]:
        ignored = _("The column %(name)s is not imported (line %(line)d).")
        lines = [ignored % {"name": quote(name), "line": line} for name, line in self.ignored.items()]
        made = (
            (_("New sections: %(names)s"), self.places.new_sections),
            (_("New categories: %(names)s"), self.places.new_categories),
            (_("New publishers: %(names)s"), self.new_publishers),
        )
        return (*lines, *(words % {"names": ", ".join(map(quote, names))} for words, names in made if names))

    def take(self, batch: list[_Read]) -> None:
        """Decide on one batch and write it."""
        self.rows += len(batch)
        entries = self._first_of_each(self._readable(batch))
        matches = lock_resources([entry.key for entry in entries])
        entries = [entry for entry in entries if self._fits(entry, matches.get(entry.key))]
        self.places.look_up(entries)
        entries = [entry for entry in entries if self._has_its_place(entry)]
        self._write(entries, matches)

    def _refuse(self, *errors: RowError) -> None:
        """Count one bad row, and tell why it is one."""
        self.bad_rows += 1
        self.bad += errors[: ERROR_LIMIT - len(self.bad)]

    def _readable(self, batch: list[_Read]) -> list[Entry]:
        entries = []
        for line, ignored, entry in batch:
            for name in ignored:
                if name not in self.ignored and len(self.ignored) < NAME_LIMIT:
                    self.ignored[name] = line
            if isinstance(entry, Entry):
                entries.append(entry)
            else:
                self._refuse(*entry)
        return entries

    def _first_of_each(self, entries: list[Entry]) -> list[Entry]:
        """The entries whose addresses stand nowhere before them in the file."""
        first = first_lines({entry.key: entry.line for entry in reversed(entries)})
        words = _("The same address stands in line %(line)d already.")
        for entry in entries:
            if first[entry.key] != entry.line:
                self._refuse(RowError(entry.line, "url", words % {"line": first[entry.key]}))
        return [entry for entry in entries if first[entry.key] == entry.line]

    def _fits(self, entry: Entry, resource: Resource | None) -> bool:
        """Whether the row can be about this resource, or about a new one; refuses it where it cannot."""
        errors = []
        if resource is None:
            missing = [name for name in ("title", "kind") if name not in entry.fields]
            missing += [] if entry.section else ["section"]
            errors = [RowError(entry.line, name, _("A new entry needs this.")) for name in missing]
        elif resource.is_gone(self.now):
            words = _("The entry of this address was withdrawn: %(reason)s. An import does not bring it back.")
            errors = [RowError(entry.line, "url", words % {"reason": quote(resource.why_gone(self.now))})]
        elif entry.fields.get("kind", resource.kind) != resource.kind:
            words = _("This address is a %(old)s in the library; the file says %(new)s. An import changes no kind.")
            kinds = {"old": resource.kind, "new": entry.fields["kind"]}
            errors = [RowError(entry.line, "kind", words % kinds)]
        if errors:
            self._refuse(*errors)
        return not errors

    def _has_its_place(self, entry: Entry) -> bool:
        errors = self.places.errors_of(entry)
        if errors:
            self._refuse(*errors)
            return False
        # Made now, so that the next entry finds them and their number is known.
        self.places.categories_of(entry)
        if entry.section:
            entry.fields["section_id"] = self.places.section_of(entry)
        return True

    def _write(self, entries: list[Entry], matches: dict[str, Resource]) -> None:
        publishers, new = find_or_make_publishers({entry.publisher for entry in entries if entry.publisher})
        self.new_publishers += new[: NAME_LIMIT - len(self.new_publishers)]
        tags, _new = find_or_make_tags({name for entry in entries for name in entry.tags})
        for entry in entries:
            if entry.publisher:
                entry.fields["publisher_id"] = publishers[entry.publisher]
        created = self._create([entry for entry in entries if entry.key not in matches])
        known = [(matches[entry.key], entry) for entry in entries if entry.key in matches]
        different = {resource.pk for resource, entry in known if self._set(resource, entry.fields)}
        pks = {key: resource.pk for key, resource in matches.items()} | created
        categories = {pks[entry.key]: self.places.categories_of(entry) for entry in entries if entry.categories}
        tagged = {pks[entry.key]: {tags[name] for name in entry.tags} for entry in entries if entry.tags}
        fresh = set(created.values())
        different |= CATEGORIES.set(categories, fresh) | TAGS.set(tagged, fresh)
        changed = [resource for resource, _entry in known if resource.pk in different]
        update(changed, self.now)
        self.created += len(created)
        self.changed += len(changed)
        self.unchanged += len(known) - len(changed)

    def _create(self, entries: list[Entry]) -> dict[str, int]:
        rows = [
            {**entry.fields, "address_key": entry.key, "position": self.last.take(entry.fields["section_id"])}
            for entry in entries
        ]
        return insert(rows, self.now)

    def _set(self, resource: Resource, fields: dict[str, Any]) -> bool:
        """Give the resource these values; whether any of them is another than before."""
        before = {name: getattr(resource, name) for name in fields}
        if fields.get("section_id", resource.section_id) != resource.section_id:
            resource.position = self.last.take(fields["section_id"])
        for name, value in fields.items():
            setattr(resource, name, value)
        return before != fields
