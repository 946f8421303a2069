"""The first thing that happens to a request: it is cut down to what a request may say of itself."""

import contextlib
import re
import time
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

from library.middleware.page_request import port_of
from library.middleware.trusted_proxies import is_trusted_proxy

_CHARSET = re.compile(r";\s*charset\s*\*?\s*=[^;]*", re.IGNORECASE)
_PROTO, _FOR = "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_FOR"
# How long an answered request may go on sending what nobody reads, and how much of it: as much as a large upload.
DISCARD_SECONDS = 10.0
_STEP = 65_536
_STRANGE_PROXY = (
    b"X-Forwarded-Proto is only taken from the proxy in front of this site. "
    b"If you run the site: name the address of your proxy in TRUSTED_PROXIES.\n"
)


class EdgeRequest(WSGIRequest):
    """Django's, whose host never has a port that no address can have: redirects show it before any of our own code."""

    def get_host(self) -> str:
        host = super().get_host()
        port_of(host)
        return host


class EdgeHandler(WSGIHandler):
    """Django's, for requests whose headers change neither what they ask for nor who asks.

    Without a charset: Django reads the address in the charset of the Content-Type, a GET's too, and some charsets
    decode no text at all. All of it is UTF-8.
    At no prefix: the site is at the root of its host, whatever SCRIPT_NAME says (FORCE_SCRIPT_NAME, too).
    With X-Forwarded-Proto and X-Forwarded-For from the proxy alone, and no other of that family. From a proxy that
    TRUSTED_PROXIES doesn't name, X-Forwarded-Proto is answered with 400 instead of redirects that never end and that
    browsers remember.
    """

    request_class = EdgeRequest

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        environ["CONTENT_TYPE"] = _CHARSET.sub("", environ.get("CONTENT_TYPE", ""))
        environ["SCRIPT_NAME"] = ""
        is_proxy = is_trusted_proxy(environ.get("REMOTE_ADDR", ""))
        if settings.HTTPS and _PROTO in environ and not is_proxy:
            start_response("400 Bad Request", [("Content-Type", "text/plain"), ("Cache-Control", "no-store")])
            return [_STRANGE_PROXY]
        for name in [name for name in environ if name.startswith(("HTTP_X_FORWARDED", "HTTP_FORWARDED"))]:
            if not (is_proxy and name in {_PROTO, _FOR}):
                del environ[name]
        if _PROTO in environ:  # of several, the last is the proxy's own
            environ[_PROTO] = environ[_PROTO].rpartition(",")[2].strip()
        answer = super().__call__(environ, start_response)
        return _AnswerFirst(answer, environ) if environ.get("CONTENT_LENGTH", "0") not in {"", "0"} else answer


class _AnswerFirst:
    """An answer that doesn't wait for the rest of what is sent: that is thrown away when the answer is out.

    A connection that is closed before would be reset, and the browser would show that in place of the answer.
    """

    def __init__(self, answer: Any, environ: dict[str, Any]) -> None:
        self._answer, self._environ = answer, environ

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer)

    def close(self) -> None:
        self._answer.close()
        if wire := self._environ.get("gunicorn.socket"):
            with contextlib.suppress(OSError):  # gone, or too slow: gunicorn ends the connection
                discard(self._environ["wsgi.input"], wire, time.monotonic() + DISCARD_SECONDS)


def discard(sent: Any, wire: Any, deadline: float) -> None:
    """Read what is left and keep nothing. Raises OSError when nothing more has come by the deadline."""
    left: int = settings.ADMIN_BODY_LIMIT
    try:
        while left > 0:
            wire.settimeout(max(0.001, deadline - time.monotonic()))
            piece = sent.read(_STEP)
            if not piece:
                return
            left -= len(piece)
    finally:
        wire.settimeout(None)
