"""What the owner of a host asks of machines (RFC 9309), also where the file doesn’t come. No models."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from protego import Protego

from .client import Answer

TOKEN = "OfficerLibrary"  # noqa: S105 - the name that a robots.txt calls us by
_READ = 500 * 1024  # bytes
_KEPT = timedelta(hours=24)
# A host that gives no file for so long is asked as if it had none (RFC 9309, 2.3.1.4).
OBEYED = timedelta(days=30)
LONGEST_DELAY = 60.0  # seconds


@dataclass(frozen=True)
class Robots:
    """The file of one host as it was read last: its text, when, and since when it doesn’t come."""

    text: str = ""
    read_at: datetime | None = None
    failing_since: datetime | None = None

    def is_fresh(self, now: datetime) -> bool:
        return self.read_at is not None and now - self.read_at < _KEPT

    def allows(self, address: str) -> bool:
        return bool(_parsed(self.text).can_fetch(address, TOKEN))

    def delay(self) -> float:
        """The seconds between two requests for which it asks; 0 where it doesn’t."""
        return min(float(_parsed(self.text).crawl_delay(TOKEN) or 0), LONGEST_DELAY)

    def is_closed(self, now: datetime) -> bool:
        """Whether nothing may be asked today, because the file doesn’t come."""
        return self.failing_since is not None and now - self.failing_since < OBEYED


@lru_cache(maxsize=64)  # a sitting asks before each request
def _parsed(text: str) -> Any:
    return Protego.parse(text)


def robots_of(answer: Answer, before: Robots, now: datetime) -> Robots:
    """What the answer to `/robots.txt` says. Without a file, or without a server, everything is allowed.

    A server that has a fault, or too much to do, is left alone.
    """
    if answer.status is None or (answer.status < 500 and answer.status != 429):
        is_file = answer.status == 200 and "html" not in answer.content_type
        text = answer.body[:_READ].decode("utf-8", "replace").replace("\0", "") if is_file else ""
        return Robots(text, now)
    return Robots(before.text, now, before.failing_since or now)
