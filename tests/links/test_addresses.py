"""What may be asked at all: web addresses that every parser reads alike, and IP addresses of the public Internet."""

import pytest

from library.links.addresses import checked_url, is_public_address
from library.links.faults import CannotFetch


@pytest.mark.parametrize(
    ("address", "checked"),
    [
        ("https://example.org/a?b=c", "https://example.org/a?b=c"),
        (" HTTPS://EXAMPLE.org/ \n", "https://example.org/"),
        ("http://example.org:80/", "http://example.org/"),
        ("https://münchen.de/ü", "https://xn--mnchen-3ya.de/%C3%BC"),
        ("http://[2606:2800::1]/", "http://[2606:2800::1]/"),
    ],
)
def test_addresses_of_web_pages_are_taken(address: str, checked: str) -> None:
    assert str(checked_url(address)) == checked


@pytest.mark.parametrize(
    "address",
    [
        "",
        "example.org",
        "ftp://example.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://",
        "http:///path",
        "http://127.0.0.1\\@example.org/",
        "http://user@example.org/",
        "http://:secret@example.org/",
        "http://@example.org/",
        "http://exa mple.org/",
        "http://example.org/\r\nHost: inside",
        "http://example.org/\x00",
        "http://exam%70le.org/",
        "http://[::1%25eth0]/",
        "http://[::1/",
        "http://example.org:8080/",
        "http://example.org:22/",
        "https://example.org:0/",
        "http://example.org:port/",
        f"http://example.org/{'a' * 2000}",
        "http://\ud800.org/",
    ],
)
def test_everything_else_is_refused_in_words(address: str) -> None:
    with pytest.raises(CannotFetch, match=r"\.$"):
        checked_url(address)


@pytest.mark.parametrize("ip", ["93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07::1", "::ffff:8.8.8.8"])
def test_numbers_of_the_internet_are_public(ip: str) -> None:
    assert is_public_address(ip)


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.9",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::8.8.8.8",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:0:7f00:1",
        "64:ff9b::7f00:1",
        "64:ff9b::8.8.8.8",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:808:808::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd12::1",
        "fe80::1",
        "fe80::1%eth0",
        "2606:2800::1%eth0",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
        "localhost",
        "127.1",
        "",
    ],
)
def test_no_other_number_is(ip: str) -> None:
    assert not is_public_address(ip)
