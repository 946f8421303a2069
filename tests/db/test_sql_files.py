"""The database's own code is what its files say: functions, triggers, the view, and how bits are stored."""

import re

import pytest
from django.db import connection, transaction

from library.db.sql_files import FOLDER, sql_file
from tests.support.schema import FUNCTIONS, TRIGGERS, VIEWS, rows, schema

NAMES = sorted(path.stem for path in FOLDER.iterdir())

pytestmark = pytest.mark.django_db


def test_a_migrated_database_has_what_the_files_say_and_nothing_else() -> None:
    migrated = schema()
    with connection.cursor() as cursor:
        cursor.execute("SET check_function_bodies = off")
        for name, _definition in rows(FUNCTIONS):
            cursor.execute(f"DROP FUNCTION {name} CASCADE")
        cursor.execute("DROP VIEW library_missedword")
        cursor.execute("ALTER TABLE library_facetblock ALTER COLUMN bits SET STORAGE EXTENDED")
        assert rows(TRIGGERS) == set()
        for name in sorted(NAMES, key=lambda name: name.endswith("_triggers")):
            cursor.execute(sql_file(name))

    made = schema()
    for query, before in migrated.items():
        assert made[query] == before


def test_a_file_can_be_run_again() -> None:
    before = schema()
    for _time in range(2):
        with transaction.atomic(), connection.cursor() as cursor:
            for name in sorted(NAMES, key=lambda name: name.endswith("_triggers")):
                cursor.execute(sql_file(name))

    assert schema() == before


@pytest.mark.parametrize("kind", ["FUNCTION", "VIEW"])
def test_each_function_and_view_has_a_file_of_its_name(kind: str) -> None:
    made = {name: re.findall(rf"^CREATE OR REPLACE {kind} (\w+)", sql_file(name), re.MULTILINE) for name in NAMES}

    assert {name for name, *_definition in rows(FUNCTIONS if kind == "FUNCTION" else VIEWS)} == {
        name for names in made.values() for name in names
    }
    assert all(names == [name] for name, names in made.items() if names)


def test_the_triggers_of_a_table_stand_in_one_file() -> None:
    for name in NAMES:
        tables = set(re.findall(r"^CREATE .*TRIGGER \w+ .* ON (\w+)$", sql_file(name), re.MULTILINE))
        assert tables == ({name.removesuffix("_triggers")} if name.endswith("_triggers") else set())
