"""How failed attempts to sign in are slowed down, in the database for all processes and under keyed hashes alone.

Nothing is locked for good: a few failures are free, then each one doubles the wait for the next, up to a bound. While a
guesser keeps asking, they take most of the turns, so a new device may wait as long as that lasts. Names and
addresses are hashed and cut so short that made-up ones share a fixed number of keys: they can neither fill the table
nor push a real count out of it. An attempt is counted before its password is checked, so many at once count as many,
and the count is taken back when it succeeds.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Greatest
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import ngettext

from library.feedback.rate_limit import client_network
from library.models import Attempt, User

from .devices import device_of
from .encryption import keyed_hash

# How long failures are remembered, from the first one on.
MEMORY = timedelta(hours=1)
_KEY_LENGTH = 5  # hexadecimal digits: about a million keys of each kind


@dataclass(frozen=True)
class Limit:
    """So many failures are free; the next attempt then waits `first` seconds, and twice as long after each failure."""

    kind: str
    free: int
    first: int
    longest: int

    def wait(self, failures: int) -> timedelta | None:
        """After so many failures; None while they're free."""
        over = failures - self.free
        return None if over < 0 else timedelta(seconds=min(self.longest, self.first * 2 ** min(over, 20)))


# A name from one address: what a guesser meets first.
PAIR = Limit("pair", free=5, first=10, longest=900)
# A name from anywhere: guessers with many addresses. The wait stays short, for the owner has to get in, too.
NAME = Limit("name", free=100, first=5, longest=60)
# All names from one address, behind which a whole agency may be.
ADDRESS = Limit("address", free=200, first=5, longest=60)
# A device on which this person has signed in before, in place of the three above.
DEVICE = Limit("device", free=10, first=10, longest=900)
# The code after the password, wherever it's typed: six digits are few.
CODE = Limit("code", free=5, first=10, longest=900)
# Links to choose a new password, for one email address, and asked for from one address of the network.
RESET = Limit("reset", free=3, first=600, longest=3600)
RESET_ADDRESS = Limit("reset address", free=20, first=60, longest=900)
# “Confirm it’s you”, asked of someone who is signed in.
CONFIRM = Limit("confirm", free=5, first=10, longest=900)


@dataclass(frozen=True)
class Counter:
    """What an attempt counts toward."""

    limit: Limit
    of: str

    @property
    def key(self) -> str:
        return f"{self.limit.kind} {_hashed(f'{self.limit.kind} {self.of}')[:_KEY_LENGTH]}"


class TooManyAttempts(Exception):
    """The next attempt has to wait; `is_known_device` says whether only this device has to."""

    def __init__(self, wait: timedelta, is_known_device: bool) -> None:
        super().__init__(wait, is_known_device)
        self.seconds = math.ceil(wait.total_seconds())
        self.is_known_device = is_known_device

    @property
    def wait_text(self) -> str:
        if self.seconds < 120:
            return ngettext("%(number)d second", "%(number)d seconds", self.seconds) % {"number": self.seconds}
        minutes = math.ceil(self.seconds / 60)
        return ngettext("%(number)d minute", "%(number)d minutes", minutes) % {"number": minutes}


def counters_of_password(request: HttpRequest, name: str) -> list[Counter]:
    """For a name typed into the form. In this order, so that two attempts never wait for each other in a circle."""
    if device := device_of(request, User.objects.filter(username=name).first):
        return [Counter(DEVICE, device)]
    address, name = _network_of(request), name.lower()
    return [Counter(ADDRESS, address), Counter(NAME, name), Counter(PAIR, f"{address} {name}")]


def counters_of_code(request: HttpRequest, user: User) -> list[Counter]:
    """For the second step of someone whose password was right."""
    if device := device_of(request, lambda: user):
        return [Counter(DEVICE, device)]
    return [Counter(CODE, str(user.pk))]


def counters_of_reset(request: HttpRequest, email: str) -> list[Counter]:
    """For a link to choose a new password, whether or not somebody has this email address."""
    return [Counter(RESET_ADDRESS, _network_of(request)), Counter(RESET, email.lower())]


def counters_of_confirming(user: User) -> list[Counter]:
    return [Counter(CONFIRM, str(user.pk))]


class CountedAttempt:
    """An attempt, counted as failed until it's known to have succeeded. Raises TooManyAttempts when it has to wait."""

    def __init__(self, counters: Sequence[Counter]) -> None:
        now = timezone.now()
        with transaction.atomic():
            self._rows = [_locked(counter, now) for counter in counters]
            wait = max((row.wait_until - now for row in self._rows if row.wait_until), default=timedelta(0))
            if wait > timedelta(0):
                raise TooManyAttempts(wait, any(counter.limit is DEVICE for counter in counters))
            for row, counter in zip(self._rows, counters, strict=True):
                row.failures += 1
                if wait_now := counter.limit.wait(row.failures):
                    row.wait_until = now + wait_now
                    row.expires = max(row.expires, row.wait_until)
                row.save()

    def succeeded(self) -> None:
        """Take the count back. A wait that another failure has caused in the meantime stays."""
        for row in self._rows:
            ours = When(wait_until=row.wait_until, then=Value(None))
            Attempt.objects.filter(key=row.key).update(
                failures=Greatest(F("failures") - 1, 0), wait_until=Case(ours, default=F("wait_until"))
            )
        Attempt.objects.filter(key__in=[row.key for row in self._rows], failures=0).delete()


def use_once(name: str, lifetime: timedelta) -> bool:
    """Whether nothing of this name was used before. To be asked only about what is true: this key is of full length."""
    key = f"once {_hashed(name)}"
    return Attempt.objects.get_or_create(key=key, defaults={"expires": timezone.now() + lifetime})[1]


def _locked(counter: Counter, now: datetime) -> Attempt:
    """The row of this counter, made if it's missing and started over if its time has passed."""
    end = now + MEMORY
    row, _is_new = Attempt.objects.select_for_update().get_or_create(key=counter.key, defaults={"expires": end})
    if row.expires <= now:
        row.failures, row.wait_until, row.expires = 0, None, end
    return row


def _network_of(request: HttpRequest) -> str:
    return client_network(request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", ""))


def _hashed(text: str) -> str:
    return keyed_hash("library.sign-in-attempts", text)
