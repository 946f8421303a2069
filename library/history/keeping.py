"""Keeping what rows were. Call `keep_first` before a change and `keep` after it, in the transaction of the change.

Works for one row and for thousands: one statement for each call.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Model
from reversion.models import Revision

from library.arrays import array_of
from library.models import Deed, User

from .snapshots import is_kept, snapshot_sql

_ADD = """
INSERT INTO reversion_version (object_id, content_type_id, db, format, serialized_data, object_repr, revision_id)
SELECT s.pk::text, {about}, 'default', 'json', s.data::text, s.name, {revision}
FROM ({rows}) AS s WHERE {needed}
"""
_OLD = "FROM reversion_version v WHERE v.db = 'default' AND v.content_type_id = {about} AND v.object_id = s.pk::text"
_ALWAYS = "true"
# The sum keeps the planner from reading all versions backwards until it meets one of the row.
_DIFFERENT = (
    "s.data -> 0 -> 'fields' IS DISTINCT FROM "
    f"(SELECT v.serialized_data::jsonb -> 0 -> 'fields' {_OLD} ORDER BY v.id + 0 DESC LIMIT 1)"
)
# These are kept also where the last version says the same.
_WHATEVER_IT_WAS = {Deed.Kind.DELETED, Deed.Kind.RECOVERED, Deed.Kind.RESTORED}


class Record:
    """One deed that is being done: rows are added while it goes on, and counted at its end."""

    def __init__(self, model: type[Model], kind: Deed.Kind, by: User | None, now: datetime) -> None:
        self.model, self.kind, self.total = model, kind, 0
        self.revision = Revision.objects.create(date_created=now, user=by, comment="")

    def add(self, pks: Collection[int], *, compared: bool = True) -> int:
        """Keep these rows as they are now; how many differ from what was kept last, or all, not `compared`."""
        needed = _DIFFERENT if compared and self.kind not in _WHATEVER_IT_WAS else _ALWAYS
        added = _write(self.model, pks, self.revision.pk, needed, self.kind == Deed.Kind.DELETED)
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
    if not _write(model, pks, revision.pk, _DIFFERENT):
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


def note(row: Model, kind: Deed.Kind, *, by: User | None, now: datetime, words: str = "") -> None:
    """Only that it was done: for what has no versions, such as people, and for the order of a list."""
    revision = Revision.objects.create(date_created=now, user=by, comment=words)
    Deed.objects.create(
        revision=revision,
        kind=kind,
        about=ContentType.objects.get_for_model(type(row)),
        object_id=row.pk,
        subject=str(row)[:300],
    )


def _write(model: type[Model], pks: Collection[int], revision: int, needed: str, with_ties: bool = False) -> int:
    if not pks:
        return 0
    numbers: dict[str, Any] = {"about": ContentType.objects.get_for_model(model).pk, "revision": revision}
    rows = snapshot_sql(model, with_ties)
    statement = _ADD.format(rows=rows, needed=needed.format(**numbers), **numbers)
    with connection.cursor() as cursor:
        cursor.execute(statement, [array_of(pks)])
        return int(cursor.rowcount)
