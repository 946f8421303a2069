"""Two snapshots of a row, field by field, in words: what is the same, what was removed, what was inserted."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.text import capfirst
from django.utils.translation import gettext

from library.models import Picture, Resource, User

from .snapshot import PICTURE, Snapshot, many_of, versioned_columns

PartKind = Literal["same", "removed", "inserted"]

# More pieces than this are not compared one by one: it would take seconds.
_PIECES = 1000
# Of a long stretch without a change, the ends are shown; of a long change, the beginning.
_SAME, _END, _CHANGED = 400, 150, 10_000
_WORDS = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True)
class Part:
    """A stretch of text, and what became of it."""

    kind: PartKind
    text: str


@dataclass(frozen=True)
class FieldDifference:
    """What became of one field. Its `parts` are those of a text or a list; else the old value and the new one."""

    name: str
    label: str
    parts: tuple[Part, ...]


def difference(model: type[models.Model], before: Snapshot | None, after: Snapshot) -> list[FieldDifference]:
    """The fields that differ. Of a row that is new, those that are not empty."""
    differences = []
    for name, label in labels_of(model).items():
        old = before.fields.get(name) if before else None
        new = after.fields.get(name)
        is_known = name in after.fields and (before is None or name in before.fields)
        if is_known and old != new and (old or new or before is not None):
            parts = parts_between(value_of(model, name, before), value_of(model, name, after))
            if parts:
                differences.append(FieldDifference(name, label, parts))
    return differences


def labels_of(model: type[models.Model]) -> dict[str, str]:
    """What people call the fields of a snapshot, in the order of the model."""
    fields = {field.name: field for field in versioned_columns(model)}
    fields |= {name: model._meta.get_field(name) for name in many_of(model)}
    if model is Resource:
        fields |= {name: _field(model, name) for name in PICTURE}
    return {name: str(capfirst(field.verbose_name)) for name, field in fields.items()}


def _field(model: type[models.Model], name: str) -> Any:
    """What this value is called, and how it reads: a field, also one of the picture, or the picture as a whole."""
    if model is not Resource or name not in PICTURE:
        return model._meta.get_field(name)
    return Picture._meta.get_field(name.removeprefix("picture_")) if name != "picture_file" else Picture._meta


def value_of(model: type[models.Model], name: str, snapshot: Snapshot | None) -> str | list[str]:
    """A value in words; a list where a row may have several, and for a picture."""
    value = snapshot.fields.get(name) if snapshot else None
    if snapshot is not None and isinstance(value, list):
        names = snapshot.names.get(name, {})
        return sorted(names.get(str(key), str(key)) for key in value)
    if value is None or value == "":
        return ""
    if isinstance(value, dict):
        size = gettext("%(width)d × %(height)d pixels") % value
        return [f"{size}, {value['name']}"]  # as a whole: nobody compares names by letters
    field = _field(model, name)
    if field.is_relation and field.related_model is User:
        return _person(value)
    if field.is_relation:
        return snapshot.names.get(name, {}).get(str(value), str(value)) if snapshot else ""
    return in_words(field, field.to_python(value))


def _person(pk: int) -> str:
    """Costs a query: a version says nothing of people but who."""
    return str(User.objects.filter(pk=pk).first() or gettext("someone whose account is gone"))


def in_words(field: Any, value: Any) -> str:
    """A value of this field that is no relation, as a person reads it."""
    if getattr(field, "flatchoices", None):
        return str(dict(field.flatchoices).get(value, value))
    match value:
        case None | "":
            return ""
        case bool():
            return gettext("Yes") if value else gettext("No")
    match field:
        case models.DateTimeField():
            return date_format(timezone.localtime(value), "DATETIME_FORMAT")
        case models.DateField():
            return date_format(value, "DATE_FORMAT")
        case models.TimeField():
            return time_format(value, "TIME_FORMAT")
    return str(value)


def parts_between(before: str | list[str], after: str | list[str]) -> tuple[Part, ...]:
    """What became of a text or a list on the way from the one to the other; nothing where they are the same."""
    if before == after or (not before and not after):
        return ()
    if isinstance(before, list) or isinstance(after, list):
        return tuple(_of_lists(list(before or ()), list(after or ())))
    return tuple(map(_shortened, _joined(_of_texts(before, after))))


def _of_lists(before: list[str], after: list[str]) -> Iterator[Part]:
    yield from (Part("same", text) for text in before if text in after)
    yield from (Part("removed", text) for text in before if text not in after)
    yield from (Part("inserted", text) for text in after if text not in before)


def _of_texts(before: str, after: str) -> Iterator[Part]:
    """By lines, and by words within the lines that changed."""
    for kind, old, new in _steps(before.splitlines(keepends=True), after.splitlines(keepends=True)):
        if kind == "equal":
            yield Part("same", old)
        else:
            for inner, removed, inserted in _steps(_WORDS.findall(old), _WORDS.findall(new)):
                if inner == "equal":
                    yield Part("same", removed)
                else:
                    yield Part("removed", removed)
                    yield Part("inserted", inserted)


def _steps(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """(“equal” or another word, the old text, the new text); without comparing what is too much."""
    first, end = 0, 0
    shorter = min(len(old), len(new))
    while first < shorter and old[first] == new[first]:
        first += 1
    while end < shorter - first and old[-1 - end] == new[-1 - end]:
        end += 1
    start, tail = "".join(old[:first]), "".join(old[len(old) - end :])
    old, new = old[first : len(old) - end], new[first : len(new) - end]
    yield "equal", start, start
    if len(old) > _PIECES or len(new) > _PIECES:
        yield "replace", "".join(old), "".join(new)
    else:
        for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            yield kind, "".join(old[a:b]), "".join(new[c:d])
    yield "equal", tail, tail


def _joined(parts: Iterator[Part]) -> Iterator[Part]:
    """Without empty ones, and neighbours of one kind as one. What was removed stands before what was inserted."""
    waiting: dict[PartKind, str] = {"removed": "", "inserted": ""}
    same = ""
    for part in parts:
        if not part.text:
            continue
        if part.kind == "same":
            yield from (Part(kind, text) for kind, text in waiting.items() if text)
            waiting = {"removed": "", "inserted": ""}
            same += part.text
            continue
        if same:
            yield Part("same", same)
            same = ""
        waiting[part.kind] += part.text
    yield from (Part(kind, text) for kind, text in waiting.items() if text)
    if same:
        yield Part("same", same)


def _shortened(part: Part) -> Part:
    if part.kind == "same" and len(part.text) > _SAME:
        return Part("same", f"{part.text[:_END]} […] {part.text[-_END:]}")
    if part.kind != "same" and len(part.text) > _CHANGED:
        more = gettext("[… %(number)d more characters]") % {"number": len(part.text) - _CHANGED}
        return Part(part.kind, f"{part.text[:_CHANGED]} {more}")
    return part
