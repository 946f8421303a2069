"""The five kinds."""

from library.admin.dashboard.coverage import COLUMN_HEADINGS
from library.admin.resources.fieldsets import HEADINGS
from library.admin.resources.form import SENTENCES
from library.models import Resource
from library.models.resource.kinds import FIELDS_OF_KIND, PLURALS, Kind
from library.pages.json_ld import SCHEMA_TYPES


def test_there_are_five_kinds_and_each_is_known_everywhere() -> None:
    assert Kind.values == ["course", "podcast", "review", "forum", "site"]
    assert set(PLURALS) == set(FIELDS_OF_KIND) == set(SCHEMA_TYPES) == set(Kind)
    assert set(SENTENCES) == set(COLUMN_HEADINGS) == set(Kind)
    assert set(HEADINGS) == {kind for kind in Kind if FIELDS_OF_KIND[kind]}


def test_a_field_belongs_to_one_kind_and_exists() -> None:
    fields = [field for of_kind in FIELDS_OF_KIND.values() for field in of_kind]

    assert len(fields) == len(set(fields))
    for field in fields:
        Resource._meta.get_field(field)
