"""What the environment says is read once, and refused where it makes no sense."""

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from environs import EnvError

from config.env import (
    contact_at,
    database_at,
    networks_at,
    pool_at,
    root_at,
    secret_at,
    sender_at,
    stored_secret,
)
from tests.conftest import ROOT

EXPRESSIONS = (
    "s.DEBUG, s.HOST, s.PORT, s.ALLOWED_HOSTS, s.SECURE_HSTS_SECONDS, s.SESSION_COOKIE_SECURE, s.DATA_DIR,"
    " s.DATABASES['default']['ENGINE'], s.SECRET_KEY"
)


def settings_under(tmp_path: Path, shown: str = EXPRESSIONS, **environment: str) -> subprocess.CompletedProcess[str]:
    """A process that reads the settings and says a few of them."""
    program = f"from django.conf import settings as s\nprint({shown}, sep='|')"
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=ROOT,
        env=inherited | {"DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_everything_has_a_default(tmp_path: Path) -> None:
    values = settings_under(tmp_path).stdout.strip().split("|")

    assert values[:8] == [
        "False",
        "127.0.0.1",
        "8000",
        "['localhost', '127.0.0.1', '[::1]', '127.0.0.1']",
        "0",
        "False",
        str(tmp_path),
        "config.embedded_postgres",
    ]
    assert len(values[8]) > 60


def test_the_environment_decides(tmp_path: Path) -> None:
    values = settings_under(
        tmp_path,
        DEBUG="true",
        HOST="0.0.0.0",
        PORT="8001",
        ALLOWED_HOSTS="library.example.org,www.example.org",
        HTTPS="true",
        DATABASE_URL="postgres://reader@db.example.org/library",
        SECRET_KEY="kept elsewhere, and as long as it should be",
    ).stdout.strip()

    assert values == (
        "True|0.0.0.0|8001|['library.example.org', 'www.example.org']|31536000|True|"
        f"{tmp_path}|django.db.backends.postgresql|kept elsewhere, and as long as it should be"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "perhaps"),
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("HTTPS", "2"),
        ("HSTS_PRELOAD", "perhaps"),
        ("DURABLE", "maybe"),
        ("REQUIRE_SECOND_FACTOR", "2fa"),
        ("LINK_CHECKS", "weekly"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    finished = settings_under(tmp_path, **{name: value})

    assert finished.returncode != 0
    assert name in finished.stderr.splitlines()[-1]


@pytest.mark.parametrize(("preload", "printed"), [("", "False"), ("true", "True")])
def test_browsers_build_the_host_in_only_when_asked_to(tmp_path: Path, preload: str, printed: str) -> None:
    environment = {"HTTPS": "true", "HSTS_PRELOAD": preload} if preload else {"HTTPS": "true"}

    assert settings_under(tmp_path, "s.SECURE_HSTS_PRELOAD", **environment).stdout.strip() == printed


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "postgres://reader:gh3im/x@h/library"),
        ("DATABASE_URL", "postgres://reader:gh3im@h/library?sslmod=require"),
        ("DATABASE_URL", "postgres://reader@h/library?password=gh3im&sslmod=require"),
        ("SECURITY_CONTACT", "security@example.org"),
        ("SITE_ADDRESS", "library.example.org"),
        ("TRUSTED_PROXIES", "*"),
    ],
)
def test_a_command_tells_it_in_one_line_and_ends(tmp_path: Path, name: str, value: str) -> None:
    finished = subprocess.run(
        [sys.executable, "-W", "error", "manage.py", "check"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), name: value},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert finished.returncode == 1
    assert finished.stdout == ""
    (line,) = finished.stderr.splitlines()
    assert line.startswith((f"The site can't start. {name} has ", f"The site can't start. {name} must "))
    assert "Traceback" not in line
    assert "gh3im" not in line


def refusal_of(read: Callable[[str], object], monkeypatch: pytest.MonkeyPatch, value: str) -> str:
    monkeypatch.setenv("LOOKED_AT", value)
    with pytest.raises(EnvError) as refusal:
        read("LOOKED_AT")
    assert refusal.value.__cause__ is None  # what a library says of it may repeat the password
    return str(refusal.value)


