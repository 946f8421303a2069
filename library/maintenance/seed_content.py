"""The starting content: each row of `fixtures/` is loaded once, and not again after curators changed or deleted it.

How much of it is loaded, `STARTING_CONTENT` says.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.core.serializers.base import DeserializationError
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
        keys = NaturalKeys()
        for file in _files_of(folder, content):
            rows = json.loads(file.read_text(encoding="utf-8"))
            entries = [entry for row in rows if (entry := _load(row, loaded, keys))]
            StartingEntry.objects.bulk_create(entries)
            added, known = added + len(entries), known + len(rows) - len(entries)
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


class NaturalKeys:
    """The rows that others name: each is asked for once, and those that were added now are not asked for at all."""

    def __init__(self) -> None:
        self._rows: dict[tuple[type[Model], tuple[Any, ...]], Model] = {}

    def row(self, model: type[Model], key: Iterable[Any]) -> Any:
        """None where there is no such row."""
        place = (model, tuple(key))
        if place not in self._rows:
            manager: Any = model._default_manager
            try:
                self._rows[place] = manager.get_by_natural_key(*place[1])
            except ObjectDoesNotExist:
                return None
        return self._rows[place]

    def add(self, row: Model, key: Iterable[Any]) -> None:
        self._rows[type(row), tuple(key)] = row


def _load(row: dict[str, Any], loaded: set[tuple[str, str]], keys: NaturalKeys) -> StartingEntry | None:
    """Add one row, unless it was loaded before or belongs to what curators deleted; the record of it, or None."""
    key = _key(row)
    if (row["model"], key) in loaded:
        return None
    model, fields = apps.get_model(row["model"]), row["fields"]
    values, many = _values_of(model, fields, keys)
    if any(value is None and not model._meta.get_field(name).null for name, value in values.items()):
        return None
    natural_key = [values[name] for name in _KEYS[row["model"]]]
    if keys.row(model, natural_key) is None:
        made = model(**values)
        _save(made)
        for name, others in many.items():
            getattr(made, name).add(*others)
        keys.add(made, natural_key)
    return StartingEntry(model=row["model"], key=key)


def _values_of(
    model: type[Model], fields: dict[str, Any], keys: NaturalKeys
) -> tuple[dict[str, Any], dict[str, list[Model]]]:
    """The values of a row, rows for what it names; and its relations to many, without those that are gone."""
    values, many = dict(fields), {}
    for name, value in fields.items():
        field: Any = model._meta.get_field(name)
        if field.many_to_many:
            del values[name]
            many[name] = [other for key in value if (other := keys.row(field.related_model, key))]
        elif field.is_relation:
            values[name] = keys.row(field.related_model, value)
    return values, many


def _key(row: dict[str, Any]) -> str:
    """The row's natural key as JSON, from the row alone: what it names may have other names by now, or be gone."""
    if row["model"] not in _KEYS:
        raise DeserializationError(f"Starting content can't include the model {row['model']}.")
    return json.dumps([row["fields"][name] for name in _KEYS[row["model"]]])


def _save(row: Model) -> None:
    """Save as a form would, so that every rule holds and the Markdown is rendered.

    What the database asks anyway is asked there alone; what it refuses is told as a form tells it.
    """
    relations = [field.name for field in row._meta.fields if field.is_relation]
    row.full_clean(exclude=["position", *relations], validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        row.full_clean(exclude=["position"])
        raise
