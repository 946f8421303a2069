"""An import taken back, in one transaction: all of it, or nothing where somebody has edited any of it since.

Or else, where that is wished, all but what stands in the way.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext, ngettext

from library.db.arrays import one_of
from library.db.statistics import analyze
from library.db.timeouts import local_statement_timeout
from library.history.record import OpenAuditEntry, record, record_before
from library.models import (
    AuditEntry,
    Category,
    FileImport,
    FormerValue,
    Guide,
    ImportedRow,
    Publisher,
    Resource,
    SearchWords,
    Section,
    Tag,
    TaggedResource,
    User,
    Version,
)

from .bulk_sql import CATEGORIES, CHANGEABLE, TAGS, NextPositions, lock_imports, lock_sections, update
from .importer import BATCH, finish
from .report import MARK

_LOCK = """
    SELECT id FROM library_resource
    WHERE id IN (SELECT resource_id FROM library_importedrow WHERE file_import_id = %s AND mark <> '')
    ORDER BY id FOR UPDATE"""
# What has been deleted since is nothing to undo.
_FLAG = f"""
    UPDATE library_importedrow AS row SET stands_in_way = true
    WHERE file_import_id = %s AND mark <> '' AND mark <> ({MARK} row.resource_id)"""  # noqa: S608 - ours
# What the import has filled, perhaps a moment ago, and whatever is joined with it.
_READ = (ImportedRow, Resource, Resource.categories.through, TaggedResource, Version, SearchWords)
# So many of those that are needed elsewhere are named.
_REFERENCES_SHOWN = 10


@dataclass(frozen=True)
class UndoResult:
    """What became of the entries, and how many publishers and tags went with them.

    Nothing, where so many have been `edited`, or others need drafts: `references` has a sentence for each.
    Of what stands in the way, `kept` entries stay where the rest was undone all the same.
    `incomplete` ones are as before but for what was deleted since, those `elsewhere` but for their section.
    """

    deleted: int = 0
    withdrawn: int = 0
    restored: int = 0
    names: int = 0
    edited: int = 0
    references: tuple[str, ...] = ()
    incomplete: int = 0
    elsewhere: int = 0
    kept: int = 0

    def __str__(self) -> str:
        """In words for the page of the import."""
        if self.is_blocked:
            return self._refusal()
        sentences = [
            gettext("Undone: %(restored)d as before, %(deleted)d drafts deleted, %(withdrawn)d withdrawn.") % vars(self)
        ]
        if self.kept:
            kept = ngettext(
                "%d entry stays as it is, because someone has edited or needs it; see below.",
                "%d entries stay as they are, because someone has edited or needs them; see below.",
                self.kept,
            )
            sentences.append(kept % self.kept)
        if self.incomplete:
            incomplete = ngettext(
                "%d entry lost a category, tag, or publisher that has been deleted since.",
                "%d entries lost a category, tag, or publisher that has been deleted since.",
                self.incomplete,
            )
            sentences.append(incomplete % self.incomplete)
        if self.elsewhere:
            elsewhere = ngettext(
                "%d entry stays in its current section, because the earlier one has been deleted or merged since.",
                "%d entries stay in their current sections, because the earlier ones have been deleted or merged "
                "since.",
                self.elsewhere,
            )
            sentences.append(elsewhere % self.elsewhere)
        if self.names:
            names = ngettext(
                "%d publisher or tag it created was deleted.",
                "%d publishers and tags it created were deleted.",
                self.names,
            )
            sentences.append(names % self.names)
        return " ".join(sentences)

    @property
    def is_blocked(self) -> bool:
        return not self.kept and bool(self.edited or self.references)

    def _refusal(self) -> str:
        sentences = []
        if self.edited:
            edited = ngettext(
                "Nothing was undone: %d entry has been edited since the import.",
                "Nothing was undone: %d entries have been edited since the import.",
                self.edited,
            )
            sentences.append(edited % self.edited)
        if self.references:
            alone = gettext("Nothing was undone: drafts that would be deleted are now needed elsewhere.")
            sentences.append(gettext("Drafts that would be deleted are now needed elsewhere.") if sentences else alone)
            sentences += self.references[:_REFERENCES_SHOWN]
            sentences += [gettext("… and more")] if len(self.references) > _REFERENCES_SHOWN else []
        return " ".join(sentences)


def undo(
    file_import: FileImport,
    now: datetime,
    by: User | None = None,
    on_progress: Callable[[int], None] = lambda _entries: None,
) -> UndoResult:
    """Take back what the import has written. Categories and sections that it made stay, for readers know them.

    What readers could see cannot be deleted: it is withdrawn. What stands in the way is marked in `blocks_undo`, and
    stays as it is where the import has `undo_rest`; it can be undone later.
    In the history it is done `by` somebody: one act for the entries that are deleted, one for those that stay, and one
    each for publishers and tags. `on_progress` gets the number of entries so far.
    What was merged since is given back as what it was merged into, and what was deleted since stays deleted.
    """
    with transaction.atomic():
        _analyze_and_lock()
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [file_import.pk])
            ImportedRow.objects.filter(file_import=file_import, blocks_undo=True).update(blocks_undo=False)
            cursor.execute(_FLAG, [file_import.pk])
            edited = cursor.rowcount
        rows = ImportedRow.objects.filter(file_import=file_import).exclude(mark="")
        blocked = UndoResult(edited=edited, references=_find_references(rows, now))
        if blocked.is_blocked and not file_import.undo_rest:
            return blocked
        kept = rows.filter(blocks_undo=True).count()
        rows = rows.filter(blocks_undo=False)
        message = gettext("Import undone: %s.") % file_import.name
        deleted = _delete_unpublished(rows, now, by, message, on_progress)
        audit_entry = OpenAuditEntry(Resource, AuditEntry.Kind.CHANGED, by, now)
        withdrawn = _withdraw(rows, now, audit_entry)
        on_progress(deleted + withdrawn)
        restored, incomplete, elsewhere = _restore(
            rows, now, audit_entry, lambda number: on_progress(deleted + withdrawn + number)
        )
        audit_entry.close(message)
        names = _delete_names(file_import, now, by, message)
        rows.update(mark="")
        finish()
        return UndoResult(deleted, withdrawn, restored, names, incomplete=incomplete, elsewhere=elsewhere, kept=kept)


def _analyze_and_lock() -> None:
    """Have the database plan well for many rows; then lock what an undo changes, until the end of the transaction."""
    lock_imports()
    local_statement_timeout("30min")
    analyze(*_READ)
    lock_sections()


def _new(rows: Any) -> Any:
    return Resource.objects.filter(pk__in=rows.filter(outcome=ImportedRow.Outcome.NEW).values("resource_id"))


def _unpublished(rows: Any, now: datetime) -> Any:
    """Of the new ones, those that no reader could see."""
    return _new(rows).filter(Q(state=Resource.State.DRAFT) | Q(listed_at__gt=now))


def _find_references(rows: Any, now: datetime) -> tuple[str, ...]:
    """Which drafts something needs that was made since, in words; marks their rows. Three queries.

    They are locked: whoever makes another such thing now waits for the end.
    """
    going = _unpublished(rows, now)
    guides = {ref: guide.title for guide in Guide.objects.order_by("-pk") for ref in guide.refs}
    listed = going.filter(ref__in=one_of(guides)).order_by("pk")
    others = Resource.objects.filter(successor__in=going).order_by("pk")
    in_guides = list(listed.values_list("pk", "title", "ref"))
    replaced = list(others.values_list("successor", "successor__title", "title"))
    rows.filter(resource_id__in=[pk for pk, *_names in (*in_guides, *replaced)]).update(blocks_undo=True)
    lists = gettext("“%(entry)s” is in the guide “%(guide)s”: take it out of there first.")
    replaces = gettext("“%(entry)s” replaces “%(other)s”: choose another replacement there first.")
    return (
        *(lists % {"entry": entry, "guide": guides[ref]} for _pk, entry, ref in in_guides),
        *(replaces % {"entry": entry, "other": other} for _pk, entry, other in replaced),
    )


def _delete_unpublished(
    rows: Any, now: datetime, by: User | None, message: str, on_progress: Callable[[int], None]
) -> int:
    """New entries that no reader could see."""
    pks = list(_unpublished(rows, now).values_list("pk", flat=True))
    record(Resource, pks, AuditEntry.Kind.DELETED, by=by, now=now, comment=message)
    for start in range(0, len(pks), BATCH):
        Resource.objects.filter(pk__in=pks[start : start + BATCH]).delete()
        on_progress(min(start + BATCH, len(pks)))
    return len(pks)


def _delete_names(file_import: FileImport, now: datetime, by: User | None, message: str) -> int:
    """The publishers and tags that it made, and nothing uses."""
    publishers = Publisher.objects.filter(pk__in=file_import.made_publishers, resources=None, series=None)
    tags = Tag.objects.filter(pk__in=file_import.made_tags, tagged_items=None)
    return sum(_delete_unused(unused, now, by, message) for unused in (publishers, tags))


def _delete_unused(unused: Any, now: datetime, by: User | None, message: str) -> int:
    """Those that nobody uses and nobody has edited: of an edit there would be a version that is no import's."""
    model = unused.model
    # Locked first, for somebody may be about to use one; and only then looked at.
    rows = model._base_manager.filter(pk__in=unused.values("pk")).order_by("pk").select_for_update()
    candidates = list(rows.values_list("pk", flat=True))
    entity_type = ContentType.objects.get_for_model(model)
    versions = Version.objects.filter(entity_type=entity_type, object_id__in=candidates)
    edited = set(versions.exclude(entry__kind=AuditEntry.Kind.IMPORTED).values_list("object_id", flat=True))
    pks = [pk for pk in unused.filter(pk__in=candidates).values_list("pk", flat=True) if pk not in edited]
    record(model, pks, AuditEntry.Kind.DELETED, by=by, now=now, comment=message)
    model._base_manager.filter(pk__in=pks).delete()
    return len(pks)


