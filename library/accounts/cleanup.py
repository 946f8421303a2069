"""Deleting what is over: sessions of curators, trust in devices, and counts of attempts to sign in."""

import time
from datetime import datetime

from django.contrib.sessions.models import Session

from library.models import Attempt, TrustedDevice

# Rows deleted in one statement, and seconds spent on all of them in one hour.
_BATCH = 5_000
_TIME_LIMIT = 30.0


def delete_expired(now: datetime) -> None:
    """In small batches, for at most half a minute: what is left waits for the next hour."""
    deadline = time.monotonic() + _TIME_LIMIT
    for expired in (
        Attempt.objects.filter(expires__lt=now),
        Session.objects.filter(expire_date__lt=now),
        TrustedDevice.objects.filter(expires__lt=now),
    ):
        while time.monotonic() < deadline:
            if expired.model._default_manager.filter(pk__in=expired.values("pk")[:_BATCH]).delete()[0] < _BATCH:
                break
