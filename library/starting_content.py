"""The starting content: each row of `fixtures/` is loaded once, and not again after curators changed or deleted it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core import serializers
from django.core.serializers.base import DeserializedObject
from django.db import connection, transaction

from library.models import StartingEntry

# PostgreSQL's advisory lock for loading: two starts at once load one after the other. Any fixed number serves.
_LOCK = 7_204_117


@dataclass(frozen=True)
class LoadResult:
    """How many rows were added now, and how many had been loaded before."""

    added: int
    known: int


def load_starting_content(folder: Path) -> LoadResult:
    """Add every row of `folder`'s JSON files, in the order of their names, that has never been loaded.

    All or nothing, in one transaction. A row that curators made themselves under the same natural key is left as it is.
    Raises `ValidationError` for a row that breaks a rule and `DeserializationError` for one that cannot be read.
    """
    added = known = 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        loaded = set(StartingEntry.objects.values_list("model", "key"))
        for file in sorted(folder.glob("*.json")):
            for row in json.loads(file.read_text(encoding="utf-8")):
                entry = _load(row, loaded)
                added, known = added + (entry is not None), known + (entry is None)
    return LoadResult(added, known)


def _load(row: dict[str, Any], loaded: set[tuple[str, str]]) -> StartingEntry | None:
    """Add one row, unless it was loaded before; the record of it, or None."""
    found = next(iter(serializers.deserialize("python", [row])))
    row_object: Any = found.object
    key = json.dumps(row_object.natural_key(), default=lambda part: part.natural_key())
    if (row["model"], key) in loaded:
        return None
    if found.object.pk is None:
        _save(found)
    return StartingEntry.objects.create(model=row["model"], key=key)


def _save(found: DeserializedObject) -> None:
    """Save as a form would, so that every rule holds and the Markdown is rendered; `found.save()` would skip both."""
    found.object.full_clean(exclude=["position"])
    found.object.save()
    for name, values in (found.m2m_data or {}).items():
        getattr(found.object, name).set(values)
