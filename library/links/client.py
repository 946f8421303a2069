"""One page of another site, fetched within bounds: only from public addresses, 1 MB, 10 seconds in all. No models.

It follows redirects itself, so that each is checked; it keeps no cookies and tells nothing of who asked. Environment
variables for proxies are not read: a proxy would resolve names in our place.
"""

import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

import httpcore2
import httpx2
from django.utils.translation import gettext

from .addresses import CannotFetch, checked_url, is_public_address

LIMIT = 1_000_000  # bytes, after decompression
FETCH_SECONDS = 10.0
REDIRECTS = 5
_TRIED = 4  # IP addresses of one host, each for so many seconds at most
_PATIENCE = 4.0
_HEADERS: dict[bytes | str, bytes | str] = {
    "User-Agent": "Mozilla/5.0 (compatible; resource library; asked for by a curator)",
    "Accept": "text/html,application/rss+xml,application/atom+xml,application/xml;q=0.9,*/*;q=0.5",
    "Accept-Encoding": "gzip",
    "Accept-Language": "en",
    "Connection": "close",
}


@dataclass(frozen=True)
class Fetched:
    """What a server answered. `url` is the address after all redirects; `is_cut`: the body went on after `LIMIT`."""

    url: str
    status: int
    content_type: str
    body: bytes
    is_cut: bool


def fetch(address: str, *, seconds: float = FETCH_SECONDS) -> Fetched:
    """What a GET of this address is answered with, whatever the status. Raises CannotFetch, with words for people."""
    time_left = _clock(seconds)
    url = checked_url(address)
    with _readable_errors():
        for _hop in range(REDIRECTS + 1):
            answer, location = _request(url, time_left)
            if not location:
                return answer
            url = checked_url(_joined(url, location))
    raise CannotFetch(gettext("The site redirects in circles."))


def _clock(seconds: float) -> Callable[[], float]:
    deadline = time.monotonic() + seconds

    def time_left() -> float:
        left = deadline - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout
        return left

    return time_left


def _joined(url: httpx2.URL, location: str) -> str:
    try:
        return str(url.join(location))
    except (httpx2.InvalidURL, ValueError) as error:
        raise CannotFetch(gettext("The site redirects to something that isn’t a web address.")) from error


def _request(url: httpx2.URL, time_left: Callable[[], float]) -> tuple[Fetched, str]:
    """What one address answers, and where it leads on to, if it does."""
    target = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    headers = {"Host": url.netloc} | _HEADERS
    context = httpx2.create_ssl_context() if url.scheme == "https" else None
    with (
        httpcore2.ConnectionPool(ssl_context=context, network_backend=_Wire(time_left)) as pool,
        pool.stream("GET", target, headers=headers) as response,
    ):
        fields = {name.lower(): value.decode("latin-1") for name, value in response.headers}
        location = fields.get(b"location", "") if response.status in {301, 302, 303, 307, 308} else ""
        body, is_cut = (b"", False) if location else _body(response.iter_stream(), fields.get(b"content-encoding", ""))
    return Fetched(str(url), response.status, fields.get(b"content-type", ""), body, is_cut), location


def _body(chunks: Iterable[bytes], encoding: str) -> tuple[bytes, bool]:
    """The first `LIMIT` bytes, and whether there were more. Never unpacks more than that."""
    encoding = encoding.strip().lower()
    if encoding not in {"", "identity", "gzip", "x-gzip"}:
        raise CannotFetch(gettext("The site sends its pages in a format we can’t read."))
    unpacked = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16) if encoding.endswith("gzip") else None
    body, received = bytearray(), 0
    for chunk in chunks:
        received += len(chunk)
        # Room for one byte more, which tells that there is more; 0 would mean “without a limit”.
        body += unpacked.decompress(chunk, LIMIT + 1 - len(body)) if unpacked else chunk
        if len(body) > LIMIT or received > LIMIT:
            return bytes(body[:LIMIT]), True
    return bytes(body), False


class _Wire(httpcore2.NetworkBackend):
    """Connects to IP addresses that were checked, and to no others: a name is resolved once, here."""

    def __init__(self, time_left: Callable[[], float]) -> None:
        self._time_left = time_left
        self._backend = httpcore2.SyncBackend()

    def connect_tcp(self, host: str, port: int, *_args: Any, **_options: Any) -> httpcore2.NetworkStream:
        failed: Exception = httpcore2.ConnectError()
        for address in _addresses_of(host, port, self._time_left())[:_TRIED]:
            try:
                stream = self._backend.connect_tcp(address, port, min(self._time_left(), _PATIENCE))
                return _TimedStream(stream, self._time_left)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
        raise failed

    def connect_unix_socket(self, *_args: Any, **_options: Any) -> httpcore2.NetworkStream:
        raise CannotFetch(gettext("That isn’t a web address. Web addresses start with https:// or http://."))


class _TimedStream(httpcore2.NetworkStream):
    """A connection whose every step gets what is left of the time for all of them."""

    def __init__(self, stream: httpcore2.NetworkStream, time_left: Callable[[], float]) -> None:
        self._stream = stream
        self._time_left = time_left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._time_left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._time_left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        inner = self._stream.start_tls(ssl_context, server_hostname, self._time_left())
        return _TimedStream(inner, self._time_left)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _addresses_of(host: str, port: int, seconds: float) -> list[str]:
    """The IP addresses of a host, all of them public. Raises CannotFetch, also where the resolver takes too long."""
    answers: SimpleQueue[list[Any]] = SimpleQueue()

    def resolve() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError):
            answers.put([])

    threading.Thread(target=resolve, daemon=True).start()  # the resolver knows no deadline of ours
    try:
        addresses = list(dict.fromkeys(str(answer[4][0]) for answer in answers.get(timeout=seconds)))
    except Empty as error:
        raise httpcore2.ConnectTimeout from error
    if not addresses:
        raise CannotFetch(gettext("We couldn’t find that site. Check the address for a typo."))
    if not all(map(is_public_address, addresses)):
        raise CannotFetch(gettext("That address is on a private network, where readers can’t go."))
    return addresses


@contextmanager
def _readable_errors() -> Iterator[None]:
    """What goes wrong on the wire, as CannotFetch."""
    try:
        yield
    except httpcore2.TimeoutException as error:
        raise CannotFetch(gettext("The site was too slow. It didn’t answer within ten seconds.")) from error
    except (httpcore2.ConnectError, ssl.SSLError) as error:
        if "CERTIFICATE" in str(error).upper():
            raise CannotFetch(gettext("The site’s security certificate isn’t valid.")) from error
        raise CannotFetch(gettext("We can’t reach the site right now.")) from error
    except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError, zlib.error) as error:
        raise CannotFetch(
            gettext("The connection was lost, or the site didn’t answer the way a website does.")
        ) from error
