"""Keeping what rows were. Call `keep_first` before a change and `keep` after it, in the transaction of the change.

Works for one row and for thousands: one statement for each 5,000 of them, which none of our time limits cuts short.
"""

from collections.abc import Collection
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Model
from reversion.models import Revision

from library.db.arrays import array_of
from library.models import Deed, User

from .snapshot import is_kept, snapshot_sql

_ADD = """
INSERT INTO reversion_version (object_id, content_type_id, db, format, serialized_data, object_repr, revision_id)
SELECT s.pk::text, {about}, 'default', 'json', s.data::text, s.name, {revision} FROM ({rows}) AS s
"""
# What was kept last is looked up for all rows at once: for each of them, a planner that has not seen this table since
# it grew reads every version of the model.
_LAST = """
WITH last AS MATERIALIZED (
    SELECT object_id::bigint AS pk, max(id) AS id FROM reversion_version
    WHERE db = 'default' AND content_type_id = {about} AND object_id = ANY(%s::text[]) GROUP BY object_id
)
"""
_DIFFERENT = """
LEFT JOIN last USING (pk) WHERE s.data -> 0 -> 'fields' IS DISTINCT FROM
    (SELECT v.serialized_data::jsonb -> 0 -> 'fields' FROM reversion_version AS v WHERE v.id = last.id)
"""
_BATCH = 5000
# These are kept also where the last version says the same.
_WHATEVER_IT_WAS = {Deed.Kind.DELETED, Deed.Kind.RECOVERED, Deed.Kind.RESTORED}


class Record:
    """One deed that is being done: rows are added while it goes on, and counted at its end."""

    def __init__(self, model: type[Model], kind: Deed.Kind, by: User | None, now: datetime) -> None:
        self.model, self.kind, self.total = model, kind, 0
        self.revision = Revision.objects.create(date_created=now, user=by, comment="")

    def add(self, pks: Collection[int], *, compared: bool = True) -> int:
        """Keep these rows as they are now; how many differ from what was kept last, or all, not `compared`."""
        compared = compared and self.kind not in _WHATEVER_IT_WAS
        with_ties = self.kind == Deed.Kind.DELETED
        added = _write(self.model, pks, self.revision.pk, compared=compared, with_ties=with_ties)
        self.total += added
        return added

    def end(self, words: str = "") -> None:
        """Write down what was done, in these words; nothing where no row was another than before."""
        if not self.total:
            self.revision.delete()
            return
        Revision.objects.filter(pk=self.revision.pk).update(comment=words)
        only = self.revision.version_set.first() if self.total == 1 else None
        Deed.objects.create(
            revision=self.revision,
            kind=self.kind,
            about=ContentType.objects.get_for_model(self.model),
            object_id=int(only.object_id) if only else None,
            subject=only.object_repr[:300] if only else "",
            total=self.total,
        )


def keep_first(model: type[Model], pks: Collection[int], *, now: datetime) -> None:
    """Keep those of these rows that are not as they were kept last, or of which nothing has been kept yet.

    Call it before they are changed: what came about without us is then told apart from what is done now.
    """
    if not pks or not is_kept(model):
        return
    revision = Revision.objects.create(date_created=now, comment="")
    if not _write(model, pks, revision.pk, compared=True):
        revision.delete()


def keep(
    model: type[Model], pks: Collection[int], kind: Deed.Kind, *, by: User | None, now: datetime, words: str = ""
) -> int:
    """Keep these rows as they are now, and that this person did this to them; how many differ from before.

    Call it after they are changed, but before they are deleted. `by` is None for what no person did.
    """
    record = Record(model, kind, by, now)
    number = record.add(pks)
    record.end(words)
    return number


def note(
    model: type[Model],
    kind: Deed.Kind,
    *,
    row: Model | None = None,
    total: int = 1,
    by: User | None,
    now: datetime,
    words: str = "",
) -> None:
    """Only that it was done, to this `row` or to so many: for what has no versions, and for the order of a list."""
    Deed.objects.create(
        revision=Revision.objects.create(date_created=now, user=by, comment=words),
        kind=kind,
        about=ContentType.objects.get_for_model(model),
        object_id=row.pk if row else None,
        subject=str(row)[:300] if row else "",
        total=total,
    )


def _write(model: type[Model], pks: Collection[int], revision: int, *, compared: bool, with_ties: bool = False) -> int:
    about, waiting, written = ContentType.objects.get_for_model(model).pk, list(pks), 0
    statement = _ADD.format(rows=snapshot_sql(model, with_ties), about=about, revision=revision)
    if compared:
        statement = _LAST.format(about=about) + statement + _DIFFERENT
    with connection.cursor() as cursor:
        for start in range(0, len(waiting), _BATCH):
            rows = array_of(waiting[start : start + _BATCH])
            cursor.execute(statement, [rows, rows] if compared else [rows])
            written += cursor.rowcount
    return written
