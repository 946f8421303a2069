"""The first thing that happens to a request: it is cut down to what a request may say of itself."""

import re
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from library.trusted_proxies import is_trusted_proxy

_CHARSET = re.compile(r";\s*charset\s*\*?\s*=[^;]*", re.IGNORECASE)
_PROTO, _FOR = "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_FOR"
_STRANGE_PROXY = (
    b"X-Forwarded-Proto is only taken from the proxy in front of this site. "
    b"If you run the site: name the address of your proxy in TRUSTED_PROXIES.\n"
)


class EdgeHandler(WSGIHandler):
    """Django's, for requests whose headers change neither what they ask for nor who asks.

    Without a charset: Django reads the address in the charset of the Content-Type, a GET's too, and some charsets
    decode no text at all. All of it is UTF-8.
    At no prefix: the site is at the root of its host, whatever SCRIPT_NAME says (FORCE_SCRIPT_NAME, too).
    With X-Forwarded-Proto and X-Forwarded-For from the proxy alone, and no other of that family. From a proxy that
    TRUSTED_PROXIES doesn't name, X-Forwarded-Proto is answered with 400 instead of redirects that never end and that
    browsers remember.
    """

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        environ["CONTENT_TYPE"] = _CHARSET.sub("", environ.get("CONTENT_TYPE", ""))
        environ["SCRIPT_NAME"] = ""
        is_proxy = is_trusted_proxy(environ.get("REMOTE_ADDR", ""))
        if settings.HTTPS and _PROTO in environ and not is_proxy:
            start_response("400 Bad Request", [("Content-Type", "text/plain"), ("Cache-Control", "no-store")])
            return [_STRANGE_PROXY]
        for name in [name for name in environ if name.startswith(("HTTP_X_FORWARDED_", "HTTP_FORWARDED"))]:
            if not (is_proxy and name in {_PROTO, _FOR}):
                del environ[name]
        if _PROTO in environ:  # of several, the last is the proxy's own
            environ[_PROTO] = environ[_PROTO].rpartition(",")[2].strip()
        return super().__call__(environ, start_response)
