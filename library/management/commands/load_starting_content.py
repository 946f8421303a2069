"""`manage.py load_starting_content`: the rows of `fixtures/` that have never been loaded."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from library.maintenance.seed_content import load_starting_content


class Command(BaseCommand):
    """Adds what is new in the starting content; changes and deletes nothing."""

    help = "Adds what's new in the starting content. Curators' changes and deletions stay."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        result = load_starting_content(settings.BASE_DIR / "fixtures", settings.STARTING_CONTENT)
        if result.added:
            self.stdout.write(f"Starting content: {result.added} rows added.")
