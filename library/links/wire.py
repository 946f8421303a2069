"""Connections to other sites: only to public IP addresses, each step within the time that is left. No models.

Environment variables for proxies are not read: a proxy would resolve names in our place.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum, auto
from functools import cache
from itertools import zip_longest
from queue import Empty, SimpleQueue
from typing import Any

import httpcore2
import httpx2
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

from .addresses import is_public_address
from .faults import CannotFetch, WireFault

# IP addresses of one host that are tried, of each family, each for so many seconds at most.
_TRIED = 2
_PATIENCE = 4.0
# Servers of 2009 and before ask for it; browsers still go along (RFC 5746, 4.1).
_LEGACY = 0x4
# Of OpenSSL's verification (x509_vfy.h): not yet valid, expired, another host; the rest is about issuers.
_FAULTS = {9: WireFault.EXPIRED, 10: WireFault.EXPIRED, 62: WireFault.OTHER_NAME}


class Tls(Enum):
    """How much is asked of a server's certificate and of its protocol."""

    STRICT = auto()
    LEGACY = auto()  # renegotiates as servers did before 2010
    UNVERIFIED = auto()  # to see what is there, with nothing of ours sent


@cache
def tls_context(level: Tls) -> ssl.SSLContext:
    """Made once for all connections: that takes 20 ms, and none of them changes it."""
    context = httpx2.create_ssl_context()
    if level is not Tls.STRICT:
        context.options |= _LEGACY
    if level is Tls.UNVERIFIED:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def clock(seconds: float) -> Callable[[], float]:
    """What is left of so many seconds; raises where nothing is."""
    deadline = time.monotonic() + seconds

    def time_left() -> float:
        left = deadline - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout
        return left

    return time_left


@contextmanager
def faults_named() -> Iterator[None]:
    """What goes wrong on the wire, as `CannotFetch`."""
    try:
        yield
    except (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
        raise CannotFetch(_fault_of(error)) from error


def needs_legacy(error: CannotFetch) -> bool:
    return any("UNSAFE_LEGACY_RENEGOTIATION" in str(part) for part in _chain(error))


def _fault_of(error: BaseException) -> WireFault:
    chain = list(_chain(error))
    for part in chain:
        if isinstance(part, ssl.SSLCertVerificationError):
            return _FAULTS.get(part.verify_code, WireFault.ISSUER)
        if isinstance(part, ssl.SSLError):
            return WireFault.TLS
    if isinstance(error, httpcore2.TimeoutException):
        return WireFault.TIMEOUT
    if any(isinstance(part, ConnectionRefusedError) for part in chain):
        return WireFault.REFUSED
    if isinstance(error, httpcore2.ConnectError):
        return WireFault.UNREACHABLE
    return WireFault.NOT_HTTP if isinstance(error, httpcore2.ProtocolError) else WireFault.RESET


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, and what it was before: httpcore passes on what it maps as an argument, and drops it as the fault."""
    part: object = error
    while isinstance(part, BaseException):
        yield part
        part = part.__cause__ or next(iter(part.args), None)


def lacks_only_its_chain(stream: Any, host: str) -> bool:
    """Whether the certificate of an unverified connection is of this host and in time, and says where its issuer is.

    Such a server has left out what stands between it and a root that browsers know; they fetch that (RFC 5280,
    4.2.2.1). A proxy that puts its own certificates in the place of others names no such address.
    """
    tls = stream.get_extra_info("ssl_object")
    raw = tls.getpeercert(True) if tls else None
    if not raw:
        return False
    try:
        certificate = x509.load_der_x509_certificate(raw)
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        issuers = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension):
        return False
    is_of_host = any(
        name == host or (name.startswith("*.") and host.partition(".")[2] == name[2:])
        for name in names.get_values_for_type(x509.DNSName)
    )
    is_in_time = certificate.not_valid_before_utc <= datetime.now(UTC) <= certificate.not_valid_after_utc
    has_issuer = any(way.access_method == AuthorityInformationAccessOID.CA_ISSUERS for way in issuers)
    return is_of_host and is_in_time and has_issuer and certificate.issuer != certificate.subject


class Wire(httpcore2.NetworkBackend):
    """Connects to IP addresses that were checked, and to no others: a name is resolved once, here."""

    def __init__(self, time_left: Callable[[], float]) -> None:
        self._time_left = time_left
        self._backend = httpcore2.SyncBackend()

    def connect_tcp(self, host: str, port: int, *_args: Any, **_options: Any) -> httpcore2.NetworkStream:
        failed: Exception = httpcore2.ConnectError()
        for address in _addresses_of(host, port, self._time_left()):
            try:
                stream = self._backend.connect_tcp(address, port, min(self._time_left(), _PATIENCE))
                return _TimedStream(stream, self._time_left)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
        raise failed

    def connect_unix_socket(self, *_args: Any, **_options: Any) -> httpcore2.NetworkStream:
        raise CannotFetch(WireFault.NOT_WEB)


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
    """Two IP addresses of each family at most, in turn, all of the host's public. Raises `CannotFetch`."""
    answers: SimpleQueue[list[Any] | WireFault] = SimpleQueue()

    def resolve() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except socket.gaierror as error:
            # The C library says “try again” where name servers don’t answer or have failed (getaddrinfo(3)).
            answers.put(WireFault.NO_RESOLVER if error.errno == socket.EAI_AGAIN else WireFault.NO_SUCH_NAME)
        except (OSError, UnicodeError):
            answers.put(WireFault.NO_SUCH_NAME)

    threading.Thread(target=resolve, daemon=True).start()  # the resolver knows no deadline of ours
    try:
        found = answers.get(timeout=seconds)
    except Empty as error:
        raise httpcore2.ConnectTimeout from error
    if isinstance(found, WireFault):
        raise CannotFetch(found)
    addresses = list(dict.fromkeys(str(answer[4][0]) for answer in found))
    if not addresses:
        raise CannotFetch(WireFault.NO_SUCH_NAME)
    if not all(map(is_public_address, addresses)):
        raise CannotFetch(WireFault.PRIVATE)
    first = ":" in addresses[0]
    families = [[address for address in addresses if (":" in address) is is_6][:_TRIED] for is_6 in (first, not first)]
    return [address for pair in zip_longest(*families) for address in pair if address]
