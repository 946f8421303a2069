"""Migrations: complete, named, and reversible."""

import os
import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.factories import make_section
from tests.old_library.restoring import upgraded_library
from tests.refusing import refused
from tests.support.schema import EVERYTHING, Rows, schema


@pytest.mark.django_db
def test_the_models_have_no_change_that_no_migration_has() -> None:
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


def test_each_has_a_name_that_says_what_it_does() -> None:
    loader = MigrationLoader(None)
    names = sorted(name for app, name in loader.disk_migrations if app == "library")

    assert names[:3] == ["0001_schema", "0002_database_code", "0003_history"]
    for name in names:
        assert re.fullmatch(r"\d{4}_[a-z_]+", name)
        assert "_auto_" not in name
        assert not name.endswith("_and_more")


@pytest.mark.django_db(transaction=True)
def test_all_can_be_undone_and_done_again() -> None:
    call_command("migrate", "library", "0001", verbosity=0)
    assert triggers() == set()
    call_command("migrate", "library", "zero", verbosity=0)
    assert not [table for table in connection.introspection.table_names() if table.startswith("library_")]
    call_command("migrate", verbosity=0)

    assert triggers() >= {
        "section_anchor_kept",
        "section_alias_not_in_use",
        "section_anchor_not_lost",
        "section_alias_not_lost",
        "resource_slug_kept",
        "resource_ref_permanent",
        "resource_not_lost",
    }
    make_section("podcasts")
    with refused("would be lost"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM library_section")


def triggers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_an_upgraded_library_has_the_tables_and_the_code_of_a_new_one() -> None:
    new = schema()
    with upgraded_library(f"old_library_{os.getpid()}"):
        old = schema()

    for query in EVERYTHING:
        before, now = without_casts(old[query]), without_casts(new[query])
        assert before - now == set()
        assert now - before == set()


def without_casts(rows: Rows) -> Rows:
    """A rule that was dumped and restored has its casts, and so its brackets, in other places."""
    casts = re.compile(r"::(text|character varying)(\[\])?|[()]")
    return {tuple(casts.sub("", value) if isinstance(value, str) else value for value in row) for row in rows}
