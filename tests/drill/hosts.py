"""Two hosts on this machine: PostgreSQL, PgBouncer in front of it, two sites with a directory each, nginx before both.

Every server is the one that Debian packages, with a directory of its own, and writes what it has to say to a file.
"""

import contextlib
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2

from tests.processes import PATIENCE, ROOT, free_port

# Programs, and Debian's packages that bring them.
NEEDED = {"initdb": "postgresql", "pgbouncer": "pgbouncer", "nginx": "nginx", "openssl": "openssl"}
PASSWORD = "two-hosts-drill"
HOST_NAME = "library.example.org"
_PLACES = ("/usr/sbin", "/usr/lib/postgresql/*/bin")


def program(name: str) -> str | None:
    """Where it is: on the path, or where Debian puts it."""
    places = [str(path) for place in _PLACES for path in sorted(Path("/").glob(place[1:]), reverse=True)]
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), *places]))


def missing() -> list[str]:
    """Which of Debian's packages this machine would still need."""
    return [package for name, package in NEEDED.items() if program(name) is None]


def _as_somebody(command: Sequence[str]) -> list[str]:
    """PostgreSQL and PgBouncer refuse to run as root."""
    words = [program(command[0]) or command[0], *command[1:]]
    if os.geteuid() != 0:
        return words
    return [str(program("setpriv")), "--reuid=postgres", "--regid=postgres", "--clear-groups", *words]


@dataclass
class Service:
    """A server that can be ended and started again; what it writes is appended to its log."""

    name: str
    command: list[str]
    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    popen: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        inherited = {name: os.environ[name] for name in ("HOME", "LANG", "PATH") if name in os.environ}
        with self.log.open("ab") as log:
            self.popen = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=inherited | {"PYTHONUNBUFFERED": "1"} | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_for(self, words: str) -> None:
        """Until its log holds these words."""
        deadline = time.monotonic() + 2 * PATIENCE
        while words not in self.log.read_text(errors="replace"):
            ended = self.popen is None or self.popen.poll() is not None
            if ended or time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} didn't say “{words}”:\n{self.log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)

    def end(self, order: signal.Signals = signal.SIGTERM) -> None:
        """The server, and whatever it has started and left."""
        if self.popen is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.popen.send_signal(order)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.popen.wait(PATIENCE)
        self.kill()

    def kill(self) -> None:
        """All of its processes at once, as a power cut would."""
        if self.popen is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()
        self.popen = None


@dataclass(frozen=True)
class Hosts:
    """The parts of the installation. `sites` are host A and host B."""

    folder: Path
    ports: dict[str, str]
    services: dict[str, Service]
    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(64))

    def ask_database(self, question: str, database: str = "library") -> Any:
        """The first row of the answer, past PgBouncer."""
        connection = psycopg2.connect(
            host="127.0.0.1", port=int(self.ports["postgres"]), dbname=database, user="library", password=PASSWORD
        )
        with contextlib.closing(connection), connection.cursor() as cursor:
            connection.autocommit = True
            cursor.execute(question)
            return cursor.fetchone() if cursor.description else None

    def files(self) -> Iterator[Path]:
        """Everything that any part has written."""
        yield from (path for path in self.folder.rglob("*") if path.is_file() and not path.is_symlink())


@contextlib.contextmanager
def two_hosts() -> Iterator[Hosts]:
    """PostgreSQL and PgBouncer run inside; the sites and nginx are there to be started."""
    folder = Path(tempfile.mkdtemp(prefix="two-hosts-")).resolve()
    ports = {name: free_port() for name in ("postgres", "pgbouncer", "a", "b", "nginx", "plain")}
    hosts = Hosts(folder, ports, {})
    try:
        folder.chmod(0o755)
        for name in ("log", "a", "b", "nginx"):
            (folder / name).mkdir()
        _start_postgres(hosts)
        _start_pgbouncer(hosts)
        for name in ("a", "b"):
            _site(hosts, name)
        _nginx(hosts)
        yield hosts
    finally:
        for service in reversed(hosts.services.values()):
            service.end(signal.SIGINT)
        shutil.rmtree(folder, ignore_errors=True)


