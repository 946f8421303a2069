"""`manage.py send_digest`: the weekly mail to curators, those about problems, and the housekeeping of counts."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from library.identity.current import identity_of_now
from library.maintenance.alerts import alert_owners
from library.maintenance.digest import CannotSend, send_digests
from library.usage.counts import purge_counts


class Command(BaseCommand):
    """May run every day: nobody gets the mail twice in a week."""

    help = "Deletes old counts, and emails what needs attention to the curators who asked for it, once a week."

    def handle(self, *args: Any, **options: Any) -> None:
        with identity_of_now():
            self._send(timezone.now())

    def _send(self, now: datetime) -> None:
        deleted = purge_counts(timezone.localdate(now))
        if deleted:
            self.stdout.write(f"Old counts deleted: {deleted}.")
        self.stdout.write(f"Email about reported problems: sent to {alert_owners()}.")
        try:
            result = send_digests(now)
        except CannotSend as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Weekly email: sent to {result.sent}; {result.already_sent} already had it this week; nothing needs "
            f"attention for {result.nothing_waits}."
        )
        if result.failed:
            names = ", ".join(result.failed)
            raise CommandError(f"The mail server refused it for {names}. Run this again to try again.")
