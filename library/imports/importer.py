"""Rows into the library: in one transaction, and a batch at a time, so that no file and no library is too large.

What curators do meanwhile waits for the end only where it would get in the way: at an entry that a row speaks of, or a
name that the import makes, too.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext

from library.db.timeouts import local_statement_timeout
from library.history.record import OpenAuditEntry, record, record_before
from library.models import AuditEntry, Category, Publisher, Resource, Section, User
from library.models.web_address import without_tracking
from library.pages.markdown import single_line
from library.taxonomy.lookup import find_or_make_publishers, find_or_make_tags

from .bulk_sql import (
    CATEGORIES,
    TAGS,
    ReservedPlaces,
    insert,
    keep_sections,
    lock_imports,
    lock_resources,
    update,
)
from .duplicate_urls import Holder, find_duplicates
from .placement import Placement
from .readers import Row, RowError, quote
from .report import RowOutcome
from .rows import Entry, entry_of

BATCH = 1000
# The most reasons, and the most names in a warning, that a result tells.
ERROR_LIMIT = 100
NAMED_LIMIT = 20

# The last statement works through all rows at once: about a minute for 100,000 of them.
_FINISH_TIMEOUT = "30min"

# A row, and what it says or what is wrong with it.
_ParsedRow = tuple[Row, Entry | tuple[RowError, ...]]
# Known together or not at all.
_DATE = ("published_on", "published_precision")
# By which a curator tells whether a new entry is what the file was meant to say.
FIELDS_OF_NEW = ("kind", "section_id", "url", "summary", "publisher_id", *_DATE, "categories", "tags")


@dataclass(frozen=True)
class ImportResult:
    """How many rows added, changed or matched a resource; or would have, where nothing was `written`.

    `bad` has the reasons of the first bad rows, `bad_rows` is the number of all of them. What was made besides is
    counted by its ids.
    """

    created: int
    changed: int
    unchanged: int
    bad: tuple[RowError, ...]
    bad_rows: int
    warnings: tuple[str, ...]
    written: bool
    made_publishers: tuple[int, ...] = ()
    made_tags: tuple[int, ...] = ()

    def __str__(self) -> str:
        """In one line for people."""
        message = gettext("%(created)d new, %(changed)d changed, %(unchanged)d unchanged, %(bad_rows)d bad.") % vars(
            self
        )
        return message if self.written else gettext("Not written: %(counts)s") % {"counts": message}


def import_resources(
    rows: Iterable[Row],
    *,
    now: datetime,
    dry_run: bool = False,
    create_missing: bool = False,
    skip_bad: bool = False,
    publish: bool = True,
    by: User | None = None,
    message: str = "",
    on_progress: Callable[[int], None] = lambda _rows: None,
    on_batch: Callable[[list[RowOutcome]], None] = lambda _outcomes: None,
) -> ImportResult:
    """Add what is new, change what differs, in one transaction; nothing at all when a row is bad, unless `skip_bad`.

    A row is matched by its ref, or else by its address. `create_missing` makes unknown sections and categories. Without
    `publish`, what is new is a draft. A dry run does the same and takes it back. Whatever `rows` raises leaves nothing
    behind. `on_progress` gets the number of rows so far; `on_batch`, in the transaction, what became of the last ones.
    It is one act `by` somebody (None: by a command) with this `message`, and one for each kind of thing that it makes.
    """
    with transaction.atomic():
        audit_entry = None if dry_run else OpenAuditEntry(Resource, AuditEntry.Kind.IMPORTED, by, now)
        job = _Import(now, create_missing, publish, audit_entry)
        lock_imports()
        keep_sections()
        for batch in _batches(rows):
            on_batch(job.take(batch))
            on_progress(job.rows)
        if audit_entry:
            audit_entry.close(message)
            job.record_made(by, message)
        written = not dry_run and (skip_bad or not job.bad_rows)
        if written or dry_run:
            finish()
        transaction.set_rollback(not written)
    return job.result(written)


def finish() -> None:
    """Do now what waits for the end of the transaction, so that a dry run meets it too: rules, search words, counts."""
    local_statement_timeout(_FINISH_TIMEOUT)
    connection.check_constraints()


def _first_of(lines: list[int]) -> str:
    return ", ".join(map(str, lines[:NAMED_LIMIT])) + (" …" if len(lines) > NAMED_LIMIT else "")


def _batches(rows: Iterable[Row]) -> Iterator[list[_ParsedRow]]:
    iterator = iter(rows)
    while batch := [(row, entry_of(row)) for row in islice(iterator, BATCH)]:
        yield batch


class _Import:
    """What one import has met so far."""

    def __init__(self, now: datetime, create_missing: bool, publish: bool, audit_entry: OpenAuditEntry | None) -> None:
        self.now, self.publish, self.audit_entry = now, publish, audit_entry
        self.rows = self.created = self.changed = self.unchanged = self.bad_rows = 0
        self.bad: list[RowError] = []
        self.ignored: dict[str, int] = {}
        # What rows were understood as, by its sort: the sentence of the first one, and their lines.
        self.notes: dict[str, tuple[str, list[int]]] = {}
        self.new_publishers: list[str] = []
        self.new_tags: list[str] = []
        self.made_publishers: set[int] = set()
        self.made_tags: set[int] = set()
        self.placement = Placement(now, create_missing)
        self.places = ReservedPlaces()
        self.outcomes: list[RowOutcome] = []
        # What stands in each row of the batch.
        self.cells: dict[int, dict[str, Any]] = {}
        # The rows of the batch whose entries come to the address of another one; and the first lines of all such rows.
        self.shared: dict[int, Holder] = {}
        self.sharing: list[int] = []
        # On which line each address, each ref and each resource of the library stands first in the file.
        self.lines: dict[str, int] = {}
        self.lines_of_resources: dict[int, int] = {}
        # The first id that the import has made: nobody else makes any meanwhile.
        self.made_from = math.inf

    def result(self, written: bool) -> ImportResult:
        return ImportResult(
            created=self.created,
            changed=self.changed,
            unchanged=self.unchanged,
            bad=tuple(sorted(self.bad, key=lambda error: error.line)),
            bad_rows=self.bad_rows,
            warnings=self._warnings(),
            written=written,
            made_publishers=tuple(sorted(self.made_publishers)) if written else (),
            made_tags=tuple(sorted(self.made_tags)) if written else (),
        )

    def record_made(self, by: User | None, message: str) -> None:
        """Record what was made besides the entries: one act for each kind of thing."""
        placement = self.placement
        made = {Section: placement.made_sections, Category: placement.made_categories, Publisher: self.made_publishers}
        for model, pks in made.items():
            if pks:
                record(model, pks, AuditEntry.Kind.IMPORTED, by=by, now=self.now, comment=message)

    def _warnings(self) -> tuple[str, ...]:
        ignored = gettext("The column %(name)s isn’t imported (line %(line)d).")
        lines = [ignored % {"name": quote(name), "line": line} for name, line in self.ignored.items()]
        made = (
            (gettext("New sections: %(names)s"), self.placement.new_sections),
            (gettext("New categories: %(names)s"), self.placement.new_categories),
            (gettext("New publishers: %(names)s"), self.new_publishers),
            (gettext("New tags: %(names)s"), self.new_tags),
        )
        lines += [message % {"names": ", ".join(map(quote, names))} for message, names in made if names]
        if self.sharing:
            message = gettext("Lines that give an entry the address of another entry: %(lines)s")
            lines.append(message % {"lines": _first_of(self.sharing)})
        message = gettext("%(note)s Lines: %(lines)s")
        lines += [message % {"note": note, "lines": _first_of(places)} for note, places in self.notes.values()]
        return tuple(lines)

    def take(self, batch: list[_ParsedRow]) -> list[RowOutcome]:
        """Decide on one batch and write it; what became of each of its rows."""
        self.rows += len(batch)
        self.outcomes = []
        self.cells = {row.line: row.texts | row.lists for row, _entry in batch}
        entries = self._readable(batch)
        entries = self._without_repeats(entries, [self.lines.setdefault(entry.key, entry.line) for entry in entries])
        refs = {entry.ref for entry in entries if entry.ref}
        matches = lock_resources([entry.key for entry in entries if not entry.ref], refs)
        entries = [entry if entry.key in matches else entry.with_defaults() for entry in entries]
        entries = [entry for entry in entries if self._is_acceptable(entry, matches.get(entry.key))]
        # One row may name an entry by its ref and another one by its address.
        entries = self._without_repeats(
            entries, [self._first_line_of(matches.get(entry.key), entry.line) for entry in entries]
        )
        self.placement.load_names(entries)
        entries = self._without_taken_urls([entry for entry in entries if self._is_placed(entry)], matches)
        self._write(entries, matches)
        return self.outcomes

    def _refuse(self, title: str, *errors: RowError, resource: Resource | None = None) -> None:
        """Count one bad row, and tell why it is one."""
        self.bad_rows += 1
        self.bad += errors[: ERROR_LIMIT - len(self.bad)]
        line, details = errors[0].line, tuple((error.column, error.reason) for error in errors)
        self.outcomes.append(
            RowOutcome(line, "bad", title, resource.pk if resource else None, self.cells.get(line, {}), errors=details)
        )

    def _readable(self, batch: list[_ParsedRow]) -> list[Entry]:
        entries = []
        for row, entry in batch:
            for name in row.ignored:
                if name not in self.ignored and len(self.ignored) < NAMED_LIMIT:
                    self.ignored[name] = row.line
            if isinstance(entry, Entry):
                entries.append(entry)
                for sort, note in entry.notes:
                    _note, lines = self.notes.setdefault(sort, (note, []))
                    lines += [entry.line] if len(lines) <= NAMED_LIMIT else []
            else:
                self._refuse(row.texts.get("title", ""), *entry)
        return entries

    def _first_line_of(self, resource: Resource | None, line: int) -> int:
        return self.lines_of_resources.setdefault(resource.pk, line) if resource else line

    def _without_repeats(self, entries: list[Entry], first_lines: list[int]) -> list[Entry]:
        """The entries that stand nowhere before them in the file; refuses the others."""
        once = []
        for entry, line in zip(entries, first_lines, strict=True):
            if line == entry.line:
                once.append(entry)
                continue
            column, message = "url", gettext("Line %(line)d already has this address.")
            if entry.ref:
                column, message = "ref", gettext("Line %(line)d already has this entry.")
            self._refuse(entry.fields.get("title", ""), RowError(entry.line, column, message % {"line": line}))
        return once

    def _is_acceptable(self, entry: Entry, resource: Resource | None) -> bool:
        """Whether the row can be about this resource, or about a new one; refuses it where it cannot."""
        errors = []
        if resource is None and entry.ref:
            message = gettext("No entry has this ref. Leave the cell empty for a new entry.")
            errors = [RowError(entry.line, "ref", message)]
        elif resource is None:
            missing = [name for name in ("title", "kind") if name not in entry.fields]
            missing += [] if entry.section else ["section"]
            errors = [RowError(entry.line, name, gettext("A new entry needs this.")) for name in missing]
        elif resource.is_gone(self.now) and not entry.ref:
            message = gettext("The entry with this address was withdrawn: %(reason)s. An import can’t bring it back.")
            errors = [RowError(entry.line, "url", message % {"reason": quote(resource.why_gone(self.now))})]
        elif entry.fields.get("kind", resource.kind) != resource.kind:
            message = gettext(
                "This address is a %(old)s in the library; the file says %(new)s. An import can’t change an entry’s "
                "kind."
            )
            kinds = {"old": resource.kind, "new": entry.fields["kind"]}
            errors = [RowError(entry.line, "kind", message % kinds)]
        if errors:
            self._refuse(entry.fields.get("title", ""), *errors, resource=resource)
        return not errors

    def _is_placed(self, entry: Entry) -> bool:
        errors = self.placement.errors_of(entry)
        if errors:
            self._refuse(entry.fields.get("title", ""), *errors)
            return False
        # Made now, so that the next entry finds them and their id is known.
        self.placement.categories_of(entry)
        if entry.section:
            entry.fields["section_id"] = self.placement.section_of(entry)
        return True

    def _without_taken_urls(self, entries: list[Entry], matches: dict[str, Resource]) -> list[Entry]:
        """Note which entries come to the address of another one; refuses those that mean one from before."""
        self.shared, refused = find_duplicates(entries, matches, self.lines, self.made_from)
        self.sharing += [*self.shared][: NAMED_LIMIT + 1 - len(self.sharing)]
        for entry in entries:
            if entry.line in refused:
                message = gettext("Line %(line)d already has this address.") % {"line": refused[entry.line]}
                self._refuse(entry.fields.get("title", ""), RowError(entry.line, "url", message))
        return [entry for entry in entries if entry.line not in refused]

    def _write(self, entries: list[Entry], matches: dict[str, Resource]) -> None:
        publishers, new = find_or_make_publishers({entry.publisher for entry in entries if entry.publisher})
        self.new_publishers += new[: NAMED_LIMIT - len(self.new_publishers)]
        self.made_publishers |= {publishers[name] for name in new}
        tags, new = find_or_make_tags({name for entry in entries for name in entry.tags})
        self.new_tags += sorted(new)[: NAMED_LIMIT - len(self.new_tags)]
        self.made_tags |= {tags[name] for name in new}
        for entry in entries:
            if entry.publisher:
                entry.fields["publisher_id"] = publishers[entry.publisher]
        created = self._create([entry for entry in entries if entry.key not in matches])
        known = [(matches[entry.key], entry) for entry in entries if entry.key in matches]
        before = {resource.pk: self._set(resource, entry.fields) for resource, entry in known}
        pks = {key: resource.pk for key, resource in matches.items()} | created
        categories = {pks[entry.key]: self.placement.categories_of(entry) for entry in entries if entry.categories}
        tagged = {pks[entry.key]: {tags[name] for name in entry.tags} for entry in entries if entry.tags}
        fresh = set(created.values())
        self._record_before({pk for pk, old in before.items() if old})
        for name, links, wanted in (("categories", CATEGORIES, categories), ("tags", TAGS, tagged)):
            for pk, old in links.set(wanted, fresh, self._record_before).items():
                if pk in before:
                    before[pk][name] = sorted(old)
        update([resource for resource, _entry in known if before[resource.pk]], self.now)
        if self.audit_entry:
            self.audit_entry.add(fresh | {pk for pk, old in before.items() if old}, compared=False)
        for entry in entries:
            pk = pks[entry.key]
            after = entry.fields | {"categories": sorted(categories.get(pk, ())), "tags": sorted(tagged.get(pk, ()))}
            title = entry.fields.get("title") or matches[entry.key].title
            self._add_outcome(entry.line, title, pk, before.get(pk), after)

    def _add_outcome(
        self, line: int, title: str, pk: int, before: dict[str, Any] | None, after: dict[str, Any]
    ) -> None:
        """Count a row that was taken. `before` is None for a new resource, and empty for one that stays as it was."""
        outcome = "new" if before is None else "changed" if before else "same"
        self.created += outcome == "new"
        self.changed += outcome == "changed"
        self.unchanged += outcome == "same"
        names = FIELDS_OF_NEW if before is None else before
        before = before or {}
        new = {name: after[name] for name in names if name in after}
        shared = self.shared[line].label if line in self.shared else None
        self.outcomes.append(RowOutcome(line, outcome, title, pk, before=before, after=new, shared=shared))

    def _record_before(self, changing: set[int]) -> None:
        if self.audit_entry:
            record_before(Resource, changing, now=self.now)

    def _create(self, entries: list[Entry]) -> dict[str, int]:
        rows = [entry.fields | self.places.take(entry.fields["section_id"]) for entry in entries]
        created = insert(rows, self.now, self.publish)
        self.made_from = min([self.made_from, *created.values()])
        return created

    def _set(self, resource: Resource, fields: dict[str, Any]) -> dict[str, Any]:
        """Give the resource these values; what it had before of those that are others now."""
        before = {name: getattr(resource, name) for name, new in fields.items() if not _is_same(resource, name, new)}
        if before.keys() & set(_DATE):
            before |= {name: getattr(resource, name) for name in _DATE}
        for name in before:
            setattr(resource, name, fields[name])
        if "section_id" in before:
            before["position"] = resource.position
            place = self.places.take(fields["section_id"])
            resource.position, resource.slot = place["position"], place["slot"]
        return before


def _is_same(resource: Resource, name: str, new: Any) -> bool:
    """Whether it has this value, or one that an import would write like this."""
    old = getattr(resource, name)
    if isinstance(old, str):
        old = without_tracking(old) if name == "url" else single_line(old)
    return bool(old == new)
