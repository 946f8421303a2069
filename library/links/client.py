"""Pages of other sites, within bounds: from public addresses alone, so many bytes, so many seconds in all. No models.

`fetch` is for a curator who waits: a page, or a sentence why there is none. `look` is for the link checker: whatever
happened, as values. Both follow redirects themselves, so that each is checked, and tell nothing of who asked.
"""

import re
import time
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from html import unescape
from urllib.parse import urlencode

import httpcore2
import httpx2

from .addresses import checked_url
from .cookies import CookieJar
from .faults import OF_CERTIFICATES, CannotFetch, WireFault
from .wire import Tls, Wire, clock, faults_named, lacks_only_its_chain, needs_legacy, tls_context

LIMIT = 1_000_000  # bytes, after decompression
FETCH_SECONDS = 10.0
REDIRECTS = 5
# Of a check. Browsers follow 20 redirects; a page whose beginning is known needs no more of it.
LOOK_LIMIT, MEDIA_LIMIT = 128 * 1024, 16 * 1024
LOOK_SECONDS = 20.0
LOOK_REDIRECTS = 10
AGENT = "Mozilla/5.0 (compatible; resource library; asked for by a curator)"
_ACCEPT = "text/html,application/rss+xml,application/atom+xml,application/xml;q=0.9,*/*;q=0.5"
_REDIRECTING = {301, 302, 303, 307, 308}
_REFRESH = re.compile(
    r"<meta\b[^<>]{0,200}http-equiv\s*=\s*[\"']?refresh[^<>]{0,200}?content\s*=\s*[\"']?\s*[01]\s*[;,]\s*url\s*=\s*"
    r"[\"']?([^\"'<>]{1,2000})",
    re.IGNORECASE,
)
_REFRESH_WITHIN = 8192  # characters


@dataclass(frozen=True)
class Fetched:
    """What a server answered. `url` is the address after all redirects; `is_cut`: the body went on after `LIMIT`."""

    url: str
    status: int
    content_type: str
    body: bytes
    is_cut: bool


@dataclass(frozen=True)
class Hop:
    """One address that led on to another: by a status, or by a page (then with its status, 200)."""

    url: str
    status: int
    location: str


@dataclass(frozen=True)
class Answer:
    """What came of asking for one address.

    `url` answered with `status`, after `hops`; `status` is None where nothing came, and `fault` says why. A `fault`
    beside a status is a fault of the certificate: the page was read without trust in it. `is_whole`: the body came to
    its end, or to the end of what is read; `is_readable`: in a way that can be unpacked.
    """

    url: str
    status: int | None = None
    fault: WireFault | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    is_whole: bool = True
    is_readable: bool = True
    hops: tuple[Hop, ...] = ()
    seconds: float = 0.0  # until the first byte

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")


@dataclass(frozen=True)
class _Manner:
    """How to ask: how far, how much, and whether for a check, which goes on where a curator is told."""

    headers: Mapping[str, str]
    redirects: int
    limit: int
    is_check: bool
    form: bytes = b""  # sent there, where there is one


def fetch(address: str, *, seconds: float = FETCH_SECONDS) -> Fetched:
    """What a GET of this address is answered with, whatever the status. Raises `CannotFetch`, with words for people."""
    answer = _follow(address, _Manner({"User-Agent": AGENT}, REDIRECTS, LIMIT, is_check=False), seconds)
    if answer.fault:
        raise CannotFetch(answer.fault)
    return Fetched(answer.url, answer.status or 0, answer.content_type, answer.body, not answer.is_whole)


def look(
    address: str,
    *,
    agent: str,
    etag: str = "",
    modified: str = "",
    is_media: bool = False,
    seconds: float = LOOK_SECONDS,
) -> Answer:
    """What a reader's browser would come to at this address. Raises nothing.

    With cookies for as long as it takes, ten redirects, and pages behind an old protocol or a faulty certificate. Of a
    sound or a film the first two bytes, or 16 KB where a server sends no parts. With `etag` or `modified` of a look
    before, 304 where nothing is new.
    """
    headers = {"User-Agent": agent}
    if is_media:
        headers["Range"] = "bytes=0-1"
    headers |= {"If-None-Match": etag} if etag else {}
    headers |= {"If-Modified-Since": modified} if modified else {}
    limit = MEDIA_LIMIT if is_media else LOOK_LIMIT
    return _follow(address, _Manner(headers, LOOK_REDIRECTS, limit, is_check=True), seconds)


