"""The rules as the database has them: each under the name that its model gives it, and no column indexed twice."""

from collections import Counter

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models

from library.models import Category, HelpLine, Page, Publisher, Section, Series
from tests.factories import make_category, make_help_line, make_page, make_publisher, make_section, make_series

pytestmark = pytest.mark.django_db

# Columns that we inherit, with their unnamed constraints: from taggit's `TagBase` and Django's `AbstractUser`.
INHERITED = {("library_tag", "name"), ("library_tag", "slug"), ("library_user", "username")}

INDEXES = """
    SELECT tables.relname, indexes.relname, methods.amname, pg_get_expr(indpred, indrelid), indisunique,
           ARRAY(SELECT pg_get_indexdef(indexrelid, place, true) FROM generate_series(1, indnatts) AS place)
    FROM pg_index
        JOIN pg_class AS tables ON tables.oid = indrelid
        JOIN pg_class AS indexes ON indexes.oid = indexrelid
        JOIN pg_am AS methods ON methods.oid = indexes.relam
    WHERE tables.relname = ANY(%s) AND NOT indisprimary
"""


def own_models() -> list[type[models.Model]]:
    """All but the tables that Django makes itself for a relation of many to many."""
    return list(apps.get_app_config("library").get_models())


def own_indexes() -> list[tuple[str, str, str, str | None, bool, tuple[str, ...]]]:
    """Table, name, method, predicate, whether it is unique, and columns: of every index that we have decided on."""
    with connection.cursor() as cursor:
        cursor.execute(INDEXES, [[model._meta.db_table for model in own_models()]])
        rows = [(*row, tuple(columns)) for *row, columns in cursor.fetchall()]
    return [row for row in rows if not (len(row[-1]) == 1 and (row[0], row[-1][0]) in INHERITED)]


def test_every_unique_rule_has_the_name_that_its_model_gives_it() -> None:
    given = {
        (model._meta.db_table, constraint.name)
        for model in own_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
    }

    one_to_one = {  # Django makes the rule of these itself
        (model._meta.db_table, f"{model._meta.db_table}_{field.column}_key")
        for model in own_models()
        for field in model._meta.concrete_fields
        if field.one_to_one and not field.primary_key
    }

    assert {(table, name) for table, name, _, _, is_unique, _ in own_indexes() if is_unique} == given | one_to_one


def test_every_check_has_the_name_that_its_model_gives_it() -> None:
    given = {constraint.name for model in own_models() for constraint in model._meta.constraints}
    of_types = {  # that hold no negative number: Django makes their checks itself
        f"{model._meta.db_table}_{field.column}_check"
        for model in own_models()
        for field in model._meta.concrete_fields
        if field.db_check(connection)
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = ANY(%s::regclass[])",
            [[model._meta.db_table for model in own_models()]],
        )
        names = {name for (name,) in cursor.fetchall()}

    assert names <= given | of_types


def test_no_table_has_two_indexes_of_the_same_columns() -> None:
    counted = Counter((table, method, predicate, columns) for table, _, method, predicate, _, columns in own_indexes())

    assert [index for index, count in counted.items() if count > 1] == []


def make_one_of_each() -> None:
    make_section("podcasts")
    make_category("sleep", "Sleep")
    make_series(make_publisher("cops-office", "COPS Office"))
    make_help_line("COPLINE", call_number="1-800-267-5463")
    make_page("about")


@pytest.mark.parametrize(
    ("second", "field", "words"),
    [
        (Section(anchor="podcasts"), "anchor", "Another section has this anchor."),
        (Category(slug="sleep"), "slug", "Another category has this URL name."),
        (Publisher(slug="cops-office"), "slug", "Another publisher has this URL name."),
        (Series(slug="the-beat"), "slug", "Another series has this short name."),
        (HelpLine(name="COPLINE"), "name", "There’s already a help line with this name."),
        (Page(name="about"), "name", "This page already has text."),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, models.Model) else "",
)
def test_what_is_taken_is_told_beside_its_field(second: models.Model, field: str, words: str) -> None:
    make_one_of_each()

    with pytest.raises(ValidationError) as refusal:
        second.validate_constraints(exclude={"position", "title"} - {field})
    assert refusal.value.message_dict[field] == [words]
