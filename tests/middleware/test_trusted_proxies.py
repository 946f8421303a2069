"""Only the proxy in front says how a request came, and only where there is one."""

from ipaddress import ip_network

import pytest
from django.test import override_settings

from library.middleware.trusted_proxies import is_trusted_proxy

NETWORKS = [ip_network("127.0.0.1"), ip_network("10.1.0.0/16"), ip_network("2001:db8::/64")]


@pytest.mark.parametrize(
    ("peer", "trusted"),
    [
        ("127.0.0.1", True),
        ("::ffff:127.0.0.1", True),
        ("10.1.255.1", True),
        ("2001:db8::9", True),
        ("127.0.0.2", False),
        ("10.2.0.1", False),
        ("::1", False),
        ("2001:db8:0:1::9", False),
        ("", False),
        ("unix:", False),
        ("127.0.0.1, 10.2.0.1", False),
    ],
)
def test_a_proxy_is_one_that_is_named(peer: str, trusted: bool) -> None:
    with override_settings(HTTPS=True, TRUSTED_PROXIES=NETWORKS):
        assert is_trusted_proxy(peer) is trusted
    with override_settings(HTTPS=False, TRUSTED_PROXIES=NETWORKS):
        assert not is_trusted_proxy(peer)