def call(
    address: str, *, agent: str, authorization: str, seconds: float, form: Mapping[str, str] | None = None
) -> Answer:
    """What another site's API answers to somebody with a key, to a form where there is one. Raises nothing.

    It follows no redirect and trusts no faulty certificate: neither may learn the key.
    """
    headers = {"User-Agent": agent, "Accept": "application/json", "Authorization": authorization}
    headers |= {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
    sent = urlencode(form).encode() if form else b""
    return _follow(address, _Manner(headers, 0, LOOK_LIMIT, is_check=False, form=sent), seconds)


def _follow(address: str, manner: _Manner, seconds: float) -> Answer:
    time_left, jar = clock(seconds), CookieJar()
    hops: list[Hop] = []
    fault: WireFault | None = None
    url = address
    try:
        for _hop in range(manner.redirects + 1):
            target = checked_url(url)
            answer = _ask(target, manner, Wire(time_left), jar)
            fault = fault or answer.fault
            location = _leads_to(answer, manner)
            if not location:
                return replace(answer, hops=tuple(hops), fault=fault)
            hops.append(Hop(str(target), answer.status or 0, url := _joined(target, location)))
    except CannotFetch as error:
        return Answer(url, fault=error.fault, hops=tuple(hops))
    return Answer(url, fault=WireFault.CIRCLES, hops=tuple(hops))


def _ask(url: httpx2.URL, manner: _Manner, wire: Wire, jar: CookieJar) -> Answer:
    """What one address answers; for a check, with less asked of its protocol or its certificate where that fails."""
    try:
        return _request(url, manner, wire, jar, Tls.STRICT)
    except CannotFetch as error:
        if not manner.is_check:
            raise
        if needs_legacy(error):
            return _request(url, manner, wire, jar, Tls.LEGACY)
        if error.fault not in OF_CERTIFICATES:
            raise
        fault = error.fault
    answer = _request(url, manner, wire, None, Tls.UNVERIFIED)
    return replace(answer, fault=answer.fault if fault is WireFault.ISSUER and answer.fault else fault)


def _request(url: httpx2.URL, manner: _Manner, wire: Wire, jar: CookieJar | None, level: Tls) -> Answer:
    target = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    cookies = jar.header(url.host) if jar and manner.is_check else ""
    headers = {
        "Host": url.netloc.decode("ascii"),
        "Accept": _ACCEPT,
        "Accept-Encoding": "gzip",
        "Accept-Language": "en",
        "Connection": "close",
        **manner.headers,
        **({"Cookie": cookies} if cookies else {}),
    }
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    context = tls_context(level) if url.scheme == "https" else None
    start = time.monotonic()
    with (
        faults_named(),
        httpcore2.ConnectionPool(ssl_context=context, network_backend=wire) as pool,
        pool.stream("POST" if manner.form else "GET", target, headers=raw, content=manner.form or None) as reply,
    ):
        fields = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in reply.headers]
        if jar:
            jar.take(url.host, [value for name, value in fields if name == "set-cookie"])
        answer = Answer(str(url), reply.status, headers=dict(fields), seconds=time.monotonic() - start)
        stream = reply.extensions.get("network_stream")
        if level is Tls.UNVERIFIED and lacks_only_its_chain(stream, url.host):
            answer = replace(answer, fault=WireFault.CHAIN)
        if reply.status in _REDIRECTING and answer.headers.get("location"):
            return answer
        return _with_body(answer, reply.iter_stream(), manner)


def _with_body(answer: Answer, chunks: Iterable[bytes], manner: _Manner) -> Answer:
    """With the first bytes of its body, and never more unpacked than that.

    Where a check gets only a part of it, that part. Raises `CannotFetch` for anybody else, and where nothing came.
    """
    encoding = answer.headers.get("content-encoding", "").strip().lower()
    if encoding not in {"", "identity", "gzip", "x-gzip"}:
        if manner.is_check:
            return replace(answer, is_readable=False)
        raise CannotFetch(WireFault.FORMAT)
    unpacked = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16) if encoding.endswith("gzip") else None
    limit, body, received = manner.limit, bytearray(), 0
    try:
        for chunk in chunks:
            received += len(chunk)
            # Room for one byte more, which tells that there is more; 0 would mean “without a limit”.
            body += unpacked.decompress(chunk, limit + 1 - len(body)) if unpacked else chunk
            if len(body) > limit or received > limit:
                return replace(answer, body=bytes(body[:limit]), is_whole=False)
    except zlib.error as error:
        if not manner.is_check:
            raise CannotFetch(WireFault.RESET) from error
        return replace(answer, body=bytes(body), is_readable=False)
    except (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError):
        if not manner.is_check:
            raise
        return replace(answer, body=bytes(body), is_whole=False, fault=answer.fault or WireFault.RESET)
    return replace(answer, body=bytes(body))


def _leads_to(answer: Answer, manner: _Manner) -> str:
    """Where it leads on at once: by its status, or, for a check, by a page that says so within a second."""
    if answer.status in _REDIRECTING:
        return answer.headers.get("location", "")
    if not manner.is_check or answer.status != 200 or "html" not in answer.content_type:
        return ""
    refresh = _REFRESH.search(answer.body[:_REFRESH_WITHIN].decode("latin-1"))
    return unescape(refresh[1]).strip() if refresh else ""


def _joined(url: httpx2.URL, location: str) -> str:
    try:
        return str(url.join(location))
    except (httpx2.InvalidURL, ValueError) as error:
        raise CannotFetch(WireFault.ODD_REDIRECT) from error
