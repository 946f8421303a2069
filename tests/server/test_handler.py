"""Real servers on a real wire: what a stranger's headers, and a proxy's, can make of a page."""

import contextlib
import re
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.processes import PATIENCE, Process, first_run, free_port, temporary_data_dir
from tests.raw_http import ATTACKS, PROXY, STRANGER, ask, new_address


@dataclass(frozen=True)
class Sites:
    """Ports of two processes on the same data: with HTTPS=false and HTTPS=true."""

    plain: str
    https: str


@pytest.fixture(scope="module")
def sites() -> Iterator[Sites]:
    ports = Sites(free_port(), free_port())
    with temporary_data_dir(like=first_run().data_dir) as data_dir:
        same = {"DATA_DIR": str(data_dir), "DURABLE": "false", "WEB_CONCURRENCY": "1"}
        processes = []
        try:
            for port, https in ((ports.plain, "false"), (ports.https, "true")):
                processes.append(Process([sys.executable, "manage.py", "serve"], PORT=port, HTTPS=https, **same))
                processes[-1].line_with("The site is at")
            yield ports
        finally:
            for process in reversed(processes):
                process.close()


def test_no_header_of_one_reader_is_in_the_page_of_the_next(sites: Sites) -> None:
    host = f"Host: localhost:{sites.plain}"
    clean = ask(sites.plain, f"GET {new_address()} HTTP/1.1", host)
    assert clean.status == 200
    assert f'href="http://localhost:{sites.plain}/about/"'.encode() in clean.body

    for name, attack in ATTACKS.items():
        for source in (STRANGER, PROXY):
            page = new_address()
            for path in (f"/phish{page}", page):
                ask(sites.plain, f"GET {path} HTTP/1.1", host, attack, source=source)
            assert ask(sites.plain, f"GET {page} HTTP/1.1", host).body == clean.body, name


def test_nor_behind_a_proxy_that_passes_it_on(sites: Sites) -> None:
    host, https = "Host: localhost", "X-Forwarded-Proto: https"
    clean = ask(sites.https, f"GET {new_address()} HTTP/1.1", host, https)
    assert clean.status == 200
    assert b'href="https://localhost/about/"' in clean.body

    for name, attack in ATTACKS.items():
        page = new_address()
        for path in (f"/phish{page}", page):
            ask(sites.https, f"GET {path} HTTP/1.1", host, https, attack)
        assert ask(sites.https, f"GET {page} HTTP/1.1", host, https).body == clean.body, name


def test_a_prefix_makes_no_page_of_another_address(sites: Sites) -> None:
    for source in (PROXY, STRANGER):
        lines = (f"GET /phish{new_address()} HTTP/1.1", f"Host: localhost:{sites.plain}", "SCRIPT_NAME: /phish")
        assert ask(sites.plain, *lines, source=source).status == 404


def test_only_the_proxy_says_that_there_was_tls(sites: Sites) -> None:
    lines = (f"GET {new_address()} HTTP/1.1", "Host: localhost")

    assert ask(sites.https, *lines, "X-Forwarded-Proto: https").status == 200
    assert ask(sites.https, *lines, "X-Forwarded-Proto: http").status == 301
    assert ask(sites.https, *lines, "X-Forwarded-Proto: https, http").status == 301
    for scheme in ("X-Forwarded-Ssl: on", "X-Forwarded-Protocol: ssl", "Forwarded: proto=https"):
        assert ask(sites.https, *lines, scheme).status == 301
    strange = ask(sites.https, *lines, "X-Forwarded-Proto: https", source=STRANGER)
    assert strange.status == 400
    assert b"TRUSTED_PROXIES" in strange.body
    assert ask(sites.https, *lines, source=STRANGER).status == 301


def test_the_redirect_to_tls_repeats_no_port_that_is_none(sites: Sites) -> None:
    for port, status in (("99999", 400), ("0", 400), ("8443", 301)):
        answer = ask(sites.https, f"GET {new_address()} HTTP/1.1", f"Host: localhost:{port}")
        assert answer.status == status
        assert (f"Location: https://localhost:{port}/" in answer.head) is (status == 301)


def test_without_tls_nobody_says_so(sites: Sites) -> None:
    for source in (PROXY, STRANGER):
        page = ask(
            sites.plain, f"GET {new_address()} HTTP/1.1", "Host: localhost", "X-Forwarded-Proto: https", source=source
        )
        assert page.status == 200
        assert b'href="http://localhost/about/"' in page.body
        assert "Strict-Transport-Security" not in page.head


