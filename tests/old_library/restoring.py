"""The dump in a database of its own, and the connection of this process led there."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection

from tests.old_library import statements


@contextmanager
def upgraded_library(name: str, also: str = "") -> Iterator[None]:
    """The connection leads to the old library inside, as `migrate` has brought it up to date.

    `also` is SQL that is run before.
    """
    with new_database(name, like="template0"):
        with connection.cursor() as cursor:
            cursor.execute(f"{statements()}\n{also}")
        connection.close()  # the dump has set up this one for itself
        call_command("migrate", verbosity=0)
        yield


@contextmanager
def new_database(name: str, like: str) -> Iterator[None]:
    """The connection leads to a database of its own inside, which is gone afterwards. Not within a transaction."""
    before = str(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
    lead_to(name)
    try:
        yield
    finally:
        lead_to(before)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def lead_to(name: str) -> None:
    """Lead the connection of this process to another database of its server."""
    connection.close()
    connection.settings_dict["NAME"] = name
    ContentType.objects.clear_cache()