@pytest.mark.parametrize(
    "address",
    ["nonsense", "postgres:library", "sqlite:///x", "mysql://a:gh3im@h/library", " postgres://h/library", "http://h/x"],
)
def test_a_database_of_another_make_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    assert refusal_of(database_at, monkeypatch, address) == (
        "LOOKED_AT must start with postgres:// or postgresql://: the library needs PostgreSQL."
    )


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("postgres://reader:gh3im@h:port/library", "port"),
        ("postgres://reader:gh3im@h:70000/library", "port"),
        ("postgres://reader:gh3im@h:0/library", "port"),
        ("postgres://reader:gh3im/x@h/library", "%2F"),
        ("postgres://reader:gh3im@h/library#x", "%23"),
        ("postgres://reader:12/gh3im@h/library", "%2F"),
        ("postgres://reader:12/3/gh3im?x@h/library", "%2F"),
        ("postgres://reader:x@gh3im/x?y@h/library", "%3F"),
        ("postgres://reader:12?gh3im@h/library", "%3F"),
        ("postgres://reader@h/library?password=gh3im#x", "%23"),
        ("postgres://reader@h/library?password=gh3im@x", "%40"),
        ("postgres://reader:gh3im x@h/library", "space"),
        ("postgres://reader:gh3im%C3%A9é@h/library", "percent-encoded"),
        ("postgres://reader:gh3im@h/library%00", "percent-encoded"),
        ("postgres://reader:gh3im@[h/library", "percent-encoded"),
        ("postgres://reader:gh3im@h", "name of a database"),
        ("postgres://reader:gh3im@h/", "name of a database"),
        ("postgres://reader:gh3im@h/" + "x" * 64, "name of a database"),
        ("postgres://reader:gh3im@h/library?sslmod=require", "parameter"),
        ("postgres://reader:gh3im@h/library?connect_timeout=9", "parameter"),
        ("postgres://reader:gh3im@h/library?currentSchema=other", "parameter"),
    ],
)
def test_a_broken_address_of_a_database_is_refused_without_its_password(
    monkeypatch: pytest.MonkeyPatch, address: str, words: str
) -> None:
    refusal = refusal_of(database_at, monkeypatch, address)

    assert refusal.startswith(("LOOKED_AT has ", "LOOKED_AT must "))
    assert words in refusal
    assert "gh3im" not in refusal


def test_an_address_of_a_database_is_read_to_its_last_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://reader:a%2Fb%20c@db.example.org:5433/library?sslmode=require")

    parts = database_at("DATABASE_URL") or {}

    assert (
        parts["USER"],
        parts["PASSWORD"],
        parts["HOST"],
        parts["PORT"],
        parts["NAME"],
        parts["OPTIONS"],
    ) == (("reader", "a/b c", "db.example.org", 5433, "library", {"sslmode": "require"}))


@pytest.mark.parametrize(
    ("address", "password"),
    [
        ("postgres://reader:a@b:c@h/library", "a@b:c"),
        ("postgres://reader:a%40b%3Fc%2Fd@h/library", "a@b?c/d"),
        ("postgres://reader:0012@h/library", "0012"),
    ],
)
def test_a_password_is_read_as_it_was_meant(monkeypatch: pytest.MonkeyPatch, address: str, password: str) -> None:
    monkeypatch.setenv("DATABASE_URL", address)

    database = database_at("DATABASE_URL") or {}

    assert (database["USER"], database["PASSWORD"], database["HOST"], database["NAME"]) == (
        "reader",
        password,
        "h",
        "library",
    )


