"""What the environment says is read once, and refused where it makes no sense."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config.env import secret_kept_in
from tests.conftest import ROOT


def settings_under(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A process that reads the settings and says a few of them."""
    program = (
        "from django.conf import settings as s\n"
        "print(s.DEBUG, s.HOST, s.PORT, s.ALLOWED_HOSTS, s.SECURE_HSTS_SECONDS, s.SESSION_COOKIE_SECURE, s.DATA_DIR,"
        " s.DATABASES['default']['ENGINE'], s.SECRET_KEY, sep='|')"
    )
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=ROOT,
        env=kept | {"DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_everything_has_a_default(tmp_path: Path) -> None:
    said = settings_under(tmp_path).stdout.strip().split("|")

    assert said[:8] == [
        "False",
        "127.0.0.1",
        "8000",
        "['localhost', '127.0.0.1', '[::1]', '127.0.0.1']",
        "0",
        "False",
        str(tmp_path),
        "config.embedded_postgres",
    ]
    assert len(said[8]) > 60


def test_the_environment_decides(tmp_path: Path) -> None:
    said = settings_under(
        tmp_path,
        DEBUG="true",
        HOST="0.0.0.0",
        PORT="8001",
        ALLOWED_HOSTS="library.example.org,www.example.org",
        HTTPS="true",
        DATABASE_URL="postgres://reader@db.example.org/library",
        SECRET_KEY="kept elsewhere",
    ).stdout.strip()

    assert said == (
        "True|0.0.0.0|8001|['library.example.org', 'www.example.org']|31536000|True|"
        f"{tmp_path}|django.db.backends.postgresql|kept elsewhere"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("DEBUG", "perhaps"), ("PORT", "http"), ("PORT", "0"), ("PORT", "70000"), ("HTTPS", "2"), ("DURABLE", "maybe")],
)
def test_what_makes_no_sense_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    finished = settings_under(tmp_path, **{name: value})

    assert finished.returncode != 0
    assert name in finished.stderr.splitlines()[-1]


def test_a_database_of_another_make_is_refused(tmp_path: Path) -> None:
    finished = settings_under(tmp_path, DATABASE_URL="nonsense://x")

    assert finished.returncode != 0


def test_a_secret_is_made_once_and_is_its_owners(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret_key"
    secret = secret_kept_in(path)

    assert len(secret) > 60
    assert secret_kept_in(path) == secret
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["secret_key"]


def test_two_first_starts_agree_on_the_secret(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from config.env import secret_kept_in;"
        " print(secret_kept_in(Path(sys.argv[1]) / 'secret_key'))"
    )

    def start(_number: int) -> str:
        command = [sys.executable, "-c", program, str(tmp_path)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(start, range(4)))) == 1
