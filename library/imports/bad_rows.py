"""The bad rows of a file, as a file to correct and import again."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from library.db.arrays import one_of
from library.exports.columns import COLUMNS, LISTS, PROBLEM
from library.models import FileImport, ImportedRow, Resource
from library.models.web_address import address_key

BAD_ROW_COLUMNS = (*COLUMNS, PROBLEM)
_CHUNK = 1000


def bad_rows(file_import: FileImport) -> Iterator[dict[str, Any]]:
    """Each bad row with its cells and its problem, in the order of the file. Two queries for a thousand.

    A new entry has the kind and the section that its file was to give it.
    """
    rows = file_import.rows.filter(outcome=ImportedRow.Outcome.BAD).order_by("line")
    iterator = rows.only("details", "before").iterator(_CHUNK)
    defaults = {name: file_import.columns.get(name) or "" for name in ("kind", "section")}
    while batch := list(islice(iterator, _CHUNK)):
        keys = {row.pk: address_key(row.before["url"]) for row in batch if row.before.get("url")}
        resources = Resource.objects.filter(address_key__in=one_of(set(keys.values())))
        known = set(resources.values_list("address_key", flat=True))
        for row in batch:
            is_known = bool(row.before.get("ref")) or keys.get(row.pk) in known
            empty: dict[str, Any] = {name: [] if name in LISTS else "" for name in COLUMNS}
            problem = "; ".join(f"{column}: {reason}" if column else reason for column, reason in row.details)
            yield empty | ({} if is_known else defaults) | row.before | {PROBLEM: problem}
