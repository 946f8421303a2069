"""The line that the server's log gets for a request: made in one place, so that `/privacy/` shows the very same."""

import re
from datetime import datetime
from typing import Any
from urllib.parse import quote

_TIME = "library.answered_at"
# Who reads the log is not whom the link was made for.
_LETS_IN = re.compile(r"^(/preview/|/admin/account/(?:reset|invitation)/)[^/]+")


def copy_time(source: dict[str, Any], target: dict[str, Any]) -> None:
    """Give the log line of `target` the time that `source` has, when a page was made from a copy of the request."""
    if _TIME in source:
        target[_TIME] = source[_TIME]


def access_log_line(environ: dict[str, Any], status: str, now: datetime) -> str:
    """Time, method, path and status; no network address, query, referrer or browser.

    The time is that of the first call for this request: `environ` keeps it. All else is quoted as in the address line,
    so that no control character forges a line or reaches a terminal.
    """
    time = environ.setdefault(_TIME, f"{now:%Y-%m-%d %H:%M:%S %Z}")
    path = quote(_LETS_IN.sub(r"\1-", environ["PATH_INFO"]).encode("latin-1", "replace"))
    return f"{time} {quote(environ['REQUEST_METHOD'])} {path} {status}"
