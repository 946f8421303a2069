"""`manage.py purge_history`: deletes what was recorded of changes long ago, which cannot be brought back then."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from library.history.record import purge_history


class Command(BaseCommand):
    help = "Deletes activity log entries older than this many days, with the versions of their rows."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, required=True, help="how many days to keep; at least 365")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["days"] < 365:
            raise CommandError("--days must be 365 or more.")
        number = purge_history(timezone.now() - timedelta(days=options["days"]))
        self.stdout.write(f"Deleted: {number}.")
