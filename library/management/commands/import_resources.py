"""`manage.py import_resources`: resources from a CSV or JSON Lines file, all of them or none."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, OperationalError
from django.utils import timezone

from library.imports.importer import import_resources
from library.imports.readers import ENDINGS, read_rows
from library.imports.tables import UnreadableFile


class Command(BaseCommand):
    help = "Adds the resources in a file, and changes those already in the library by address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help=f"{', '.join(ENDINGS)}; docs/curators.md lists columns")
        parser.add_argument("--dry-run", action="store_true", help="do the same, report the result, and roll back")
        parser.add_argument("--create-missing", action="store_true", help="create missing sections and categories")
        parser.add_argument("--skip-bad", action="store_true", help="write the good rows even if others are bad")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        rules = {name: options[name] for name in ("dry_run", "create_missing", "skip_bad")}
        try:
            with file.open("rb") as stream:
                rows, show = read_rows(stream, file.name), lambda count: self._show(stream, count)
                result = import_resources(rows, now=timezone.now(), on_progress=show, **rules)
        except OSError as error:
            raise CommandError(f"{file} can't be read: {error.strerror}.") from error
        except (UnreadableFile, IntegrityError, OperationalError) as error:
            raise CommandError(f"Nothing was written. {error}") from error
        for warning in result.warnings:
            self.stdout.write(warning)
        for bad in result.bad:
            self.stderr.write(str(bad))
        self.stdout.write(str(result))
        if result.bad_rows and not options["skip_bad"]:
            raise CommandError("Nothing is written while there are bad rows. Correct them, or use --skip-bad.")

    def _show(self, stream: BinaryIO, rows: int) -> None:
        """How far it is, on one line of a terminal."""
        if self.stderr.isatty():
            share = stream.tell() / (os.fstat(stream.fileno()).st_size or 1)
            # What is written next begins at the same place.
            self.stderr.write(f"{share:4.0%}, {rows:,} rows", str, ending="\r")
