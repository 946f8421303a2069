"""`manage.py run_imports`: does what curators have asked of the files that they uploaded."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from library.imports.running import run_imports


class Command(BaseCommand):
    help = (
        "Checks, imports and undoes what curators have asked for in the admin, then ends. The site starts it by "
        "itself; by hand or by a timer it takes up what was interrupted."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Steps done: {run_imports(timezone.now)}.")
