"""The life of one private PostgreSQL server: made, started, shared by several processes, stopped by the last of them.

Knows no Django. `cluster` makes its files, `programs` has the programs and the user that they run as.
"""

import atexit
import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from config.embedded_postgres.cluster import ensure_cluster, make_private_dir, place_of
from config.embedded_postgres.copies import refuse_torn_copy, remember_place
from config.embedded_postgres.programs import HERE, ServerUnavailable, owner_of, program, reason_in, run

EMBEDDED_PORT = 5432  # part of the socket's file name; nothing listens on TCP

START_PATIENCE = 60.0  # seconds for one start, recovery after a crash included
STOP_PATIENCE = 30.0
OLD_SERVER_PATIENCE = 10.0  # seconds for the remains of a killed server to end
START_COOL_DOWN = 2.0  # seconds after a failed start in which requests are told so instead of trying again
LONGEST_SOCKET_PATH = 100  # the system's limit is 104 bytes on macOS, 108 on Linux
SHUTDOWN_SIGNALS = {signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP}
LEAST_FREE = 1_000_000  # bytes without which a start that failed is put down to the full disk
LOG_LIMIT = 1_000_000  # bytes, after which the next start begins a new log

SETTINGS = {
    "listen_addresses": "",
    "port": str(EMBEDDED_PORT),
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",  # as much of it as the library fills
    "max_connections": "200",
    "client_connection_check_interval": "1s",  # what a killed process was waiting for does not keep its locks
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


@dataclass(frozen=True)
class Postmaster:
    """What `postmaster.pid` says; `status` is `starting`, `ready` or `stopping`, and empty in the first moment."""

    pid: int
    socket_dir: Path
    status: str


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
        self._mark = self.data_dir / "postgres.place"
        self._durable = durable
        self._socket_dir = self.cluster
        self._log_start = 0
        self._lease: int | None = None
        self._held: tuple[int, ...] = ()
        self._failure: tuple[float, str] | None = None
        self._threads = threading.Lock()
        os.register_at_fork(after_in_child=self._drop_lease)

    def use(self, patience: float = START_PATIENCE) -> Path:
        """Hold a lease on a running server until this process ends; return the folder of its socket.

        Free once the lease is held: whether the server still runs is looked at by `revive`.
        Raises ServerUnavailable.
        """
        if self._lease is None:
            self.revive(patience)
        return self._socket_dir

    def revive(self, patience: float = START_PATIENCE) -> Path:
        """Start the server if it does not run; return the folder of its socket. Raises ServerUnavailable.

        Also after `patience` seconds, in which other threads of this process may be at it: a server that takes longer
        goes on starting.
        """
        deadline = time.monotonic() + patience
        if not self._threads.acquire(timeout=patience):
            raise ServerUnavailable(f"Starting the database in {self.data_dir}.")
        try:
            if self._failure and time.monotonic() < self._failure[0]:
                raise ServerUnavailable(self._failure[1])
            try:
                self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
                with self._start_lock(deadline - time.monotonic()):
                    self._take_lease()
                    self._socket_dir = self._ensure_running(deadline).socket_dir
            except (ServerUnavailable, OSError, subprocess.SubprocessError) as error:
                sentence = str(error) if isinstance(error, ServerUnavailable) else _sentence(error, self.data_dir)
                self._failure = (time.monotonic() + START_COOL_DOWN, sentence)
                raise ServerUnavailable(sentence) from error
            self._failure = None
            return self._socket_dir
        finally:
            self._threads.release()

    def stop(self) -> None:
        """Stop the server whoever uses it, one that a killed process left behind too. Raises ServerUnavailable."""
        with self._start_lock(START_PATIENCE):
            self._stop()

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
        atexit.register(self._leave_at_exit)

    def _drop_lease(self) -> None:
        """In a forked child: locks are the parent's, and stay held for as long as anyone keeps them open."""
        self._threads = threading.Lock()
        for descriptor in (*self._held, self._lease):
            if descriptor is not None:
                os.close(descriptor)
        self._held, self._lease = (), None

    def leave(self) -> None:
        """Give the lease back; the last user stops the server."""
        if self._lease is None:
            return
        lease, self._lease = self._lease, None
        with contextlib.suppress(ServerUnavailable, OSError), self._start_lock(STOP_PATIENCE):
            if _lock(lease, fcntl.LOCK_EX):
                self._stop()
        os.close(lease)

    def _leave_at_exit(self) -> None:
        """As `leave`, deaf from now on: an impatient second Ctrl-C would leave the server running."""
        if self._lease is None:
            return
        for _ in SHUTDOWN_SIGNALS:  # each that has arrived may raise once
            with contextlib.suppress(KeyboardInterrupt, SystemExit):
                signal.pthread_sigmask(signal.SIG_BLOCK, SHUTDOWN_SIGNALS)
        self.leave()

    # Starting and stopping, always under the start lock

    def _ensure_running(self, deadline: float) -> Postmaster:
        ensure_cluster(self.cluster, durable=self._durable, pass_fds=self._held)
        left = self._postmaster()
        if left and not self._is_ours(left.pid):
            refuse_torn_copy(self.cluster, self._mark)
        begun = time.monotonic()
        launched: int | None = None
        while True:
            postmaster = self._postmaster()
            alive = postmaster is not None and self._is_ours(postmaster.pid)
            if postmaster and alive and postmaster.status == "ready":
                if (postmaster.socket_dir / f".s.PGSQL.{EMBEDDED_PORT}").exists():
                    return postmaster
                self._stop()  # somebody tidied the socket away: nobody can reach this server any more
            elif not alive and (launched is None or not self._is_ours(launched)):
                if launched is not None:
                    self._give_up_unless_leftovers(time.monotonic() - begun)
                    time.sleep(0.2)
                self._remove_torn_lock_files()
                launched = self._launch(postmaster)
            if time.monotonic() > deadline:
                raise ServerUnavailable(
                    f"The database in {self.cluster} isn't ready after {time.monotonic() - begun:.0f} seconds: "
                    f"see {self.log}."
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
        socket_dir = self.cluster if lines[4] == str(HERE) else Path(lines[4])
        return Postmaster(int(lines[0]), socket_dir, lines[7].strip())

    def _is_ours(self, pid: int) -> bool:
        """Whether that process is this cluster's postmaster, alive: a number is soon given to another process."""
        try:
            process = psutil.Process(pid)
            return process.status() != psutil.STATUS_ZOMBIE and self._name in process.cmdline()
        except psutil.Error:
            return False

    def _launch(self, old: Postmaster | None) -> int:
        """Start a postmaster, away from this process and its terminal; its number."""
        settings = SETTINGS if self._durable else SETTINGS | FORGETFUL
        owner, socket_dir = owner_of(self.cluster), self._prepare_socket_dir()
        place = place_of(self.cluster, owner)
        settings |= {"unix_socket_directories": _quoted(place if socket_dir == self.cluster else str(socket_dir))}
        options = [self._name, *(f"--{name}={value}" for name, value in settings.items())]
        # The shell tells the number and ends: the server is nobody's child here, and Ctrl-C does not reach it.
        command = ["/bin/sh", "-c", '"$@" >&2 & echo $!', "sh", program("postgres", owner), "-D", place, *options]
        environment = {}
        if old is not None and not _is_living_postgres(old.pid):
            # PostgreSQL only asks whether a process of the old number exists, and would refuse for as long as nobody
            # reaps the dead one. It never minds this number, and still looks for what the old server left running.
            environment["PG_GRANDPARENT_PID"] = str(old.pid)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.unlink()
        with os.fdopen(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
            self._log_start = log.tell()
            finished = run(command, owner, folder=self.cluster, log=log, environment=environment)
        remember_place(self.cluster, self._mark)
        return int(finished.stdout)

    def _give_up_unless_leftovers(self, waited: float) -> None:
        """After a postmaster ended by itself: return if trying again can help, else raise with its own reason."""
        if shutil.disk_usage(self.data_dir).free < LEAST_FREE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))  # the log, on the same disk, may not say so
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            reason = reason_in(log.read().decode(errors="replace"))
        # What a killed server left running ends by itself within moments.
        if waited < OLD_SERVER_PATIENCE and ("lock file" in reason or "shared memory block" in reason):
            return
        raise ServerUnavailable(f"The database in {self.cluster} didn't start: {reason} (see {self.log}).")

    def _stop(self) -> None:
        """Fast shutdown: connections are closed, everything written is kept."""
        for order in (signal.SIGINT, signal.SIGQUIT):
            postmaster = self._postmaster()
            if postmaster is None or not self._is_ours(postmaster.pid):
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(postmaster.pid, order)
            deadline = time.monotonic() + STOP_PATIENCE
            while self._is_ours(postmaster.pid) and time.monotonic() < deadline:
                time.sleep(0.01)
            if postmaster.socket_dir != self.cluster:
                with contextlib.suppress(OSError):
                    postmaster.socket_dir.rmdir()

    def _remove_torn_lock_files(self) -> None:
        """A lock file that was only half written, at a power cut, stops PostgreSQL for ever."""
        for path in (self.cluster / "postmaster.pid", self.socket_dir / f".s.PGSQL.{EMBEDDED_PORT}.lock"):
            if path.exists() and not path.read_bytes().split(b"\n")[0].strip().isdigit() and not self._leftovers():
                path.unlink()

    def _leftovers(self) -> bool:
        """Whether any process of this cluster lives."""
        title = f"postgres: {self._title}"
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                command = process.cmdline()
                if self._name in command or (command and command[0].startswith(title)):
                    return True
        return False

    # The files

    @property
    def _title(self) -> str:
        """A short name of this cluster, the same in every process."""
        return "library-" + hashlib.sha256(os.fsencode(self.cluster)).hexdigest()[:16]

    @property
    def _name(self) -> str:
        """The word by which the command line of this cluster's postmaster is known."""
        return f"--cluster_name={self._title}"

    @property
    def socket_dir(self) -> Path:
        """Where a new server gets its socket: in the cluster, or else, where that path will not do, a folder for it."""
        for folder in (self.cluster, Path(tempfile.gettempdir()) / self._title):
            short = len(os.fsencode(folder / f".s.PGSQL.{EMBEDDED_PORT}")) <= LONGEST_SOCKET_PATH
            if short and "," not in str(folder):  # a comma ends a host's name
                return folder
        return Path("/tmp") / self._title  # noqa: S108 - used only after _prepare_socket_dir found it ours and private

    def _prepare_socket_dir(self) -> Path:
        """The folder of the socket, there and private: whoever reaches the socket can read and write everything."""
        folder = self.socket_dir
        if folder == self.cluster:
            return folder
        if not folder.exists():
            make_private_dir(folder, owner_of(self.cluster))
        info, owner = folder.lstat(), owner_of(self.cluster)
        expected = os.geteuid() if owner is None else owner.uid
        if not stat.S_ISDIR(info.st_mode) or info.st_uid != expected or stat.S_IMODE(info.st_mode) & 0o077:
            raise ServerUnavailable(
                f"The path of {self.data_dir} cannot hold a socket, and {folder}, which would do instead, "
                "is not this user's own: remove it, or set DATA_DIR to a shorter path."
            )
        return folder


def _lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_living_postgres(pid: int) -> bool:
    try:
        process = psutil.Process(pid)
        return bool(process.status() != psutil.STATUS_ZOMBIE and process.name() == "postgres")
    except psutil.Error:
        return False


def _quoted(folder: str) -> str:
    return '"' + folder.replace('"', '""') + '"'


def _sentence(error: OSError | subprocess.SubprocessError, data_dir: Path) -> str:
    if not isinstance(error, OSError):
        return f"The database in {data_dir} couldn't be started: {error}."
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk that holds {data_dir} is full: free up space, and the site recovers by itself."
    return (
        f"The data directory {data_dir} can't be used ({error.strerror or error}): "
        "let this user write there, or set DATA_DIR to another directory."
    )
