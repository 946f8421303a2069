"""All that a public page may know of the request that asks for it.

A cached page is found by this description and is made from it (`page_cache`): headers, cookies and addresses that it
lacks don't reach the page, so nobody can change what the next reader gets.
"""

import re
from dataclasses import dataclass
from io import BytesIO

from django.core.exceptions import DisallowedHost
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest
from django.http.request import split_domain_port

_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)
# Whatever else stands behind the question mark, the page is the same; nobody fills the cache with it.
PARAMETERS = frozenset(
    {"access", "audience", "category", "kind", "length", "pack", "page", "publisher", "q", "r", "sort", "tag", "year"}
)
_OWN_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class PageRequest:
    """`GET <path>?<query>` at `<scheme>://<host>`, from somebody who takes gzip or doesn't.

    The query has only parameters that a page knows.
    """

    scheme: str
    host: str
    path: str
    query: str
    takes_gzip: bool

    @classmethod
    def of(cls, request: HttpRequest) -> "PageRequest":
        """The description of `request`. Raises `DisallowedHost` as `request_host` does."""
        query = request.META.get("QUERY_STRING", "")
        return cls(
            request.scheme or "http",
            request_host(request),
            request.path_info,
            "&".join(pair for pair in query.split("&") if pair.partition("=")[0] in PARAMETERS),
            bool(_GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", ""))),
        )

    def as_request(self) -> WSGIRequest:
        """A request with nothing in it but this description: what the page is made from."""
        return WSGIRequest(
            {
                "REQUEST_METHOD": "GET",
                "SCRIPT_NAME": "",
                "PATH_INFO": self.path.encode().decode("latin-1"),
                "QUERY_STRING": self.query,
                "SERVER_PROTOCOL": "HTTP/1.1",
                "HTTP_HOST": self.host,
                "HTTP_ACCEPT_ENCODING": "gzip" if self.takes_gzip else "",
                "wsgi.url_scheme": self.scheme,
                "wsgi.input": BytesIO(),
            }
        )


def request_host(request: HttpRequest) -> str:
    """The host as pages may show it: lower case, with a port only where it isn't the scheme's own.

    Any port from 1 to 65535 is shown: the site can't know which one a proxy or a tunnel listens on, and the page goes
    to nobody but those who asked with it. Raises `DisallowedHost` for any other, and for a host that isn't ours.
    """
    host = request.get_host()
    name, port = split_domain_port(host)[0], port_of(host)
    return name if port in {None, _OWN_PORTS.get(request.scheme or "")} else f"{name}:{port}"


def port_of(host: str) -> int | None:
    """The port in `host`, None without one. Raises `DisallowedHost` for one that isn't from 1 to 65535."""
    port = split_domain_port(host)[1]
    if port and (len(port) > 5 or not 0 < int(port) <= 65535):
        raise DisallowedHost(f"Invalid HTTP_HOST header: {host!r} has no valid port.")
    return int(port) if port else None


def site_root(request: HttpRequest) -> str:
    """Scheme and host as the reader sees them, e.g. `https://library.example.org`, to stand before a path.

    Empty on the error page for a host that isn't ours.
    """
    try:
        return f"{request.scheme}://{request_host(request)}"
    except DisallowedHost:
        return ""
