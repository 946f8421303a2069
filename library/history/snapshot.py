"""A row as it stands, with its categories, its tags and its picture, as the JSON that a version has.

The database makes it, in one statement for thousands of rows. Beside the fields stand the names of what the row points
to, which say what that was when it is gone.
"""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Model, QuerySet

from library.db.arrays import array_of
from library.models import (
    Category,
    CrisisTerm,
    Guide,
    HelpLine,
    Page,
    Publisher,
    Resource,
    Section,
    Series,
    SiteIdentity,
    SynonymGroup,
    Tag,
    Version,
)

# Which models have versions, and the column that says what a row is called. Not of readers' reports, which may
# name people and are then deleted for good; not of people and groups, whose rights nobody gets back by accident.
VERSIONED_MODELS: dict[type[Model], str] = {
    Resource: "title",
    Section: "title",
    HelpLine: "name",
    Page: "title",
    Publisher: "name",
    Series: "title",
    Category: "name",
    Tag: "name",
    SynonymGroup: "name",
    CrisisTerm: "term",
    Guide: "title",
    SiteIdentity: "name",
}
# What cannot be edited in a form and is in a snapshot nevertheless; all else of that kind follows from the rest.
_INCLUDED = {"ref", "withdrawn_at"}
# A place is the business of the order; a sign-in is no edit.
_LEFT_OUT = {("section", "position"), ("user", "password"), ("user", "last_login"), ("user", "date_joined")}
# What a snapshot of a resource says of its picture: the file and its size, or null; what it shows; whether it only
# decorates. The names are those of the form. All three are of one picture: another file has other words.
PICTURE = {
    "picture_file": "CASE WHEN p.id IS NOT NULL"
    " THEN jsonb_build_object('name', p.name, 'width', p.width, 'height', p.height) END",
    "picture_alt": "coalesce(p.alt, '')",
    "picture_decorative": "coalesce(p.decorative, false)",
}
# The relations by which resources and guides have these, for bringing a deleted one back to them.
_TIES = {
    Category: {
        "ties": ("library_resource_categories", "resource_id", "category_id"),
        "guides": ("library_guide_categories", "guide_id", "category_id"),
    },
    Tag: {"ties": ("library_taggedresource", "content_object_id", "tag_id")},
}


@dataclass(frozen=True)
class Snapshot:
    """The values of a row by the names of its fields, as JSON has them; relations as numbers, `names` say of what.

    `ties` are the resources that a category or a tag had when it was deleted, and `guides` the guides of a category.
    """

    fields: dict[str, Any]
    names: dict[str, dict[str, str]]
    ties: tuple[int, ...] = ()
    guides: tuple[int, ...] = ()

    @property
    def token(self) -> str:
        """The same for the same values, and for no others."""
        return hashlib.sha256(json.dumps(self.fields, sort_keys=True).encode()).hexdigest()[:32]


def is_versioned(model: type[Model]) -> bool:
    return model in VERSIONED_MODELS


def versioned_columns(model: type[Model]) -> list[Any]:
    """The columns of a snapshot. What follows from others, or the database alone writes, is left out."""
    noun = model._meta.model_name or ""
    columns: list[Any] = list(model._meta.concrete_fields)
    return [
        field
        for field in columns
        if not field.primary_key and (field.editable or field.name in _INCLUDED) and (noun, field.name) not in _LEFT_OUT
    ]


def many_of(model: type[Model]) -> dict[str, tuple[str, str, str, type[Model]]]:
    """Of each field with several others: the table between, its two columns, the model of the others."""
    relations = {}
    for field in model._meta.local_many_to_many:
        between: Any = field
        other: Any = field.related_model
        relations[field.name] = (between.m2m_db_table(), between.m2m_column_name(), between.m2m_reverse_name(), other)
    if model is Resource:
        relations["tags"] = ("library_taggedresource", "content_object_id", "tag_id", Tag)
    return relations


