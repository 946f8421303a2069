"""`manage.py serve`: the site as in production, from whatever state the database is in."""

import os
import signal
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.autoreload import DJANGO_AUTORELOAD_ENV

from library.server.bootstrap import prepare
from library.server.web_server import PortTaken, reserve, serve


class Command(BaseCommand):
    help = (
        "Prepares the database and the static files, creates the first curator, and serves the site on HOST and "
        "PORT. WEB_CONCURRENCY sets the number of processes."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--reload", action="store_true", help="use Django's development server instead, with autoreload"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # Until the server has its own way to end: any request to end leaves as Ctrl-C does, so that the database stops.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            if options["reload"]:
                self._serve_reloading()
            else:
                with reserve(settings.HOST, settings.PORT) as listener:
                    prepare()
                    serve(listener, settings.WEB_CONCURRENCY)
        except PortTaken as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise SystemExit(130) from None

    def _serve_reloading(self) -> None:
        # The process that watches keeps the database: the one that serves may be killed at any time.
        if os.environ.get(DJANGO_AUTORELOAD_ENV) != "true":
            prepare()
        host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
        call_command("runserver", f"{host}:{settings.PORT}")