def test_a_password_behind_the_question_mark_keeps_its_zeros(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://reader@h/library?password=0012")

    assert (database_at("DATABASE_URL") or {})["OPTIONS"] == {"password": "0012"}


def test_without_an_address_there_is_no_database_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")

    assert database_at("DATABASE_URL") is None


@pytest.mark.parametrize(
    "contact",
    ["security@example.org", "http://example.org", "https://", "mailto:", "mailto:a b@example.org", "https://x\n"],
)
def test_a_contact_that_security_txt_cannot_name_is_refused(monkeypatch: pytest.MonkeyPatch, contact: str) -> None:
    assert refusal_of(contact_at, monkeypatch, contact) == (
        "LOOKED_AT must start with https:// or mailto: and have no spaces, or be empty."
    )


@pytest.mark.parametrize("contact", ["", "mailto:security@example.org", "https://example.org/security"])
def test_a_contact_may_be_a_page_or_a_mailbox_or_nobody(monkeypatch: pytest.MonkeyPatch, contact: str) -> None:
    monkeypatch.setenv("SECURITY_CONTACT", contact)

    assert contact_at("SECURITY_CONTACT") == contact


@pytest.mark.parametrize(
    "address",
    [
        "example.org",
        "ftp://example.org",
        "https://",
        "https://example.org/library",
        "https://a b",
        "https://u@example.org",
    ],
)
def test_an_address_of_the_site_that_no_link_can_begin_with_is_refused(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    assert refusal_of(root_at, monkeypatch, address) == (
        "LOOKED_AT must look like https://library.example.org, with nothing after it, or be empty."
    )


@pytest.mark.parametrize("address", ["", "https://example.org", "http://localhost:8000", "https://[::1]:8443"])
def test_an_address_of_the_site_is_scheme_and_host_or_nothing(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    for given in (address, f"{address}/" if address else ""):
        monkeypatch.setenv("SITE_ADDRESS", given)
        assert root_at("SITE_ADDRESS") == address


@pytest.mark.parametrize(
    "proxies",
    [
        "*",
        "0.0.0.0/0",
        "::/0",
        "10.0.0.1,::/0",
        "10.0.0.5/8",
        "10.0.0.1,",
        ",",
        "proxy.example.org",
        "10.0.0.256",
        "10.0.0.1 10.0.0.2",
        "127.0.0.1:8000",
    ],
)
def test_a_list_of_proxies_that_names_nobody_or_everybody_is_refused(
    monkeypatch: pytest.MonkeyPatch, proxies: str
) -> None:
    refusal = refusal_of(lambda name: networks_at(name, "127.0.0.1"), monkeypatch, proxies)

    assert refusal.startswith("LOOKED_AT must be a comma-separated list of IP addresses or networks")


def test_proxies_are_addresses_and_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOOKED_AT", "10.0.0.5, 10.1.0.0/16,2001:db8::/32")
    assert [str(network) for network in networks_at("LOOKED_AT", "127.0.0.1")] == [
        "10.0.0.5/32",
        "10.1.0.0/16",
        "2001:db8::/32",
    ]
    monkeypatch.setenv("LOOKED_AT", "")
    assert [str(network) for network in networks_at("LOOKED_AT", "127.0.0.1,::1")] == ["127.0.0.1/32", "::1/128"]


def test_mail_has_a_sender_where_there_is_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EMAIL_FROM", raising=False)
    assert sender_at("EMAIL_FROM", is_needed=False) == ""
    with pytest.raises(EnvError, match="EMAIL_FROM must be an email address"):
        sender_at("EMAIL_FROM", is_needed=True)
    for wrong in ("library", "library@", "a b@example.org", "library@example.org\nBcc: x@example.org"):
        monkeypatch.setenv("EMAIL_FROM", wrong)
        with pytest.raises(EnvError, match="EMAIL_FROM must be an email address"):
            sender_at("EMAIL_FROM", is_needed=False)
    monkeypatch.setenv("EMAIL_FROM", "library@example.org")
    assert sender_at("EMAIL_FROM", is_needed=True) == "library@example.org"


def test_a_secret_is_made_once_and_is_its_owners(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret_key"
    secret = stored_secret(path)

    assert len(secret) > 60
    assert stored_secret(path) == secret
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["secret_key"]


@pytest.mark.parametrize("secret", ["gh3im", "x" * 64])
def test_a_secret_that_can_be_guessed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    refusal = refusal_of(lambda name: secret_at(name, tmp_path / "secret_key"), monkeypatch, secret)

    assert refusal.startswith("LOOKED_AT can be guessed: it needs at least 32 random characters")
    assert secret not in refusal


@pytest.mark.parametrize("content", [b"", b"\n", b"short\n", b"\xff" * 64])
def test_a_file_without_a_secret_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secret_key").write_bytes(content)

    finished = subprocess.run(
        [sys.executable, "-W", "error", "manage.py", "check"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert finished.returncode == 1
    (line,) = finished.stderr.splitlines()
    assert line.startswith(f"The site can't start. The file {tmp_path}/secret_key is empty or damaged: put back")


def test_two_first_starts_agree_on_the_secret(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from config.env import stored_secret;"
        " print(stored_secret(Path(sys.argv[1]) / 'secret_key'))"
    )

    def start(_number: int) -> str:
        command = [sys.executable, "-c", program, str(tmp_path)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(start, range(4)))) == 1


def test_a_pooler_needs_the_way_past_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert pool_at("DATABASE_POOL_URL", needs="DATABASE_URL") is None

    monkeypatch.setenv("DATABASE_POOL_URL", "postgres://reader@pool.example.org:6432/library")
    with pytest.raises(EnvError, match="DATABASE_POOL_URL needs DATABASE_URL"):
        pool_at("DATABASE_POOL_URL", needs="DATABASE_URL")

    monkeypatch.setenv("DATABASE_URL", "postgres://owner@db.example.org/library")
    pool = pool_at("DATABASE_POOL_URL", needs="DATABASE_URL")
    assert pool
    assert (pool["HOST"], pool["PORT"], pool["USER"]) == ("pool.example.org", 6432, "reader")