def _owned(hosts: Hosts, name: str) -> Path:
    """A directory for a server that runs as somebody else."""
    folder = hosts.folder / name
    folder.mkdir(exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    return folder


def _service(hosts: Hosts, name: str, command: list[str], **environment: str) -> Service:
    service = Service(name, command, hosts.folder / "log" / f"{name}.log", environment)
    service.log.touch()
    hosts.services[name] = service
    return service


def _start_postgres(hosts: Hosts) -> None:
    data, password = _owned(hosts, "postgres"), hosts.folder / "password"
    password.write_text(PASSWORD)
    initdb = ["initdb", "-D", str(data), "-U", "library", "--encoding=UTF8", "--locale=C", "-N", "-A", "scram-sha-256"]
    subprocess.run(_as_somebody([*initdb, f"--pwfile={password}"]), check=True, capture_output=True)
    settings = {"port": hosts.ports["postgres"], "listen_addresses": "127.0.0.1", "fsync": "off"}
    settings |= {"unix_socket_directories": "", "max_connections": "60"}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    service = _service(hosts, "postgres", _as_somebody(["postgres", "-D", str(data), *options]))
    service.start()
    service.wait_for("ready to accept connections")
    hosts.ask_database("CREATE DATABASE library", database="postgres")


def _start_pgbouncer(hosts: Hosts) -> None:
    """With the settings that we recommend, and the role that the library asks for."""
    folder = _owned(hosts, "pgbouncer")
    roles = subprocess.run(
        [sys.executable, "manage.py", "database_roles"],
        cwd=ROOT,
        env=os.environ | _environment(hosts, "a"),
        check=True,
        capture_output=True,
        text=True,
    )
    for statement in [*roles.stdout.splitlines(), f"ALTER ROLE library_reader PASSWORD '{PASSWORD}'"]:
        hosts.ask_database(statement)
    recipe = changed(
        (ROOT / "deploy" / "pgbouncer.ini").read_text(),
        {
            "port=5432": f"port={hosts.ports['postgres']}",
            "listen_port = 6432": f"listen_port = {hosts.ports['pgbouncer']}",
            "/etc/pgbouncer/userlist.txt": f"{folder}/userlist.txt",
        },
    )
    (folder / "userlist.txt").write_text(f'"library_reader" "{PASSWORD}"\n')
    (folder / "pgbouncer.ini").write_text(f"{recipe}\nunix_socket_dir =\n")
    service = _service(hosts, "pgbouncer", _as_somebody(["pgbouncer", str(folder / "pgbouncer.ini")]))
    service.start()
    service.wait_for("process up")


def changed(recipe: str, places: dict[str, str]) -> str:
    """The recipe that we ship, for servers in places of their own."""
    for shipped, ours in places.items():
        if shipped not in recipe:
            raise RuntimeError(f"The recipe doesn't say “{shipped}” any more.")
        recipe = recipe.replace(shipped, ours)
    return recipe


def _environment(hosts: Hosts, name: str) -> dict[str, str]:
    """What the operator sets on each host."""
    return {
        "DATA_DIR": str(hosts.folder / name),
        "PORT": hosts.ports[name],
        "DATABASE_URL": f"postgres://library:{PASSWORD}@127.0.0.1:{hosts.ports['postgres']}/library",
        "DATABASE_POOL_URL": f"postgres://library_reader:{PASSWORD}@127.0.0.1:{hosts.ports['pgbouncer']}/library",
        "SECRET_KEY": hosts.secret_key,
        "ALLOWED_HOSTS": HOST_NAME,
        "HTTPS": "true",
        "REQUIRE_SECOND_FACTOR": "false",
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
    }


def _site(hosts: Hosts, name: str) -> None:
    _service(hosts, name, [sys.executable, "manage.py", "serve"], **_environment(hosts, name))


def _nginx(hosts: Hosts) -> None:
    """With the settings that we recommend, and two sites in place of one."""
    folder = _owned(hosts, "nginx")
    key = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"), "-subj", f"/CN={HOST_NAME}"]
    request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    request += ["-addext", f"subjectAltName=DNS:{HOST_NAME}"]
    subprocess.run([str(program("openssl")), *request, *key], check=True, capture_output=True)
    both = "".join(f"server 127.0.0.1:{hosts.ports[name]}; " for name in ("a", "b"))
    temporary = "".join(f"{name}_temp_path {folder}/{name}; " for name in ("fastcgi", "uwsgi", "scgi"))
    recipe = changed(
        re.sub(r" *listen \[::\].*\n", "", (ROOT / "deploy" / "nginx.conf").read_text()),
        {
            "/etc/ssl/library/fullchain.pem": f"{folder}/cert.pem",
            "/etc/ssl/library/privkey.pem": f"{folder}/key.pem",
            "/run/nginx.pid": f"{folder}/nginx.pid",
            "/var/log/nginx/error.log": f"{hosts.folder}/log/nginx-error.log",
            "/var/lib/nginx/": f"{folder}/",
            "listen 80": f"listen 127.0.0.1:{hosts.ports['plain']}",
            "listen 443": f"listen 127.0.0.1:{hosts.ports['nginx']}",
            "127.0.0.1:8000": "library",
            "http {": f"http {{ upstream library {{ {both}}} {temporary}",
        },
    )
    (folder / "nginx.conf").write_text(recipe)
    command = [str(program("nginx")), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    _service(hosts, "nginx", command)