@cache
def snapshot_sql(model: type[Model], with_ties: bool = False) -> str:
    """A query for `pk`, `label` and `data` of the rows in its one parameter, an array of ids."""
    fields = [f't."{field.column}" AS "{field.name}"' for field in versioned_columns(model)]
    names = []
    for field in versioned_columns(model):
        if field.is_relation and is_versioned(field.related_model):
            named = f"SELECT jsonb_build_object(o.id, {_name(field.related_model, 'o')})"
            source = f"FROM {field.related_model._meta.db_table} o WHERE o.id = t.{field.column}"
            names.append(f"'{field.name}', ({named} {source})")
    for name, (table, own, other, related) in many_of(model).items():
        source = f"FROM {table} b WHERE b.{own} = t.id"
        fields.append(f"(SELECT coalesce(jsonb_agg(b.{other} ORDER BY b.{other}), '[]') {source}) AS \"{name}\"")
        if is_versioned(related):
            source = f"FROM {table} b JOIN {related._meta.db_table} o ON o.id = b.{other} WHERE b.{own} = t.id"
            names.append(f"'{name}', (SELECT jsonb_object_agg(o.id, {_name(related, 'o')}) {source})")
    table = f"{model._meta.db_table} t"
    if model is Resource:
        fields += [f'{value} AS "{name}"' for name, value in PICTURE.items()]
        table += " LEFT JOIN library_picture p ON p.resource_id = t.id"
    beside = f"'names', jsonb_strip_nulls(jsonb_build_object({', '.join(names)}))"
    for name, (between, other, own) in _TIES.get(model, {}).items() if with_ties else ():
        beside += f", '{name}', (SELECT coalesce(jsonb_agg(b.{other}), '[]') FROM {between} b WHERE b.{own} = t.id)"
    row = f"(SELECT to_jsonb(f) FROM (SELECT {', '.join(fields)}) AS f)"
    key, data = f"t.{model._meta.pk.column}", f"jsonb_build_object('fields', {row}, {beside})"
    return (
        f"SELECT {key} AS pk, {_name(model, 't')}::text AS label, {data} AS data "
        f"FROM {table} WHERE {key} = ANY(%s::bigint[])"
    )


def _name(model: type[Model], table: str) -> str:
    return f'{table}."{VERSIONED_MODELS[model]}"' if model in VERSIONED_MODELS else f"{table}.{model._meta.pk.column}"


def snapshot_now(model: type[Model], pk: int) -> Snapshot | None:
    """The row as it stands; None where there is none. One query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT data::text FROM ({snapshot_sql(model)}) AS s", [[pk]])
        row = cursor.fetchone()
    return _read(json.loads(row[0])) if row else None


def snapshots_now(model: type[Model], pks: Collection[int]) -> dict[int, Snapshot]:
    """Of each of these rows that is there, what it is. One query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pk, data::text FROM ({snapshot_sql(model)}) AS s", [array_of(pks)])
        return {pk: _read(json.loads(data)) for pk, data in cursor.fetchall()}


def tokens_now(model: type[Model], pks: Collection[int]) -> dict[int, str]:
    """Of each of these rows that is there, what says whether it is the same later. One query, whatever they hold."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT pk, left(md5((data -> 'fields')::text), 16) FROM ({snapshot_sql(model)}) AS s",
            [array_of(pks)],
        )
        return dict(cursor.fetchall())


def snapshot_of(version: Version) -> Snapshot:
    """The row as it was in this version."""
    return _read(version.data)


def versions_of(model: type[Model], pk: int) -> QuerySet[Version]:
    """The versions of a row, the newest first."""
    entity_type = ContentType.objects.get_for_model(model)
    return Version.objects.filter(entity_type=entity_type, object_id=pk).order_by("-pk")


def _read(data: dict[str, Any]) -> Snapshot:
    return Snapshot(data["fields"], data.get("names", {}), tuple(data.get("ties", ())), tuple(data.get("guides", ())))
