"""A data directory that was copied or moved by hand: what is whole runs, what may be torn is one sentence."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.config.test_embedded_postgres import USER, ask, socket_of
from tests.processes import Process, eventually, postgres_of, temporary_data_dir


@pytest.fixture(scope="module")
def stopped() -> Iterator[Path]:
    """A data directory whose server ended in order."""
    with temporary_data_dir() as folder:
        user = Process([sys.executable, "-c", USER, str(folder / "own")])
        socket_of(user)
        user.ended()
        user.close()
        yield folder / "own"


@pytest.fixture
def folder(stopped: Path) -> Iterator[Path]:
    """A folder with a whole copy of it, in `own`."""
    with temporary_data_dir() as folder:
        copy(stopped, folder / "own")
        yield folder


@pytest.fixture
def start() -> Iterator[Callable[[Path], Process]]:
    processes: list[Process] = []

    def start_one(data_dir: Path) -> Process:
        processes.append(Process([sys.executable, "-W", "error", "-c", USER, str(data_dir)]))
        return processes[-1]

    yield start_one
    for process in processes:
        process.close()


def copy(source: Path, target: Path) -> None:
    subprocess.run(["cp", "-a", source, target], check=True)


def sentence_of(user: Process) -> str:
    assert user.ended() == 1
    assert user.output.count("\n") == 1, user.output
    return user.output.strip()


def kill(user: Process, folder: Path) -> None:
    """What a power cut does."""
    user.kill()
    for process in postgres_of(folder):
        process.kill()
    eventually(lambda: not postgres_of(folder))


def test_a_copy_of_a_stopped_library_runs(folder: Path, start: Callable[[Path], Process]) -> None:
    assert ask(socket_of(start(folder / "own")), "SELECT 1") == "1"


def test_a_library_that_was_stopped_and_moved_runs(folder: Path, start: Callable[[Path], Process]) -> None:
    (folder / "own").rename(folder / "moved")

    assert ask(socket_of(start(folder / "moved")), "SELECT 1") == "1"


def test_a_copy_of_a_running_library_is_refused_at_once(folder: Path, start: Callable[[Path], Process]) -> None:
    original = start(folder / "own")
    socket_of(original)
    copy(folder / "own", folder / "copy")

    sentence = sentence_of(start(folder / "copy"))

    assert sentence.startswith(f"{folder}/copy/postgres is a copy of {folder}/own/postgres, made while the server")
    assert sentence.endswith("restore it here with manage.py restore.")
    assert original.popen.poll() is None


def test_a_library_that_was_moved_while_it_ran_waits_for_its_end(
    folder: Path, start: Callable[[Path], Process]
) -> None:
    running = start(folder / "own")
    socket_of(running)
    (server,) = postgres_of(folder)
    (folder / "own").rename(folder / "moved")

    sentence = sentence_of(start(folder / "moved"))

    assert sentence.startswith(f"{folder}/moved/postgres was moved here while its server was running")
    assert f"(process {server.pid})" in sentence


def test_a_killed_library_that_was_moved_recovers(folder: Path, start: Callable[[Path], Process]) -> None:
    killed = start(folder / "own")
    socket_of(killed)
    kill(killed, folder)
    (folder / "own").rename(folder / "moved")

    assert ask(socket_of(start(folder / "moved")), "SELECT 1") == "1"


def test_a_copy_that_may_be_torn_is_refused_until_somebody_is_sure(
    folder: Path, start: Callable[[Path], Process]
) -> None:
    killed = start(folder / "own")
    socket_of(killed)
    kill(killed, folder)
    lock = folder / "own" / "postgres" / "postmaster.pid"
    lines = lock.read_text().splitlines(keepends=True)
    lock.write_text("".join([*lines[:2], f"{int(lines[2]) - 60}\n", *lines[3:]]))  # it ran for a minute
    copy(folder / "own", folder / "copy")
    shutil.rmtree(folder / "own")

    sentence = sentence_of(start(folder / "copy"))
    assert sentence.startswith(f"The files in {folder}/copy/postgres were copied while their server was running")

    (folder / "copy" / "postgres" / "postmaster.pid").unlink()
    assert ask(socket_of(start(folder / "copy")), "SELECT 1") == "1"