def _withdraw(rows: Any, now: datetime, audit_entry: OpenAuditEntry) -> int:
    """The other new ones: their addresses may be known."""
    pks = list(_new(rows).values_list("pk", flat=True))
    record_before(Resource, pks, now=now)
    withdrawn = int(
        _new(rows).update(
            state=Resource.State.WITHDRAWN,
            withdrawn_at=now,
            withdrawn_reason=gettext("This was added by mistake and has been removed."),
            updated_at=now,
        )
    )
    audit_entry.add(pks)
    return withdrawn


def _restore(
    rows: Any, now: datetime, audit_entry: OpenAuditEntry, on_progress: Callable[[int], None]
) -> tuple[int, int, int]:
    """The changed ones, as they were: how many, how many without something that was deleted since, or their section."""
    places, restored, incomplete, elsewhere = _FormerPositions(), 0, 0, 0
    sections = set(Section.objects.values_list("pk", flat=True))
    changed = rows.filter(outcome=ImportedRow.Outcome.CHANGED).order_by("line").iterator(BATCH)
    for batch in _batches(changed):
        resources = Resource.objects.only(*CHANGEABLE).in_bulk([row.resource_id for row in batch])
        batch = [row for row in batch if row.resource_id in resources]
        incomplete += _replace_merged(batch)
        elsewhere += _drop_missing_sections(batch, sections)
        record_before(Resource, list(resources), now=now)
        for row in batch:
            resource = resources[row.resource_id]
            for name in CHANGEABLE:
                if name in row.before and name != "position":
                    setattr(resource, name, row.before[name])
            if "section_id" in row.before:
                resource.position = places.take(row.before["section_id"], row.before["position"])
        update(list(resources.values()), now)
        for name, links in (("categories", CATEGORIES), ("tags", TAGS)):
            wanted = {row.resource_id: row.before[name] for row in batch if name in row.before}
            links.set(wanted, (), lambda _changing: None)  # type: ignore[arg-type]
        audit_entry.add(list(resources))
        restored += len(batch)
        on_progress(restored)
    return restored, incomplete, elsewhere


