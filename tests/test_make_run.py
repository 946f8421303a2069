"""`make run` as a newcomer types it, with the packages installed already."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.processes import (
    ROOT,
    Process,
    copy_static_files,
    first_run,
    free_port,
    postgres_of,
    status_of,
    temporary_data_dir,
)


@pytest.fixture
def make_run() -> Iterator[Callable[..., Process]]:
    processes: list[Process] = []

    def start(data_dir: str | Path, **environment: str) -> Process:
        settings = {"DATA_DIR": str(data_dir), "DURABLE": "false", "WEB_CONCURRENCY": "1"} | environment
        processes.append(Process(["make", "run"], **settings))
        return processes[-1]

    yield start
    for process in processes:
        process.close()


def test_two_sites_started_at_once_live_side_by_side_and_one_that_was_killed_starts_again(
    make_run: Callable[..., Process],
) -> None:
    """One has run before; the other one is new, and its second run repeats nothing."""
    with temporary_data_dir(like=first_run().data_dir) as old, temporary_data_dir() as folder:
        # Relative, with spaces, and a password with signs that make and the shell would like to read.
        new = os.path.relpath(folder, ROOT) + "/my own data"
        (folder / "my own data").mkdir()
        copy_static_files(folder / "my own data")
        curator = {"DJANGO_SUPERUSER_USERNAME": "lee", "DJANGO_SUPERUSER_PASSWORD": "$b `c` #d 'e"}
        ports = [free_port(), free_port()]
        sites = [make_run(old, PORT=ports[0]), make_run(new, PORT=ports[1], **curator)]
        for site, port in zip(sites, ports, strict=True):
            site.line_with(f"The site is at http://127.0.0.1:{port}")
            assert status_of(port) == 200
        assert "A curator was created." not in sites[1].output

        assert_ctrl_c_leaves_nothing(sites[0], old)
        assert status_of(ports[1]) == 200

        os.killpg(sites[1].popen.pid, signal.SIGKILL)
        for process in postgres_of(folder):
            process.kill()
        again = make_run(new, PORT=ports[1])
        again.line_with("The site is at")
        assert status_of(ports[1]) == 200
        assert again.output == f"\nThe site is at http://127.0.0.1:{ports[1]}\n"
        assert_ctrl_c_leaves_nothing(again, folder)


def assert_ctrl_c_leaves_nothing(site: Process, data_dir: Path) -> None:
    site.interrupt()

    assert "Traceback" not in site.output
    assert postgres_of(data_dir) == []


def test_says_so_where_python_is_too_old(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    for name in ("env", "make", "sh"):
        (tmp_path / name).symlink_to(
            next(path for path in (Path("/usr/bin", name), Path("/bin", name)) if path.exists())
        )

    made = subprocess.run(
        ["make", "run"], cwd=ROOT, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )

    assert made.returncode == 2
    assert made.stderr.splitlines()[0].startswith("Python 3.11 or newer is needed and was not found")
    assert "Traceback" not in made.stderr


def test_a_python_that_was_named_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    old = tmp_path / "python3.9"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)

    for named in (str(old), "no-such-python"):
        made = subprocess.run(["make", "run", f"PYTHON={named}"], cwd=ROOT, capture_output=True, text=True, check=False)

        assert made.returncode == 2
        assert made.stderr.splitlines()[0] == (
            f"PYTHON is {named}, and that is no Python 3.11 or newer: name another, or none."
        )


def test_help_has_a_line_for_every_command() -> None:
    made = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)

    lines = made.stdout.splitlines()
    assert {"make run", "make test", "make check", "make dev", "make help"} <= {
        " ".join(line.split()[:2]) for line in lines
    }
    assert all(len(line) < 100 for line in lines)
