"""An older version of a row again, and rows that were deleted. What the database refuses changes nothing."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext

from library.models import (
    AuditEntry,
    Category,
    FormerValue,
    Guide,
    Page,
    Picture,
    Publisher,
    Resource,
    Section,
    SynonymGroup,
    Tag,
    User,
    Version,
)
from library.models.redirects import FACET_OF
from library.models.resource import new_ref
from library.models.slugs import free_slugs
from library.models.taken_names import ADDRESS_NAMES, taken_names

from .record import record, record_before
from .snapshot import Snapshot, many_of, snapshot_now, snapshot_of, versioned_columns

# What an older version does not bring back: what other sites and readers rely on today, when they could, whose it is,
# and what was found of it on a day.
STAYS: dict[type[Model], frozenset[str]] = {
    Resource: frozenset(
        {"ref", "state", "listed_at", "expires_at", "withdrawn_at", "withdrawn_reason", "successor", "owner"}
        | {"link_state", "link_checked_on", "reviewed_on", "review_by"}
    ),
    Section: frozenset({"anchor", "since", "state", "withdrawn_reason"}),
    Page: frozenset({"name"}),
    Guide: frozenset({"state", "withdrawn_reason", "owner", "reviewed_on", "reviewer", "review_by"}),
}


class RestoreError(Exception):
    """Why not, in words for curators."""


class EditConflict(Exception):
    """The row is another one than the person has seen who asked."""


@dataclass(frozen=True)
class Restored:
    """The row, the names of what it had and what is gone, and in words whether it has another name in addresses."""

    row: Any
    left_out: tuple[str, ...]
    renamed: str = ""


@transaction.atomic
def restore(version: Version, *, seen: str, by: User | None, now: datetime) -> Restored:
    """Give the row the texts, relations, categories, tags, picture of this version; its state, place and dates stay.

    `seen` is the token of the row as the person has it on the screen: raises EditConflict where it is another one.
    """
    model, pk = version.model, version.object_id
    row = model._base_manager.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise RestoreError(gettext("It has been deleted. Recover it from “Recently deleted” first."))
    before = snapshot_now(model, pk)
    if before is None or before.token != seen:
        raise EditConflict
    record_before(model, [pk], now=now)
    left_out = _set_columns(row, snapshot_of(version), STAYS.get(model, frozenset()))
    check(row)
    row.save()
    left_out += _set_many(row, snapshot_of(version)) + _set_picture(row, snapshot_of(version))
    if before == snapshot_now(model, pk):
        raise RestoreError(gettext("It already matches that version, except for what a restore never changes."))
    day = date_format(timezone.localtime(version.entry.created_at), "DATETIME_FORMAT")
    comment = gettext("To the version of %(day)s.") % {"day": day}
    record(model, [pk], AuditEntry.Kind.RESTORED, by=by, now=now, comment=comment)
    return Restored(row, tuple(left_out))


def as_it_was(version: Version) -> tuple[Any, set[str]]:
    """The row with the values of this version, not saved; and the names of those that are others today, or all."""
    model, pk = version.model, version.object_id
    saved = model._base_manager.filter(pk=pk).first()
    row: Any = saved or model(pk=pk)
    before = {field.name: getattr(row, field.attname) for field in versioned_columns(model)}
    _set_columns(row, snapshot_of(version), frozenset())
    names = {field.name for field in versioned_columns(model) if getattr(row, field.attname) != before[field.name]}
    return row, names if saved else set(before)


@transaction.atomic
def recover(version: Version, *, by: User | None, now: datetime) -> Restored:
    """Make the deleted row again, with its number, permanent names, categories, tags, picture. Resources and guides
    are drafts.

    A name in addresses that was taken since is numbered; one for people is not, for it may be the same thing again.
    """
    model, pk, snapshot = version.model, version.object_id, snapshot_of(version)
    if model._base_manager.filter(pk=pk).exists():
        raise RestoreError(gettext("It’s already back."))
    row: Any = model(pk=pk)
    left_out = _set_columns(row, snapshot, frozenset())
    if isinstance(row, Resource | Section | Guide):
        row.state = "draft"
    if isinstance(row, Section):
        row.position = Section.objects.next_position()
    renamed = _give_free_name(row)
    _refuse_taken_title(row)
    check(row)
    row.save(force_insert=True)
    left_out += _set_many(row, snapshot) + _set_picture(row, snapshot)
    _tie(row, snapshot)
    record(model, [pk], AuditEntry.Kind.RECOVERED, by=by, now=now, comment=renamed)
    return Restored(row, tuple(left_out), renamed)


def recently_deleted(models: Collection[Any]) -> QuerySet[Version]:
    """The last versions of rows that were deleted and are still gone, the last deletion first.

    `models` are their content types. Reads the versions of deletions alone, and of each whether its row is there.
    """
    deletions = AuditEntry.objects.filter(kind=AuditEntry.Kind.DELETED).values("pk")
    same_row = {name: OuterRef(name) for name in ("entity_type", "object_id")}
    again = Version.objects.filter(**same_row, entry__gt=OuterRef("entry"), entry__in=deletions)
    there = Q()
    for entity_type in models:
        rows = entity_type.model_class()._base_manager.filter(pk=OuterRef("object_id"))
        there |= Q(Exists(rows), entity_type=entity_type)
    gone = Version.objects.filter(~there, ~Exists(again), entity_type__in=models, entry__in=deletions)
    return gone.order_by("-entry_id", "-pk")


def within_reach(model: type[Model], then: Snapshot) -> tuple[Snapshot, tuple[str, ...]]:
    """The snapshot without what is deleted and would be left out, whose names come second; what was merged, as it is.

    At most two queries for each relation.
    """
    fields, names, gone = dict(then.fields), dict(then.names), list[str]()
    relations = [field for field in versioned_columns(model) if field.is_relation and then.fields.get(field.name)]
    for field in relations:
        if field.name not in STAYS.get(model, frozenset()):
            wanted = [then.fields[field.name]]
            there, missing = _there(field.related_model, wanted, then.names.get(field.name, {}))
            fields[field.name], names[field.name] = next(iter(there), None), _by_key(there)
            gone += [f"{capfirst(field.verbose_name)}: {name}" for name in missing]
    for name, (_table, _own, _other, related) in many_of(model).items():
        if related is not Tag and then.fields.get(name):
            there, missing = _there(related, then.fields[name], then.names.get(name, {}))
            fields[name], names[name] = sorted(there), _by_key(there)
            label = capfirst(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            gone += [f"{label}: {lost}" for lost in missing]
    return replace(then, fields=fields, names=names), tuple(gone)


def _there(model: Any, wanted: Collection[int], names: dict[str, str]) -> tuple[dict[int, str], list[str]]:
    """Of these rows those that are there, or what they were merged into, by their names; and the names of the rest."""
    today = {pk: pk for pk in wanted} | FormerValue.objects.stand_ins(model, list(wanted))
    there = {row.pk: str(row) for row in model._base_manager.filter(pk__in=today.values())}
    return there, [names.get(str(pk), str(pk)) for pk in wanted if today[pk] not in there]


def _by_key(rows: dict[int, str]) -> dict[str, str]:
    return {str(pk): name for pk, name in rows.items()}


def _set_columns(row: Any, snapshot: Snapshot, stays: frozenset[str]) -> list[str]:
    """Lay the values over the row; the names of what it pointed to and what is gone."""
    left_out = []
    for field in versioned_columns(type(row)):
        if field.name in stays or field.name not in snapshot.fields:
            continue
        value = snapshot.fields[field.name]
        if field.is_relation and value is not None:
            value = FormerValue.objects.stand_ins(field.related_model, [value]).get(value, value)
        if field.is_relation and value is not None and not _exists(field.related_model, value):
            name = snapshot.names.get(field.name, {}).get(str(value), str(value))
            label = f"{capfirst(field.verbose_name)}: {name}"
            if not field.null:
                raise RestoreError(gettext("What it belongs to has been deleted: %s. Recover that first.") % label)
            left_out.append(label)
            value = None
        setattr(row, field.attname, value if field.is_relation else field.to_python(value))
    return left_out


def _set_many(row: Any, snapshot: Snapshot) -> list[str]:
    """Give the row the categories and tags of the snapshot, or what those were merged into since.

    A tag that was deleted is made again; a category is not.
    """
    left_out = []
    for name, (_table, _own, _other, model) in many_of(type(row)).items():
        wanted: list[int] = snapshot.fields.get(name, [])
        names = snapshot.names.get(name, {})
        today = {pk: pk for pk in wanted} | FormerValue.objects.stand_ins(model, wanted)
        others = list(model._base_manager.filter(pk__in=today.values()))
        there = {other.pk for other in others}
        missing = [names.get(str(pk), str(pk)) for pk in wanted if today[pk] not in there]
        if model is Tag:
            row.tags.set([*others, *missing])
            continue
        getattr(row, name).set(others)
        left_out += [f"{capfirst(row._meta.get_field(name).verbose_name)}: {other}" for other in missing]
    return left_out


def _set_picture(row: Any, snapshot: Snapshot) -> list[str]:
    """Give the row the picture of the snapshot, or none where it had none."""
    if "picture_file" not in snapshot.fields:
        return []
    file = snapshot.fields["picture_file"]
    if file is None:
        Picture.objects.remove(row)
        return []
    words = {"alt": snapshot.fields["picture_alt"], "decorative": snapshot.fields["picture_decorative"]}
    is_back = Picture.objects.bring_back(row, **file, **words)
    return [] if is_back else [f"{capfirst(Picture._meta.verbose_name)}: {file['name']}"]


def _tie(row: Any, snapshot: Snapshot) -> None:
    """Give a category or a tag back to those of its resources and guides that are still there."""
    there: Any = Resource.objects.filter(pk__in=snapshot.ties)
    if isinstance(row, Category):
        row.resources.set(there)
        row.guides.set(Guide.objects.filter(pk__in=snapshot.guides))
    if isinstance(row, Tag):
        tied: Any = row.tagged_items
        tied.bulk_create([tied.model(tag=row, content_object_id=pk) for pk in there.values_list("pk", flat=True)])


def _exists(model: Any, pk: Any) -> bool:
    return bool(model._base_manager.filter(pk=pk).exists())


def _give_free_name(row: Any) -> str:
    """Another name in addresses where its own was taken since: then in words which, else nothing."""
    model: Any = type(row)
    if model not in ADDRESS_NAMES:
        return ""
    field = model._meta.get_field(ADDRESS_NAMES[model])
    wish = getattr(row, field.name)
    (name,) = free_slugs([(wish, new_ref())], partial(taken_names, model), field.max_length)
    if name == wish:
        return ""
    setattr(row, field.name, name)
    words = gettext("Its %(what)s “%(wish)s” has been taken since, so it’s now “%(name)s”.")
    return words % {"what": field.verbose_name, "wish": wish, "name": name}


def _refuse_taken_title(row: Any) -> None:
    """Say what can be done where readers or curators would find two of one name."""
    model: Any = type(row)
    if model not in (Category, Tag, Publisher, SynonymGroup):
        return
    others = model._base_manager.annotate(low=Lower("name")).filter(low=Lower(Value(row.name)))
    if others.exists():
        message = gettext("Another one is now called “%s”. Rename that one, then recover this one.") % row.name
        merged = gettext("If they are the same, merge the two afterwards.")
        raise RestoreError(f"{message} {merged}" if model in FACET_OF else message)


def check(row: Any) -> None:
    """Raises RestoreError for what this row can't be, with the fields that are wrong."""
    try:
        row.full_clean(exclude=["position", "slot"])
    except ValidationError as error:
        raise RestoreError(" ".join(_problems(type(row), error))) from error


def _problems(model: type[Model], error: ValidationError) -> Iterator[str]:
    """What is wrong, each with the field that it is about, if any."""
    for name, texts in error.message_dict.items():
        label = "" if name == NON_FIELD_ERRORS else f"{capfirst(model._meta.get_field(name).verbose_name)}: "  # type: ignore[union-attr]
        yield from (f"{label}{text}" for text in texts)
