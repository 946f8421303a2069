"""`manage.py make_groups`: the groups Author, Editor, Publisher and Administrator, with the rights of today."""

from typing import Any

from django.core.management.base import BaseCommand

from library.accounts.permissions import make_groups


class Command(BaseCommand):
    help = (
        "Creates the groups Author, Editor, Publisher, and Administrator, and corrects their permissions. Leaves "
        "other groups alone."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        result = make_groups()
        if result.made:
            self.stdout.write(f"Made: {', '.join(result.made)}.")
        if result.changed:
            self.stdout.write(f"Permissions corrected: {', '.join(result.changed)}.")
        if not result.made and not result.changed:
            self.stdout.write("The groups are already correct.")
