"""What readers send is taken in once, within bounds, and without a trace of who sent it.

A form carries a signed token instead of a session. What is counted of the sender is a keyed hash of the network
address, with a key of the hour and cut so short that thousands of addresses have the same one; it ends with the hour.
"""

import secrets
from datetime import datetime, timedelta
from enum import Enum, auto
from ipaddress import IPv6Address, ip_address

from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction

from library.accounts.encryption import keyed_hash
from library.middleware.trusted_proxies import is_trusted_proxy
from library.models import RateLimitCounter, ReaderReport

TOKEN_AGE = timedelta(hours=2)
# So many in an hour from one address of the network, and from all.
LIMIT_OF_ONE = 5
LIMIT_OF_ALL = 200

_signer = TimestampSigner(salt="library.reader-forms")
_KEY_LENGTH = 4  # hexadecimal digits: one of 65,536
_LONGEST_TOKEN = 200


class ReportOutcome(Enum):
    """What became of something that was sent."""

    TAKEN = auto()
    TOO_OLD = auto()  # or never a token of ours
    SENT_BEFORE = auto()
    TOO_MANY = auto()


class _Refused(Exception):
    """Undoes what was counted."""


def new_token() -> str:
    return _signer.sign(secrets.token_urlsafe(12))


def accept_report(report: ReaderReport, token: str, sender: str, now: datetime) -> ReportOutcome:
    """Save the report, unless its token is of no use or the hour is full. `sender` is a network address, or "".

    What is over is deleted first, in any case.
    """
    RateLimitCounter.objects.purge(now)
    try:
        number = _signer.unsign(token[:_LONGEST_TOKEN], max_age=TOKEN_AGE)
    except BadSignature:
        return ReportOutcome.TOO_OLD
    hour = now.replace(minute=0, second=0, microsecond=0)
    end = hour + timedelta(hours=1)
    try:
        with transaction.atomic():
            # All in the same order: two that come at once wait for each other, and never in a circle.
            if not RateLimitCounter.objects.hit(f"token {number}", 1, now + TOKEN_AGE):
                return ReportOutcome.SENT_BEFORE
            if sender and not RateLimitCounter.objects.hit(f"one {sender_key(sender, hour)}", LIMIT_OF_ONE, end):
                raise _Refused
            if not RateLimitCounter.objects.hit("all", LIMIT_OF_ALL, end):
                raise _Refused
            report.save()
    except _Refused:
        return ReportOutcome.TOO_MANY
    return ReportOutcome.TAKEN


def seconds_left(now: datetime) -> int:
    """Until the hour ends, and with it what was counted."""
    return 3600 - now.minute * 60 - now.second


def sender_key(address: str, hour: datetime) -> str:
    """A few letters that stand for a network address in this hour alone."""
    return keyed_hash(f"library.form-marks {hour.isoformat()}", address)[:_KEY_LENGTH]


def client_network(remote: str, forwarded: str) -> str:
    """The address that something came from, `remote` being who is connected; "" when it cannot be told.

    From our own proxy (`is_trusted_proxy`) that is the last address in `X-Forwarded-For`, the one that the proxy wrote;
    all before it anybody may write. Of an IPv6 address the first 64 bits tell: the rest is the sender's to choose.
    """
    text = forwarded.rpartition(",")[2].strip() if is_trusted_proxy(remote) else remote
    try:
        address = ip_address(text)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or address.packed[:8].hex())
    return str(address)
