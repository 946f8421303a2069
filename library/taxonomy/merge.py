"""Several sections, categories, tags or publishers made one: nothing that readers or other sites could reach is lost.

What lists are filtered by – categories, tags, publishers – is given from row to row, in a table of pairs or a column,
and any number become one; old slugs are kept in `FormerValue`. Two sections become one: entries have a place in theirs,
and anchors, which no other section may have, go on as aliases. Who may do it, and how it is asked, is left to
`library.admin.taxonomy`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Exists, F, Model, OuterRef, Q
from django.utils.translation import gettext

from library.db.arrays import array_of, one_of
from library.history.record import record, record_before
from library.models import (
    AuditEntry,
    Category,
    FormerValue,
    Guide,
    Publisher,
    Resource,
    Section,
    SectionAlias,
    Series,
    Tag,
    TaggedResource,
    User,
)

# So many at once: what a person can look through.
MERGE_LIMIT = 20


class CannotMerge(Exception):
    """Why they cannot be merged, in words for curators."""


@dataclass(frozen=True)
class Ties:
    """Where it stands which resources have which rows: a table, and the names of its two columns there."""

    table: Any
    row: str
    resource: str

    def of(self, pks: Collection[int]) -> Any:
        """Those of these rows."""
        return self.table.objects.filter(**{f"{self.row}__in": pks})

    def resources(self, pks: Collection[int]) -> Any:
        """The numbers of the resources that have any of these rows, each once."""
        return self.of(pks).order_by().values_list(self.resource, flat=True).distinct()


TIES: dict[type[Model], Ties] = {
    Category: Ties(Resource.categories.through, "category_id", "resource_id"),
    Tag: Ties(TaggedResource, "tag_id", "content_object_id"),
    Publisher: Ties(Resource, "publisher_id", "id"),
}


@dataclass(frozen=True)
class Candidate:
    """One of the rows that are to be made one: how many entries have it, how many of those have another of them too,
    and how many would get it if this one stays.
    """

    row: Any
    total: int
    shared: int
    gets: int


@dataclass(frozen=True)
class MergeResult:
    """The row that stayed, the names of the others, how many entries changed; of sections, the anchors that lead there
    from now on.
    """

    row: Any
    gone: tuple[str, ...]
    changed: int
    anchors: tuple[str, ...] = ()


def merge_candidates(model: type[Model], pks: Collection[int]) -> list[Candidate]:
    """What would become of the entries, whichever of these stays; the one that most entries have first. Three queries.

    Raises `CannotMerge` where there are too few, too many, or where one has gone.
    """
    if not 2 <= len(set(pks)) <= MERGE_LIMIT:
        raise CannotMerge(gettext("Choose at least two, and no more than %d.") % MERGE_LIMIT)
    rows = list(model._default_manager.filter(pk__in=pks))
    if len(rows) < len(set(pks)):
        raise CannotMerge(
            gettext("One of them was merged or deleted in the meantime. See what’s left, and choose again.")
        )
    ties = TIES[model]
    everywhere = ties.resources(pks).count()
    beside = ties.of(pks).filter(**{ties.resource: OuterRef(ties.resource)}).exclude(**{ties.row: OuterRef(ties.row)})
    per_row = ties.of(pks).order_by().values_list(ties.row)
    counted = per_row.annotate(total=Count("pk"), shared=Count("pk", filter=Exists(beside)))
    counts = {pk: (total, shared) for pk, total, shared in counted}
    candidates = []
    for row in rows:
        total, shared = counts.get(row.pk, (0, 0))
        candidates.append(Candidate(row, total, shared, everywhere - total))
    return sorted(candidates, key=lambda candidate: -candidate.total)


@transaction.atomic
def merge_values(
    model: type[Model], pks: Collection[int], survivor: int, *, by: User | None, now: datetime
) -> MergeResult:
    """Give the entries of the others the survivor, let the others' addresses lead to it, and delete them.

    All of it is kept in the history. Raises `CannotMerge` where one has gone meanwhile. The same number of queries,
    but for one in 5,000 entries, however many there are.
    """
    ties, others = TIES[model], sorted(set(pks) - {survivor})
    # Entries before what they have, as everybody who edits them locks.
    locked = Resource.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ties.resources(others))
    entries = list(locked.order_by("pk").values_list("pk", flat=True))
    there = model._default_manager.select_for_update().filter(pk__in=pks).order_by("pk")
    rows: dict[int, Any] = {row.pk: row for row in there}
    if survivor not in rows or len(rows) < len(set(pks)) or not others:
        raise CannotMerge(
            gettext("One of them was merged or deleted in the meantime. See what’s left, and choose again.")
        )
    if set(entries) != set(ties.resources(others)):
        raise CannotMerge(gettext("Someone just edited an entry that has one of them. Check again."))
    gone = tuple(str(rows[pk]) for pk in others)
    comment = gettext("Merged into “%(survivor)s”: %(gone)s.") % {"survivor": rows[survivor], "gone": ", ".join(gone)}
    record_before(model, pks, now=now)
    record_before(Resource, entries, now=now)
    record(model, others, AuditEntry.Kind.DELETED, by=by, now=now, comment=comment)
    _hand_over(ties, others, survivor)
    Resource.objects.filter(pk__in=one_of(entries, "bigint")).update(updated_at=now)
    record(Resource, entries, AuditEntry.Kind.CHANGED, by=by, now=now, comment=comment)
    if model is Category:
        _hand_over_guides(others, survivor, by, now, comment)
    if model is Publisher:
        _hand_over_series(others, survivor, by, now, comment)
    model._default_manager.filter(pk__in=others).delete()
    FormerValue.objects.of(model).filter(target_id__in=others).update(target_id=survivor)
    return MergeResult(rows[survivor], gone, len(entries))


def _hand_over(ties: Ties, others: Collection[int], survivor: int) -> None:
    """Give every resource that has one of the others the survivor, once."""
    if ties.table is Resource:
        ties.of(others).update(**{ties.row: survivor})
        return
    table = ties.table._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({ties.row}, {ties.resource}) SELECT DISTINCT %s::bigint, {ties.resource} "  # noqa: S608 - ours
            f"FROM {table} WHERE {ties.row} = ANY(%s::bigint[]) ON CONFLICT DO NOTHING",
            [survivor, array_of(others)],
        )
    ties.of(others).delete()


def _hand_over_guides(others: Collection[int], survivor: int, by: User | None, now: datetime, comment: str) -> None:
    ties = Ties(Guide.categories.through, "category_id", "guide_id")
    guides = list(ties.resources(others))
    record_before(Guide, guides, now=now)
    _hand_over(ties, others, survivor)
    record(Guide, guides, AuditEntry.Kind.CHANGED, by=by, now=now, comment=comment)


def _hand_over_series(others: Collection[int], survivor: int, by: User | None, now: datetime, comment: str) -> None:
    series = list(Series.objects.filter(publisher__in=others).values_list("pk", flat=True))
    record_before(Series, series, now=now)
    Series.objects.filter(pk__in=series).update(publisher=survivor)
    record(Series, series, AuditEntry.Kind.CHANGED, by=by, now=now, comment=comment)


@transaction.atomic
def merge_sections(merged: Section, survivor: Section, *, by: User | None, now: datetime) -> MergeResult:
    """Move all of `merged` behind the entries of `survivor`, make its anchors aliases of it, and delete its row.

    In the history of each entry it is kept in which section it was. Raises `CannotMerge` where old links would lead
    nowhere, or where one of the two has gone meanwhile. Costs the same number of queries whatever they hold.
    """
    entries = list(Resource.objects.filter(section=merged).values_list("pk", flat=True))
    record_before(Resource, entries, now=now)
    rows = Section.objects.select_for_update().filter(pk__in=[merged.pk, survivor.pk]).order_by("pk")
    both = {row.pk: row for row in rows}
    if len(both) < 2:
        raise CannotMerge(gettext("Choose another section that still exists."))
    if not both[survivor.pk].is_published:
        raise CannotMerge(gettext("Choose a published section, because old links must lead somewhere."))
    gone = both[merged.pk]
    first = both[survivor.pk].next_position()
    # The old positions are unique and not negative, so they stay both behind the survivor's own.
    moved = Resource.objects.filter(section=gone).update(section=survivor, position=F("position") + first)
    aliases = SectionAlias.objects.filter(section=gone)
    anchors = (gone.anchor, *aliases.values_list("anchor", flat=True))
    aliases.update(section=survivor)
    gone.delete()
    SectionAlias.objects.create(anchor=gone.anchor, section=survivor, since=gone.since)
    comment = gettext("“%(merged)s” was merged into “%(survivor)s”.") % {"merged": merged, "survivor": survivor}
    record(Resource, entries, AuditEntry.Kind.CHANGED, by=by, now=now, comment=comment)
    return MergeResult(survivor, (merged.title,), moved, anchors)


def entry_counts(model: type[Model], pks: Collection[int]) -> dict[int, tuple[int, int]]:
    """Of each of these rows that any entry has: how many entries, and how many of those are published. One query."""
    ties = TIES[model]
    state = "state" if ties.table is Resource else f"{ties.resource.removesuffix('_id')}__state"
    published = Count("pk", filter=Q(**{state: Resource.State.PUBLISHED}))
    counted = ties.of(pks).order_by().values_list(ties.row).annotate(total=Count("pk"), published=published)
    return {pk: (total, published) for pk, total, published in counted}


def older_slugs(model: type[Model], pks: Collection[int]) -> list[str]:
    """The older slugs that lead to these rows. One query."""
    return list(FormerValue.objects.of(model).filter(target_id__in=pks).order_by("slug").values_list("slug", flat=True))
