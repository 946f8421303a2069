"""`manage.py rebuild_search`: search words and facet counts from scratch, and whether any of them had been wrong."""

from typing import Any

from django.core.management.base import BaseCommand

from library.search.index import rebuild


class Command(BaseCommand):
    """Says what was wrong; it is put right either way."""

    help = "Rebuilds the search words and the facet counts, and reports how many were wrong."

    def handle(self, *args: Any, **options: Any) -> None:
        result = rebuild()
        if result.wrong_words or result.wrong_blocks:
            self.stdout.write(
                f"Corrected: the search words of {result.wrong_words} resources, "
                f"and {result.wrong_blocks} rows of facet counts."
            )
        else:
            self.stdout.write("Nothing was wrong.")
