"""An act on many resources taken back: those that nobody has changed since are as before, and the others are named."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from library.models import AuditEntry, Resource, User, Version
from library.models.web_address import address_key

from .record import OpenAuditEntry, record, record_before
from .snapshot import Snapshot, many_of, snapshot_of, snapshots_now, versioned_columns

# What a change of many entries sets. Anything else has a page of its own, on which it is looked at and restored.
_DECIDED = {"state", "listed_at", "expires_at", "withdrawn_at", "withdrawn_reason", "successor"}
_UNDOABLE = _DECIDED | {"owner", "review_by", "categories", "tags", "url", "audio_url", "transcript_url"}


@dataclass(frozen=True)
class UndoneAct:
    """What became of the rows: how many are as before, how many were deleted; the others, each with why.

    `entry_id` is the act by which those are as before, which can be undone; None where there is none.
    """

    entry_id: int | None
    restored: int
    deleted: int
    left: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Row:
    """A row that was changed by the act, and the fields that are to be again what they were before it."""

    pk: int
    fields: dict[str, Any]
    names: frozenset[str]


@transaction.atomic
def undo_act(entry: AuditEntry, *, by: User | None, now: datetime, may_publish: bool) -> UndoneAct:
    """Give the resources of this act what they had before it, and delete the drafts that an import of it made.

    The same number of queries for ten rows and a thousand. `may_publish` says whether the person may change what
    readers see. Raises what the database refuses.
    """
    versions = list(entry.versions.order_by("object_id"))
    pks = [version.object_id for version in versions]
    list(Resource.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=pks).order_by("pk").values("pk"))
    earlier = Version.objects.filter(entity_type=entry.entity_type, object_id__in=pks, entry__lt=entry.pk)
    before = {version.object_id: version for version in earlier.order_by("object_id", "-pk").distinct("object_id")}
    current, rows, made, left = snapshots_now(Resource, pks), [], [], []
    for version in versions:
        old, there = before.get(version.object_id), current.get(version.object_id)
        is_made = old is None and entry.kind == AuditEntry.Kind.IMPORTED
        row = _changed(version, old)
        reason = _why_kept(version, there) if is_made else _why_not(version, row, there, may_publish=may_publish)
        if reason:
            left.append((version.label, reason))
        elif row is not None:
            rows.append(row)
        else:
            made.append(version.object_id)
    comment = gettext("Undone: %s") % entry.comment
    _delete(made, by=by, now=now, comment=comment)
    if not rows:
        return UndoneAct(None, 0, len(made), tuple(left))
    restored = [row.pk for row in rows]
    record_before(Resource, restored, now=now)
    _set_columns(rows, now)
    for name in ("categories", "tags"):
        _set_others(name, {row.pk: row.fields[name] for row in rows if name in row.names}, current)
    act = OpenAuditEntry(Resource, AuditEntry.Kind.CHANGED, by, now)
    act.add(restored)
    act.close(comment)
    return UndoneAct(act.entry.pk, len(restored), len(made), tuple(left))


def _changed(version: Version, old: Version | None) -> _Row | None:
    """What the act changed of a row; None of one that it added."""
    if old is None:
        return None
    then, fields = snapshot_of(version).fields, snapshot_of(old).fields
    names = frozenset(name for name in then if name in fields and fields[name] != then[name])
    return _Row(version.object_id, fields, names)


def _why_not(version: Version, row: _Row | None, current: Snapshot | None, *, may_publish: bool) -> str:
    """Why a row stays as it is; empty where it can be as before."""
    if current is None:
        return gettext("It has been deleted since.")
    if row is None or not row.names <= _UNDOABLE:
        return gettext("Restore it from its own history.")
    if _is_edited(version, current):
        return gettext("Someone has changed it since.")
    if row.names & _DECIDED and not may_publish:
        return gettext("Only a publisher can undo this.")
    if row.fields["state"] == Resource.State.DRAFT and _is_public(current):
        return gettext("It’s been public, so it can’t be a draft again. You can withdraw it.")
    return ""


def _why_kept(version: Version, current: Snapshot | None) -> str:
    """Why an entry that an import made is not deleted; empty for a draft that is as it was made."""
    if current is None:
        return gettext("It has been deleted since.")
    if _is_edited(version, current):
        return gettext("Someone has changed it since.")
    return "" if current.fields["state"] == Resource.State.DRAFT else gettext("It isn’t a draft. You can withdraw it.")


def _is_edited(version: Version, current: Snapshot) -> bool:
    """Whether anything is another than after the act."""
    then = snapshot_of(version).fields
    return any(then.get(name) != value for name, value in current.fields.items())


def _delete(pks: Collection[int], *, by: User | None, now: datetime, comment: str) -> None:
    if pks:
        record(Resource, pks, AuditEntry.Kind.DELETED, by=by, now=now, comment=comment)
        Resource.objects.filter(pk__in=pks).delete()


def _is_public(current: Snapshot) -> bool:
    listed_at = current.fields["listed_at"]
    return current.fields["state"] != Resource.State.DRAFT and bool(
        listed_at and datetime.fromisoformat(listed_at) <= timezone.now()
    )


def _set_columns(rows: Collection[_Row], now: datetime) -> None:
    columns = [column for column in versioned_columns(Resource) if any(column.name in row.names for row in rows)]
    resources = Resource.objects.in_bulk([row.pk for row in rows])
    for row in rows:
        resource = resources[row.pk]
        resource.updated_at = now
        for column in columns:
            if column.name in row.names:
                value = row.fields[column.name]
                setattr(resource, column.attname, value if column.is_relation else column.to_python(value))
        resource.address_key = address_key(resource.url)
    names = [column.name for column in columns]
    follows = ["address_key"] if "url" in names else []
    Resource.objects.bulk_update(resources.values(), [*names, *follows, "updated_at"])


def _set_others(name: str, wanted: Mapping[int, Collection[int]], current: Mapping[int, Snapshot]) -> None:
    """Give these rows the categories or tags of these ids, of which those that have been deleted since stay deleted."""
    _table, own, other, model = many_of(Resource)[name]
    through: Any = Resource._meta.get_field(name).remote_field.through  # type: ignore[union-attr]
    named = {pk for pks in wanted.values() for pk in pks}
    there = set(model._base_manager.filter(pk__in=named).values_list("pk", flat=True))
    taken: dict[int, list[int]] = defaultdict(list)
    given = []
    for pk, pks in wanted.items():
        had = set(current[pk].fields[name])
        for one in had - set(pks):
            taken[one].append(pk)
        given += [through(**{own: pk, other: one}) for one in set(pks) & there - had]
    for one, from_rows in taken.items():
        through.objects.filter(**{f"{own}__in": from_rows, other: one}).delete()
    through.objects.bulk_create(given)
