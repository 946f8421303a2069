"""`manage.py backup`: everything that can't be made again, in one file that is proven to be restorable."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from library.maintenance.backup import as_folder, back_up, describe_backup
from library.maintenance.errors import MaintenanceError
from library.server.bootstrap import collect_static_files


class Command(BaseCommand):
    help = (
        "Writes a backup, restores it into a throwaway database to prove it, and deletes old ones. The site can keep "
        "running."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", help="where to write it (default: DATA_DIR/backups)")
        parser.add_argument(
            "--keep-days",
            type=int,
            default=settings.BACKUP_KEEP_DAYS,
            help="delete this library's backups older than this (default: BACKUP_KEEP_DAYS, or 30)",
        )
        parser.add_argument(
            "--no-drill", dest="drill", action="store_false", help="don't test the restore, and don't delete anything"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keep_days"] < 1:
            raise CommandError("--keep-days must be 1 or more.")
        try:
            if options["drill"]:
                collect_static_files()  # pages name them
            result = back_up(as_folder(options["folder"]), keep_days=options["keep_days"], drill=options["drill"])
        except MaintenanceError as error:
            raise CommandError(str(error)) from error
        for line in describe_backup(result):
            self.stdout.write(line)