def _drop_missing_sections(batch: Collection[ImportedRow], sections: Collection[int]) -> int:
    """Forget in `before` a section that is none of these any more; of how many rows."""
    known = {None, *sections}
    gone = [row for row in batch if row.before.get("section_id") not in known]
    for row in gone:
        del row.before["section_id"]
    return len(gone)


def _replace_merged(batch: Collection[ImportedRow]) -> int:
    """Name in `before` what is there today: of what was merged, what it was merged into; nothing that was deleted.

    Returns how many of the rows are without something for that reason. At most six queries.
    """
    incomplete = set()
    for name, model in (("publisher_id", Publisher), ("categories", Category), ("tags", Tag)):
        had = {row.line: _as_set(row.before[name]) for row in batch if name in row.before}
        today = _current_ids(model, set().union(*had.values()))
        for row in batch:
            if name in row.before:
                now = sorted({today[pk] for pk in had[row.line] if pk in today})
                row.before[name] = now if isinstance(row.before[name], list) else next(iter(now), None)
                if not had[row.line] <= today.keys():
                    incomplete.add(row.line)
    return len(incomplete)


def _as_set(value: Any) -> set[int]:
    return set(value) if isinstance(value, list) else {value} - {None}


def _current_ids(model: Any, pks: Collection[int]) -> dict[int, int]:
    """Of these rows, those that are there or were merged, with the id of what is there now."""
    today = {pk: pk for pk in pks} | FormerValue.objects.stand_ins(model, pks)
    there = set(model.objects.filter(pk__in=today.values()).values_list("pk", flat=True)) if today else set()
    return {pk: now for pk, now in today.items() if now in there}


def _batches(rows: Iterator[ImportedRow]) -> Iterator[Sequence[ImportedRow]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


class _FormerPositions:
    """The place that an entry had in its section, where it is still free between the others; else the last one."""

    def __init__(self) -> None:
        self._taken: dict[int, set[int]] = {}
        self._last = NextPositions()
        self._end: dict[int, int] = {}

    def take(self, section: int, wish: int) -> int:
        if section not in self._taken:
            self._taken[section] = set(Resource.objects.filter(section=section).values_list("position", flat=True))
            self._end[section] = Section(pk=section).next_position()
        if wish in self._taken[section] or wish >= self._end[section]:
            return self._last.take(section)
        self._taken[section].add(wish)
        return wish
