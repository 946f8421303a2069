"""Whose word counts about where a request came from: that of the proxy in front, and of nobody else."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

from django.conf import settings


def is_trusted_proxy(peer: str) -> bool:
    """Whether X-Forwarded-Proto and X-Forwarded-For may be read in a request from the connected address `peer`.

    Only where a proxy ends TLS (HTTPS=true), and only from an address that TRUSTED_PROXIES names.
    """
    return settings.HTTPS and _is_in(peer, tuple(settings.TRUSTED_PROXIES))


@lru_cache(maxsize=100)
def _is_in(peer: str, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address  # an IPv4 peer of a socket that listens on both
    return any(address in network for network in networks)
