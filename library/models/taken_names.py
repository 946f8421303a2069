"""Which names in addresses are taken: a row has one today, or had it once and its old links must go on working."""

from collections.abc import Collection
from typing import Any

from django.db import models

from library.db.arrays import one_of

from .guide import Guide
from .publisher import Publisher, Series
from .redirects import FormerSlug, SectionAlias
from .resource import Resource
from .section import Section
from .taxonomy import Category, Tag

# What a row is called in addresses.
ADDRESS_NAMES: dict[type[models.Model], str] = {
    Resource: "slug",
    Section: "anchor",
    Category: "slug",
    Tag: "slug",
    Publisher: "slug",
    Series: "slug",
    Guide: "slug",
}
# Where the older ones are that nobody else may have.
_OLDER: dict[type[models.Model], type[models.Model]] = {Resource: FormerSlug, Section: SectionAlias}


def taken_names(model: type[models.Model], names: Collection[str]) -> set[str]:
    """Those of `names` that no new row of this model may have. One query, or two where older ones are kept."""
    column, taken = ADDRESS_NAMES[model], set()
    for table in filter(None, (model, _OLDER.get(model))):
        rows: Any = table._default_manager.filter(**{f"{column}__in": one_of(names)})
        taken.update(rows.values_list(column, flat=True))
    return taken
