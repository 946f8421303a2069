"""`manage.py restore`: a backup put in the place of the database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from library.maintenance.errors import MaintenanceError
from library.maintenance.restore import describe_restore, restore_backup


class Command(BaseCommand):
    help = "Replaces the database with a backup. Stop the site first. The old database is kept under another name."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a library-….tar from manage.py backup")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = restore_backup(Path(options["file"]).expanduser().absolute())
        except MaintenanceError as error:
            raise CommandError(str(error)) from error
        for line in describe_restore(result):
            self.stdout.write(line)
