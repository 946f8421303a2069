"""`manage.py check_links`: looks at the links of the library, each about once in three to six days."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from library.db.locks import Lock, try_session_lock
from library.links.robots import TOKEN
from library.maintenance.link_checks import Checker
from library.server.programs import WITH_SITE, stop_with_site


class Command(BaseCommand):
    help = (
        "Looks at the links of the library, one request per host at a time, until it's stopped. The site starts it by "
        "itself unless LINK_CHECKS is false. A second one exits at once."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="exit when nothing is due")
        parser.add_argument(WITH_SITE, action="store_true", help="exit when standard input closes (used by the site)")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if options["with_site"]:
            stop_with_site()
        with try_session_lock(Lock.LINK_CHECKS) as is_mine:
            if not is_mine:
                self.stdout.write("Links are being checked already.")
                return
            report = Checker(agent()).run(once=once)
        self.stdout.write(f"Looks: {report.looks}. Links with another state: {report.changed}. Voided: {report.voids}.")


def agent() -> str:
    """How the checks introduce themselves: by a name that a robots.txt can use, and where to read more."""
    page = f"; +{settings.SITE_ADDRESS}/about/checks/" if settings.SITE_ADDRESS else ""
    return f"Mozilla/5.0 (compatible; {TOKEN}/1{page})"
