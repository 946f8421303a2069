"""Which addresses this server asks for a curator: public web pages, and nothing inside the house. No models.

Somebody who can make us fetch an address of their choice must not reach what only this machine reaches: its own
services, its network, the cloud's metadata (OWASP: server-side request forgery).
"""

import re
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import urlsplit

import httpx2

from .faults import CannotFetch, WireFault

URL_LIMIT = 2000  # characters
PORTS = {None, 80, 443}

# Controls, spaces and backslashes: what two parsers of addresses could read in two ways.
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\ud800-\udfff]")
_USER = re.compile(r"[^/?#]*//[^/?#]*@")
_HOST = re.compile(r"[a-z0-9._-]{1,253}|[0-9a-f:.]{2,45}")
# What `is_global` lets pass, and is no single host on the Internet: IETF's own, and the old relays of 6to4.
_NOT_HOSTS = [IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"), IPv4Network("224.0.0.0/3")]
# All that is given out of IPv6. NAT64, ::a.b.c.d, fec0::/10 and multicast stand outside of it.
_GIVEN_OUT = IPv6Network("2000::/3")
# Teredo and other protocols, documentation, 6to4 (which carries an IPv4 address), documentation.
_NOT_GIVEN_OUT = [IPv6Network(net) for net in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]


def checked_url(text: str) -> httpx2.URL:
    """The address as it will be requested. Raises CannotFetch.

    This is the only parser: the host that is resolved, connected to and named to the server comes from its result.
    """
    text = text.strip(" \t\r\n")
    try:
        url = httpx2.URL(text) if len(text) <= URL_LIMIT and not _UNSAFE.search(text) else None
    except (httpx2.InvalidURL, ValueError):
        url = None
    if url is None or url.scheme not in {"http", "https"} or not _HOST.fullmatch(url.raw_host.decode("ascii")):
        raise CannotFetch(WireFault.NOT_WEB)
    if _USER.match(text):
        raise CannotFetch(WireFault.USER_NAME)
    if url.port not in PORTS:
        raise CannotFetch(WireFault.PORT)
    return url


def site_host(address: str) -> str:
    """The host that is visited for it: in lower case, without `www.`."""
    return (urlsplit(address).hostname or "").removeprefix("www.")


def is_public_address(address: str) -> bool:
    """Whether this IP address, as the resolver gave it, is that of one host on the public Internet."""
    try:
        if ":" not in address:
            return _is_public_4(IPv4Address(address))
        ip = IPv6Address(address)
    except AddressValueError:
        return False
    if ip.ipv4_mapped is not None:
        return _is_public_4(ip.ipv4_mapped)
    given_out = ip in _GIVEN_OUT and not any(ip in net for net in _NOT_GIVEN_OUT)
    return given_out and ip.is_global and ip.scope_id is None


def _is_public_4(ip: IPv4Address) -> bool:
    return ip.is_global and not any(ip in net for net in _NOT_HOSTS)