@pytest.mark.parametrize("port", ["0", "65536", "99999", "x", "-1", ""])
def test_a_host_has_a_port_that_an_address_can_have(sites: Sites, port: str) -> None:
    answer = ask(sites.plain, f"GET {new_address()} HTTP/1.1", f"Host: localhost:{port}")

    assert answer.status == 400
    assert b"99999" not in answer.body


def test_a_request_names_one_host(sites: Sites) -> None:
    host = f"Host: localhost:{sites.plain}"

    assert ask(sites.plain, f"GET {new_address()} HTTP/1.1", host, host).status == 400
    assert ask(sites.plain, f"GET {new_address()} HTTP/1.1", host, "Host: phish.example").status == 400
    assert ask(sites.plain, f"GET {new_address()} HTTP/1.1", "Host: phish.example").status == 400
    whole = ask(sites.plain, f"GET http://phish.example{new_address()} HTTP/1.1", host)
    assert whole.status == 200
    assert b"phish" not in whole.body


def test_five_reports_an_hour_are_counted_where_they_come_from(sites: Sites) -> None:
    """By the connected address without a proxy, by the address that the proxy wrote with one; never by a forged one."""
    forged = [f"203.0.113.{number}" for number in range(6)]
    direct = [send_report(sites.plain, f"X-Forwarded-For: {each}", source="127.0.0.3") for each in forged]
    proxied = [f"X-Forwarded-For: {each}, 198.51.100.1" for each in forged]
    behind = [send_report(sites.https, "X-Forwarded-Proto: https", each) for each in proxied]

    assert direct == [303] * 5 + [429]
    assert behind == [303] * 5 + [429]


def send_report(port: str, *lines: str, source: str = PROXY) -> int:
    """The status of a report that is filled in and sent."""
    page = ask(port, "GET /report/ HTTP/1.1", "Host: localhost", *lines, source=source)
    token = re.search(rb'name="token" value="([^"]+)"', page.body)
    assert token
    form = f"reason=dead-link&token={token[1].decode()}".encode()
    kind = "Content-Type: application/x-www-form-urlencoded"
    head = ("POST /report/ HTTP/1.1", "Host: localhost", kind, f"Content-Length: {len(form)}", *lines)
    return ask(port, *head, body=form, source=source).status


def head_of(port: str, path: str, size: int) -> bytes:
    """The head of a request that sends so many bytes of a form with a file."""
    kind = "Content-Type: multipart/form-data; boundary=x"
    lines = (f"POST {path} HTTP/1.1", f"Host: localhost:{port}", kind, f"Content-Length: {size}", "", "")
    return "\r\n".join(lines).encode()


def test_an_answer_does_not_wait_for_an_upload_that_nobody_reads(sites: Sites) -> None:
    """The rest of it is never sent, and stays away for longer than anybody waits."""
    with socket.create_connection(("127.0.0.1", int(sites.plain)), PATIENCE) as wire:
        wire.sendall(head_of(sites.plain, "/admin/library/resource/add/", 90_000_000) + b"a" * 100_000)

        assert wire.recv(65_536).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("path", ["/admin/library/resource/add/", "/report/"])
def test_an_answer_arrives_though_all_was_sent_before_it_is_read(sites: Sites, path: str) -> None:
    """And the next request on the same connection is answered, too."""
    with socket.create_connection(("127.0.0.1", int(sites.plain)), PATIENCE) as wire:
        wire.sendall(head_of(sites.plain, path, 20_000_000))
        wire.sendall(b"a" * 20_000_000)
        assert wire.recv(12) == b"HTTP/1.1 413"

        wire.sendall(f"GET /healthz HTTP/1.1\r\nHost: localhost:{sites.plain}\r\nConnection: close\r\n\r\n".encode())
        answers = b"".join(iter(lambda: wire.recv(65_536), b""))
    assert b"HTTP/1.1 200 OK" in answers
    assert answers.endswith(b"ok\n")


def test_a_server_takes_in_no_more_than_an_upload_may_have(sites: Sites) -> None:
    with socket.create_connection(("127.0.0.1", int(sites.plain)), PATIENCE) as wire:
        wire.sendall(head_of(sites.plain, "/admin/", 10**12))
        sent = 0
        with contextlib.suppress(OSError):
            while sent < 300_000_000:
                wire.sendall(b"a" * 1_000_000)
                sent += 1_000_000
        assert sent < 150_000_000
