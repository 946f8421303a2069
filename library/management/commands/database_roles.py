"""`manage.py database_roles`: the SQL that makes the role of readers' pages behind a pooler."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection

READER_ROLE = "library_reader"


class Command(BaseCommand):
    help = (
        "Prints the SQL for the role that DATABASE_POOL_URL connects as, with the time limit and other settings for "
        "readers' pages. A pooler in transaction mode doesn't pass on the settings the site sends."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        connection.get_connection_params()  # the embedded server's user, where there is no DATABASE_URL
        owner, role = (connection.ops.quote_name(name) for name in (connection.settings_dict["USER"], READER_ROLE))
        self.stdout.write(f"CREATE ROLE {role} LOGIN IN ROLE {owner};")
        for name, value in settings.READER_SETTINGS.items():
            self.stdout.write(f"ALTER ROLE {role} SET {name} = '{value}';")
