"""The starting content: each row of `fixtures/` is loaded once, and not again after curators changed or deleted it.

How much of it is loaded, `STARTING_CONTENT` says.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core import serializers
from django.core.exceptions import ObjectDoesNotExist
from django.core.serializers.base import DeserializationError, DeserializedObject
from django.db import IntegrityError, transaction
from django.db.models import Model

from library.db.locks import Lock, transaction_lock
from library.models import StartingEntry

# What a row is known by.
_KEYS = {
    "library.category": ("slug",),
    "library.publisher": ("slug",),
    "library.series": ("slug",),
    "library.section": ("anchor",),
    "library.resource": ("ref",),
    "library.tag": ("name",),
    "library.taggedresource": ("content_object", "tag"),
    "library.helpline": ("name",),
    "library.page": ("name",),
    "library.synonymgroup": ("name",),
    "library.crisisterm": ("term",),
    "library.guide": ("slug",),
}

_OF_RESOURCES = {"02_publishers.json", "03_sections.json", "04_resources.json", "05_tags.json"}


@dataclass(frozen=True)
class LoadResult:
    """How many rows were added now, and how many had been loaded before."""

    added: int
    known: int


def load_starting_content(folder: Path, content: str = "full") -> LoadResult:
    """Add every row of the folder's JSON files that has never been loaded. `content` is `full`, `seed` or `none`.

    All or nothing, in one transaction. A row that curators made themselves under the same natural key is left as it is.
    Raises `ValidationError` for a row that breaks a rule and `DeserializationError` for one that cannot be read.
    """
    added = known = 0
    with transaction.atomic():
        transaction_lock(Lock.STARTING_CONTENT)  # two starts at once load one after the other
        loaded = set(StartingEntry.objects.values_list("model", "key"))
        for file in _files_of(folder, content):
            for row in json.loads(file.read_text(encoding="utf-8")):
                entry = _load(row, loaded)
                added, known = added + (entry is not None), known + (entry is None)
    return LoadResult(added, known)


def _files_of(folder: Path, content: str) -> list[Path]:
    """The JSON files to load, in order.

    `seed`: those of `folder`, the entries of the original page. `full`: those in `further/` too. `none`: no resource,
    but the help lines, the site's own texts, the categories, and the words that searches know.
    """
    files = sorted(folder.glob("*.json"))
    match content:
        case "full":
            return files + sorted(folder.glob("further/*.json"))
        case "none":
            return [file for file in files if file.name not in _OF_RESOURCES]
        case _:
            return files


def _load(row: dict[str, Any], loaded: set[tuple[str, str]]) -> StartingEntry | None:
    """Add one row, unless it was loaded before or belongs to what curators deleted; the record of it, or None."""
    key = _key(row)
    if (row["model"], key) in loaded:
        return None
    try:
        item = next(iter(serializers.deserialize("python", [row], handle_forward_references=True)))
    except ObjectDoesNotExist:
        return None
    if any(not field.many_to_many and not field.null for field in item.deferred_fields or {}):
        return None
    if item.object.pk is None:
        _save(item)
    return StartingEntry.objects.create(model=row["model"], key=key)


def _key(row: dict[str, Any]) -> str:
    """The row's natural key as JSON, from the row alone: what it names may have other names by now, or be gone."""
    if row["model"] not in _KEYS:
        raise DeserializationError(f"Starting content can't include the model {row['model']}.")
    return json.dumps([row["fields"][name] for name in _KEYS[row["model"]]])


def _save(item: DeserializedObject) -> None:
    """Save as a form would, so that every rule holds and the Markdown is rendered; `item.save()` would skip both.

    Categories that curators have deleted are left out.
    """
    _save_row(item.object)
    many: dict[str, Any] = dict(item.m2m_data or {})
    for field, keys in (item.deferred_fields or {}).items():
        if field.many_to_many:
            related: Any = field.related_model
            manager = related._default_manager
            many[field.name] = [other for key in keys if (other := _get(manager, key))]
    for name, values in many.items():
        getattr(item.object, name).set(values)


def _save_row(row: Model) -> None:
    """The constraints are asked by the database alone: `full_clean` asks of each in queries of its own.

    What the database refuses is told as a form tells it.
    """
    row.full_clean(exclude=["position"], validate_constraints=False)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        row.full_clean(exclude=["position"])
        raise


def _get(manager: Any, key: list[str]) -> Any:
    try:
        return manager.get_by_natural_key(*key)
    except ObjectDoesNotExist:
        return None
