"""A host name that somebody asked for is written down as a name, or not at all."""

import pytest

from config.hosts import asked_host, is_local


@pytest.mark.parametrize(
    ("header", "host"),
    [
        ("library.example.org", "library.example.org"),
        ("LIBRARY.example.org:8000", "library.example.org"),
        ("192.0.2.7:8000", "192.0.2.7"),
        ("[2001:db8::7]:8000", "[2001:db8::7]"),
        ("library", "library"),
        ("", ""),
        ("a b", ""),
        ("<b>.example", ""),
        ("-.example", ""),
        ("a" * 300, ""),
        ("bücher.example", ""),
    ],
)
def test_has_no_port_and_no_strange_sign(header: str, host: str) -> None:
    assert asked_host({"HTTP_HOST": header}) == host


@pytest.mark.parametrize(
    ("meta", "local"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, True),
        ({"REMOTE_ADDR": "::1"}, True),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.7"}, False),
        ({"REMOTE_ADDR": "192.0.2.7"}, False),
        ({"REMOTE_ADDR": ""}, False),
        ({}, False),
    ],
)
def test_knows_a_browser_on_this_machine(meta: dict[str, str], local: bool) -> None:
    assert is_local(meta) is local
