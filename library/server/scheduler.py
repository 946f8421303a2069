"""What a server process does every hour, whether or not anybody asks for a page.

What was counted of the readers' forms ends with its hour, and what they wrote 90 days after somebody has dealt with it:
the privacy page promises both. Entries whose time is over are withdrawn: readers see them so from the moment itself,
and this only has the rows and their history say it too. Counts of what was opened and searched in vain are deleted
after the days that the privacy page names. Files of pictures go when
neither an entry nor a version of the history names them any more; files of imports that nobody has decided on go after
a week. Expired sessions of curators and counts of
attempts to sign in are deleted. And the program that looks at links is started again where it has ended.
"""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import NoReturn

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.utils import timezone

from library.accounts.cleanup import delete_expired
from library.db.locks import Lock, is_wanted
from library.db.pooling import direct_connection
from library.db.timeouts import wait_without_limit
from library.feedback.rate_limit import seconds_left
from library.history.record import record, record_before
from library.identity.current import identity_of_now
from library.models import AuditEntry, FileImport, Picture, RateLimitCounter, ReaderReport, Resource
from library.models.resource.queryset import EXPIRED
from library.usage.counts import purge_counts

from .programs import start_program

RETRY_SECONDS = 60.0  # seconds until a database that was away is asked again


def start() -> None:
    """Begin, in a thread that ends with its process."""
    threading.Thread(target=_run, name="scheduler", daemon=True).start()


def _run() -> NoReturn:
    wait_without_limit()
    with direct_connection():
        run_every_hour()


def run_every_hour(wait: Callable[[float], object] = time.sleep) -> NoReturn:
    """When an hour ends, bring to its end what ended in it. `wait` takes seconds."""
    while True:
        wait(seconds_left(timezone.now()))
        while not _tidy():
            wait(RETRY_SECONDS)


def _withdraw_expired(now: datetime) -> None:
    """Nobody's act in the history, with a version of each. Of several processes, the second finds nothing to do."""
    with transaction.atomic():
        over = Resource.objects.expired(now).order_by("pk").select_for_update(of=("self",), no_key=True)
        pks = list(over.values_list("pk", flat=True))
        if pks:
            record_before(Resource, pks, now=now)
            Resource.objects.among(pks).withdraw_expired(now)
            record(Resource, pks, AuditEntry.Kind.CHANGED, by=None, now=now, comment=str(EXPIRED))


def keep_checking_links() -> None:
    """Start the program that looks at links, where it is to run and doesn’t."""
    if settings.LINK_CHECKS and not is_wanted(Lock.LINK_CHECKS):
        start_program(settings.CHECK_LINKS)


def _tidy() -> bool:
    """Whether the database answered. Leaves no connection open: the next hour is far away."""
    now = timezone.now()
    try:
        RateLimitCounter.objects.purge(now)
        ReaderReport.objects.purge(now)
        _withdraw_expired(now)
        with identity_of_now():
            purge_counts(timezone.localdate(now))
        Picture.objects.delete_files()
        FileImport.objects.purge(now)
        delete_expired(now)
        keep_checking_links()
    except (DatabaseError, InterfaceError):
        return False
    finally:
        connection.close()
    return True
