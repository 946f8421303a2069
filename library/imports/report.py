"""What became of each row of an import: shown to people field by field, and kept so that it can be taken back.

The database itself gives each resource a mark, a hash of all that an edit would change, when its row is written down.
"""

import json
import re
import zlib
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Model

from library.exports.columns import COLUMNS
from library.models import Category, ImportedRow, Publisher, Section, Tag

# What an edit changes: its last moment, and what can be written without one. Not what others move, check or count.
MARK = """
    SELECT md5(concat_ws('/', ROW(r.title, r.summary, r.url, r.publisher_id, r.published_on, r.published_precision,
        r.section_id, r.state, r.listed_at, r.expires_at, r.updated_at)::text,
        (SELECT string_agg(category_id::text, ',' ORDER BY category_id) FROM library_resource_categories
            WHERE resource_id = r.id), 'tags',
        (SELECT string_agg(tag_id::text, ',' ORDER BY tag_id) FROM library_taggedresource
            WHERE content_object_id = r.id)))
    FROM library_resource AS r WHERE r.id = """
_ADD = f"""
    INSERT INTO library_importedrow
        (file_import_id, line, outcome, title, resource_id, told, before, mark, stands_in_way)
    SELECT %s, line, outcome, title, resource, details, before,
        CASE WHEN %s AND outcome IN ('new', 'changed') THEN COALESCE(({MARK} resource), '') ELSE '' END, false
    FROM jsonb_to_recordset(%s)
        AS row (line bigint, outcome text, title text, resource bigint, details jsonb, before jsonb)"""  # noqa: S608 - ours
_NO_JSON = re.compile(r"[\x00\ud800-\udfff]")
_COLUMN_OF = {"section_id": "section", "publisher_id": "publisher", "published_on": "published"}
_NAMED: dict[str, tuple[type[Model], str]] = {
    "section_id": (Section, "title"),
    "publisher_id": (Publisher, "name"),
    "categories": (Category, "name"),
    "tags": (Tag, "name"),
}


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of one row. `outcome` is new, changed, same or bad; `resource` the id of what it is about.

    `before` and `after` have the values, as the database has them, of those fields that it changes; of what is new,
    `after` has those by which it is told from others. `shared` is another entry at its new address: title and id, where
    the library has it already. Of a bad row, `before` has its cells.
    """

    line: int
    outcome: str
    title: str
    resource: int | None
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    errors: tuple[tuple[str, str], ...] = ()
    shared: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ReportRow:
    """The same as it stands in the report.

    `details` has [column, reason] of what is bad, [column, old, new] of what changes, [column, value] of what is new;
    and without a column, [“”, title, id] of another entry at the address that an entry changes to.

    Of a dry run `resource` is None for what would be new: it has been taken back.
    """

    line: int
    outcome: str
    title: str
    resource: int | None
    details: list[list[str]]
    before: dict[str, Any]


def report_rows(batch: Collection[RowOutcome], is_written: bool) -> list[ReportRow]:
    """A row of the report for each, in the order of their lines; `is_written` unless it is a dry run.

    At most four queries.
    """
    names = {name: _names_of([row for row in batch if row.outcome != "bad"], name) for name in _NAMED}
    return [
        ReportRow(
            line=row.line,
            outcome=row.outcome,
            title=_printable(row.title)[:300],
            resource=row.resource if is_written or row.outcome != "new" else None,
            details=_details(row, names),
            before=_storable(row.before) if row.outcome == "bad" else row.before if is_written else {},
        )
        for row in sorted(batch, key=lambda row: row.line)
    ]


def _printable(text: str) -> str:
    """Whatever a file calls its columns: the database takes no NUL."""
    return "".join(character if character.isprintable() else "�" for character in text)


def _storable(cells: dict[str, Any]) -> dict[str, Any]:
    """The cells of a bad row without what no text of the database can have."""
    return {
        name: [_NO_JSON.sub("", text) for text in value] if isinstance(value, tuple) else _NO_JSON.sub("", value)
        for name, value in cells.items()
    }


def compress_rows(rows: Collection[ReportRow]) -> bytes:
    """These in a tenth of the memory, for as long as a dry run has to be taken back before they can be written."""
    return zlib.compress(json.dumps([asdict(row) for row in rows], cls=DjangoJSONEncoder).encode(), level=1)


def insert_report(file_import: int, packed: bytes, is_written: bool) -> None:
    """Add these packed rows to the import. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [file_import, is_written, zlib.decompress(packed).decode()])


def find_unreviewed(file_import: int, rows: Collection[ReportRow]) -> set[int]:
    """The lines of those that change an entry otherwise than the check reported: what they replace, nobody has seen.

    What the check has written down of these rows makes room for what becomes of them. Two queries.
    """
    checked = ImportedRow.objects.filter(file_import=file_import, line__in=[row.line for row in rows])
    seen = dict(checked.filter(outcome=ImportedRow.Outcome.CHANGED).values_list("line", "details"))
    checked.delete()
    return {row.line for row in rows if row.outcome == "changed" and seen.get(row.line) != row.details}


def _names_of(batch: Collection[RowOutcome], name: str) -> dict[int, str]:
    """What the rows are called that this field leads to, before and after."""
    values = [values[name] for row in batch for values in (row.before, row.after) if name in values]
    ids = {pk for value in values for pk in (value if isinstance(value, list) else [value])}
    if not ids:
        return {}
    model, column = _NAMED[name]
    return dict(model._default_manager.filter(pk__in=ids).values_list("pk", column))


def _details(row: RowOutcome, names: dict[str, dict[int, str]]) -> list[list[str]]:
    if row.errors:
        return [[_printable(column), _printable(reason)] for column, reason in row.errors]
    if row.outcome != "new":
        return _field_changes(row, names)
    details = [
        [_COLUMN_OF.get(name, name), _text_of(row.after, name, names)]
        for name in row.after
        if _COLUMN_OF.get(name, name) in COLUMNS
    ]
    return sorted(([column, text] for column, text in details if text), key=lambda pair: COLUMNS.index(pair[0]))


def _field_changes(row: RowOutcome, names: dict[str, dict[int, str]]) -> list[list[str]]:
    details: list[list[str]] = []
    for name in row.before:
        column = _COLUMN_OF.get(name, name)
        if column in COLUMNS:
            details.append([column, _text_of(row.before, name, names), _text_of(row.after, name, names)])
    shared = [["", _printable(row.shared[0]), row.shared[1]]] if row.shared else []
    return shared + sorted(details, key=lambda difference: COLUMNS.index(difference[0]))


def _text_of(values: dict[str, Any], name: str, names: dict[str, dict[int, str]]) -> str:
    value = values[name]
    if isinstance(value, list):
        return ", ".join(sorted(names[name].get(pk, "") for pk in value))
    if isinstance(value, date):
        return value.isoformat()[: {"year": 4, "month": 7, "day": 10}[values["published_precision"]]]
    if name in _NAMED and value is not None:
        return names[name].get(value, "")
    return "" if value is None else str(value)
