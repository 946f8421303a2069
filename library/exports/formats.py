"""Rows as files: CSV, JSON Lines and XLSX, in which no cell is a formula.

Resources have the columns that an import takes: what is exported can be changed and imported again. A thousand are read
at a time, however many there are.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter

from library.db.arrays import one_of
from library.models import Resource, TaggedResource

from .columns import COLUMNS, LISTS, MORE, TAKES, as_inert, as_text, join_list

_CHUNK = 1000
_WIDTHS = {"title": 50, "url": 50, "summary": 60, "publisher": 30, "categories": 30, "tags": 30}

# The value of each column; of a list, its values.
ExportRow = dict[str, Any]


def rows_of(pks: Sequence[int], columns: Sequence[str] = COLUMNS) -> Iterator[ExportRow]:
    """The resources of these ids that are still there, in this order. Three queries for a thousand."""
    fields = {"pk", *_VALUES.values(), *(MORE_VALUES[column] for column in columns if column in MORE_VALUES)}
    for start in range(0, len(pks), _CHUNK):
        chunk = pks[start : start + _CHUNK]
        wanted = one_of(chunk, "bigint")
        tied = Resource.categories.through._default_manager.filter(resource__in=wanted)
        tagged = TaggedResource.objects.filter(content_object__in=wanted)
        lists = {
            "categories": _by_resource(tied.values_list("resource_id", "category__name")),
            "tags": _by_resource(tagged.values_list("content_object_id", "tag__name")),
        }
        rows_by_pk = {row["pk"]: row for row in Resource.objects.filter(pk__in=wanted).values(*fields)}
        yield from (_row_of(rows_by_pk[pk], lists, columns) for pk in chunk if pk in rows_by_pk)


_VALUES = {
    "title": "title",
    "kind": "kind",
    "section": "section__anchor",
    "url": "url",
    "summary": "summary",
    "publisher": "publisher__name",
    "published": "published_on",
    "precision": "published_precision",
    "ref": "ref",
}


# The field of each column that is there besides those of an import.
_MORE_FIELDS = {
    "owner": "owner__username",
    "listed_from": "listed_at",
    "listed_until": "expires_at",
    "withdrawn_because": "withdrawn_reason",
    "replaced_by": "successor__ref",
    "last_changed": "updated_at",
    "last_reviewed": "reviewed_on",
    "next_review": "review_by",
    "link_last_checked": "link_checked_on",
    "url_name": "slug",
    "search_words": "keywords",
    "for_audience": "audience",
    "language_code": "language",
    "country_code": "country",
    "long_text": "body",
    "series": "series__title",
    "interviewer": "host",
    "page_count": "pages",
}
MORE_VALUES = {column: _MORE_FIELDS.get(column, column) for column in MORE}


def _as_text(value: Any) -> str:
    """A value as files have it: moments and days as ISO 8601 has them, several in one cell."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return " | ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _by_resource(pairs: Any) -> dict[int, list[str]]:
    names: dict[int, list[str]] = defaultdict(list)
    for pk, name in pairs:
        names[pk].append(name)
    return names


def _row_of(values: ExportRow, lists: dict[str, dict[int, list[str]]], columns: Sequence[str]) -> ExportRow:
    row: ExportRow = {column: values[name] or "" for column, name in _VALUES.items()}
    day, precision = values["published_on"], row.pop("precision")
    if isinstance(day, date):
        row["published"] = day.isoformat()[: {"year": 4, "month": 7, "day": 10}[precision]]
    row |= {name: sorted(lists[name].get(values["pk"], ()), key=str.lower) for name in LISTS}
    row |= {column: _as_text(values[MORE_VALUES[column]]) for column in columns if column in MORE_VALUES}
    return {column: row[column] for column in columns}


def as_csv(rows: Iterator[ExportRow], columns: Sequence[str] = COLUMNS) -> Iterator[str]:
    """Lines of UTF-8 with a byte order mark, by which Excel knows it; no cell is a formula."""
    line = csv.writer(_Line())
    yield "\ufeff" + line.writerow([as_inert(column) for column in columns])
    for row in rows:
        yield line.writerow([as_inert(_cell(row[column], column)) for column in columns])


def as_json_lines(rows: Iterator[ExportRow]) -> Iterator[str]:
    """One object on each line (jsonlines.org)."""
    for row in rows:
        yield json.dumps(row, ensure_ascii=False) + "\n"


def as_xlsx(rows: Iterator[ExportRow], columns: Sequence[str] = COLUMNS, with_notes: bool = False) -> IO[bytes]:
    """A workbook in a file that is gone when it is closed. Every cell is a text.

    `with_notes` adds a second sheet that says what each column of an import takes.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet("list")
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns):
        sheet.column_dimensions[get_column_letter(place + 1)].width = _WIDTHS.get(column, 14)
    sheet.append([_text_cell(sheet, column) for column in columns])
    for row in rows:
        sheet.append([_text_cell(sheet, as_text(_cell(row[column], column))) for column in columns])
    if with_notes:
        notes = book.create_sheet("columns")
        notes.column_dimensions["B"].width = 100
        for column in COLUMNS:
            notes.append([column, str(TAKES[column])])
    file = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    book.save(file)
    file.seek(0)
    return file


def _cell(value: str | list[str], column: str) -> str:
    return join_list(value, column) if isinstance(value, list) else value


def _text_cell(sheet: Any, text: str) -> Any:
    """Told apart from a formula by its type: openpyxl would make one of “=…”."""
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    return cell


class _Line:
    """What the `csv` module writes to, and gives back at once."""

    def write(self, line: str) -> str:
        return line
