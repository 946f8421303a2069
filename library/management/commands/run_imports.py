"""`manage.py run_imports`: does what curators have asked of the files that they uploaded."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from library.identity.current import identity_of_now
from library.imports.supervisor import STEP, run_step, take_step_in_child
from library.imports.worker import run_imports
from library.server.programs import WITH_SITE, stop_with_site


class Command(BaseCommand):
    help = (
        "Checks, imports, and undoes what curators asked for in the admin, then exits. The site starts it by itself. "
        "Run by hand or a timer, it resumes what was interrupted."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(WITH_SITE, action="store_true", help="exit when standard input closes (used by the site)")
        parser.add_argument(STEP, type=int, metavar="ID", help="take the next step of this import in this process")

    def handle(self, *args: Any, step: int | None, **options: Any) -> None:
        if options["with_site"]:
            stop_with_site()
        with identity_of_now():
            steps = run_imports(timezone.now, run_step) if step is None else take_step_in_child(step, timezone.now)
        self.stdout.write(f"Steps done: {steps:d}.")
