"""Public pages as a reader would get them, as of one moment: `python -m library.maintenance.pages` asks for some.

That program serves a drill, which starts the site's own code on a restored database.
"""

import contextlib
import hashlib
import io
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils import timezone


def hashes_of(paths: list[str], moment: datetime) -> dict[str, str]:
    """The SHA-256 of each page at that moment. Those that don't answer 200 are left out."""
    site = WSGIHandler()  # a new one, so that no page is given that was kept
    with _as_of(moment):
        bodies = {path: _body(site, path) for path in paths}
    return {path: hashlib.sha256(body).hexdigest() for path, body in bodies.items() if body is not None}


@contextlib.contextmanager
def _as_of(moment: datetime) -> Iterator[None]:
    """Have the whole process believe that it is then: a page says what is open now, and what has become overdue."""
    clock = timezone.now
    timezone.now = lambda: moment
    try:
        yield
    finally:
        timezone.now = clock


def _body(site: WSGIHandler, path: str) -> bytes | None:
    host = settings.ALLOWED_HOSTS[0].removeprefix(".")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": host,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost" if host == "*" else host,
        "HTTP_X_FORWARDED_PROTO": "https",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
    }
    # Not through the handler's own door: it closes connections, and this may be within a transaction.
    response = site.get_response(WSGIRequest(environ))
    return b"".join(response) if response.status_code == 200 else None


def print_pages() -> None:
    """Paths and a moment come in as JSON, hashes go out."""
    django.setup()
    wanted = json.load(sys.stdin)
    json.dump(hashes_of(wanted["paths"], datetime.fromisoformat(wanted["moment"])), sys.stdout)


if __name__ == "__main__":
    print_pages()
