"""The Internet Archive's index of captures (CDX) and its captures: what is asked, and how answers are read. No models.

The numbers are those of November 2026. The index allows 30 requests a minute and asks for 80 % of that; who goes on for
a minute after a 429 is shut out for an hour, then for twice as long (edgi-govdata-archiving/wayback 0.5.1, and its
issues 137 and 153). Captures allow more, and are asked for at the same pace.
"""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import quote, urlencode

from .addresses import checked_url
from .client import Answer
from .faults import CannotFetch, WireFault
from .sittings import retry_after

ARCHIVE_HOST = "web.archive.org"
REQUESTS_A_MINUTE = 24
ANSWER_SECONDS = 60.0  # the index is slow on many days
CAPTURES_READ = 5
_SITE = f"https://{ARCHIVE_HOST}"
# After an answer that was none, and at least after a refusal.
_REST = timedelta(hours=1)
_PLAYED = re.compile(rf"{re.escape(_SITE)}/web/(\d{{14}})id_/")
# What the index says, with any status, of a site whose owner wants it left out.
_LEFT_OUT = b"AdministrativeAccessControlException"
_FIELDS = ("timestamp", "original", "statuscode")


class ArchiveUnavailable(Exception):
    """No answer that says anything of an address. `rest`: for how long nothing is to be asked."""

    def __init__(self, rest: timedelta = _REST) -> None:
        super().__init__(f"The Internet Archive gave no answer; {rest} of rest.")
        self.rest = rest


@dataclass(frozen=True)
class Capture:
    """A page as the archive took it: `timestamp` is 14 digits of UTC, `original` the address that was asked then."""

    timestamp: str
    original: str
    status: str
    taken_on: date

    @property
    def address(self) -> str:
        """Where readers see it, with the archive's banner that says what it is."""
        return f"{_SITE}/web/{self.timestamp}/{self.original}"

    @property
    def bytes_address(self) -> str:
        """Where it comes as it was taken, without a banner."""
        return f"{_SITE}/web/{self.timestamp}id_/{self.original}"


def index_address(address: str, until: date | None) -> str:
    """The last captures of this address that opened: of all time, or up to the end of a day."""
    asked = {"url": address, "output": "json", "fl": ",".join(_FIELDS), "filter": "statuscode:200"}
    asked |= {"to": f"{until:%Y%m%d}"} if until else {}
    asked |= {"limit": str(-CAPTURES_READ), "fastLatest": "true"}
    return f"{_SITE}/cdx/search/cdx?{urlencode(asked, quote_via=quote)}"


def captures_of(answer: Answer) -> list[Capture]:
    """Those that the index names; none of a site that is left out. Raises `ArchiveUnavailable`."""
    if _LEFT_OUT in answer.body or answer.fault is WireFault.NOT_WEB:  # one too long to be asked for
        return []
    require_answer(answer)
    try:
        table = json.loads(answer.body)
        if answer.status != 200 or not isinstance(table, list):
            raise ArchiveUnavailable
        names, *rows = table or [_FIELDS]
        found = [captured(*(dict(zip(names, row, strict=True))[name] for name in _FIELDS)) for row in rows]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ArchiveUnavailable from error
    return [capture for capture in found if capture is not None]


def captured(timestamp: str, original: str, status: str) -> Capture | None:
    """None where the row names no day, or an address that nobody could open."""
    try:
        capture = Capture(timestamp, original, status, datetime.strptime(timestamp, "%Y%m%d%H%M%S").date())
        checked_url(capture.bytes_address)
    except (ValueError, CannotFetch):
        return None
    return capture


def require_answer(answer: Answer) -> None:
    """Raises `ArchiveUnavailable` for what says nothing of an address: a refusal, a fault, nothing."""
    if answer.status in {429, 503}:
        raise ArchiveUnavailable(max(retry_after(answer.headers.get("retry-after", "")) or _REST, _REST))
    if answer.status is None or answer.status >= 500 or answer.fault:
        raise ArchiveUnavailable


def is_played(capture: Capture, answer: Answer) -> bool:
    """Whether this is the capture that was asked for: the archive redirects to another date where it has none."""
    played = _PLAYED.match(answer.url)
    return answer.status == 200 and played is not None and played[1] == capture.timestamp
