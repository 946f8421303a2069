"""What was done, and what rows were. Call `record_before` before a change and `record` after it, in its transaction.

Works for one row and for thousands: one statement for each 5,000 of them, which none of our time limits cuts short.
"""

from collections.abc import Collection
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Model
from django.db.models.functions import Left

from library.db.arrays import array_of
from library.db.timeouts import local_statement_timeout
from library.models import AuditEntry, User, Version

from .snapshot import is_versioned, snapshot_sql

_ADD = """
INSERT INTO library_version (entry_id, entity_type_id, object_id, label, data)
SELECT {entry}, {entity_type}, s.pk, s.label, s.data FROM ({rows}) AS s
"""
# The last versions are looked up for all rows at once: for each of them, a planner that has not seen this table since
# it grew reads every version of the model.
_LAST = """
WITH last AS MATERIALIZED (
    SELECT object_id AS pk, max(id) AS id FROM library_version
    WHERE entity_type_id = {entity_type} AND object_id = ANY(%s::bigint[]) GROUP BY object_id
)
"""
_DIFFERENT = """
LEFT JOIN last USING (pk) WHERE s.data -> 'fields' IS DISTINCT FROM
    (SELECT v.data -> 'fields' FROM library_version AS v WHERE v.id = last.id)
"""
_BATCH = 5000
# These have versions also of rows that are as the last version says.
_ALWAYS = {AuditEntry.Kind.DELETED, AuditEntry.Kind.RECOVERED, AuditEntry.Kind.RESTORED}


class OpenAuditEntry:
    """The entry of an act that is going on: rows are added meanwhile, and counted when it is closed."""

    def __init__(self, model: type[Model], kind: AuditEntry.Kind, by: User | None, now: datetime) -> None:
        self.model, self.total = model, 0
        entity_type = ContentType.objects.get_for_model(model)
        self.entry = AuditEntry.objects.create(
            created_at=now, user=by, kind=kind, entity_type=entity_type, total=self.total
        )

    def add(self, pks: Collection[int], *, compared: bool = True) -> int:
        """Add versions of those of these rows that differ from their last one, or of all, not `compared`; how many."""
        kind, entity_type, waiting, added = self.entry.kind, self.entry.entity_type_id, list(pks), 0
        compared = compared and kind not in _ALWAYS
        rows = snapshot_sql(self.model, with_ties=kind == AuditEntry.Kind.DELETED)
        statement = _ADD.format(entry=self.entry.pk, entity_type=entity_type, rows=rows)
        if compared:
            statement = _LAST.format(entity_type=entity_type) + statement + _DIFFERENT
        with connection.cursor() as cursor:
            for start in range(0, len(waiting), _BATCH):
                batch = array_of(waiting[start : start + _BATCH])
                cursor.execute(statement, [batch, batch] if compared else [batch])
                added += cursor.rowcount
        self.total += added
        return added

    def close(self, comment: str = "") -> None:
        """Say what was done, in these words; leave no trace where no row was another than before."""
        if not self.total:
            self.entry.delete()
            return
        values = {"comment": comment, "total": self.total}
        if self.total == 1:
            only = self.entry.versions.values("object_id")
            values |= {"object_id": only, "subject": only.values(name=Left("label", 300))}
        AuditEntry.objects.filter(pk=self.entry.pk).update(**values)


def record_before(model: type[Model], pks: Collection[int], *, now: datetime) -> None:
    """Add versions of those of these rows that are not as their last one says, or have none yet, as a baseline.

    Call it before they are changed: what came about without us is then told apart from what is done now.
    """
    if pks and is_versioned(model):
        record(model, pks, AuditEntry.Kind.BASELINE, by=None, now=now)


def record(
    model: type[Model],
    pks: Collection[int],
    kind: AuditEntry.Kind,
    *,
    by: User | None,
    now: datetime,
    comment: str = "",
) -> int:
    """Add an entry of what this person did to these rows, with versions of them as they are now; how many differ.

    Call it after they are changed, but before they are deleted. `by` is None for what no person did.
    """
    entry = OpenAuditEntry(model, kind, by, now)
    number = entry.add(pks)
    entry.close(comment)
    return number


def record_event(
    model: type[Model],
    kind: AuditEntry.Kind,
    *,
    row: Model | None = None,
    total: int = 1,
    by: User | None,
    now: datetime,
    comment: str = "",
) -> None:
    """Only that it was done, to this `row` or to so many: for what has no versions, and for the order of a list."""
    AuditEntry.objects.create(
        created_at=now,
        user=by,
        kind=kind,
        entity_type=ContentType.objects.get_for_model(model),
        object_id=row.pk if row else None,
        subject=str(row)[:300] if row else "",
        total=total,
        comment=comment,
    )


@transaction.atomic
def purge_history(before: datetime) -> int:
    """Delete what was recorded before this moment, with its versions; how many entries. Takes as long as it needs."""
    local_statement_timeout("0")
    entries = AuditEntry.objects.filter(created_at__lt=before)
    Version.objects.filter(entry__in=entries).delete()
    number, _by_model = entries.delete()
    return number
