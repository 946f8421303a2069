"""`manage.py make_groups`: the groups Author, Editor, Publisher and Administrator, with the rights of today."""

from typing import Any

from django.core.management.base import BaseCommand

from library.accounts.permissions import make_groups


class Command(BaseCommand):
    help = (
        "Makes the groups Author, Editor, Publisher and Administrator, and puts their rights right where they differ. "
        "Other groups are left alone."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        result = make_groups()
        if result.made:
            self.stdout.write(f"Made: {', '.join(result.made)}.")
        if result.changed:
            self.stdout.write(f"Rights changed: {', '.join(result.changed)}.")
        if not result.made and not result.changed:
            self.stdout.write("The groups are as they should be.")
