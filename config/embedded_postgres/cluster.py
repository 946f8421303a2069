"""The files of a private PostgreSQL: made whole or not at all, and refused when another version made them."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from config.embedded_postgres.programs import (
    HERE,
    VERSION,
    Owner,
    ServerUnavailable,
    maker_for,
    owner_of,
    program,
    reason_in,
    run,
)

ROLE = "library"  # owns the databases and is no superuser


def ensure_cluster(cluster: Path, *, durable: bool, pass_fds: Sequence[int]) -> None:
    """Make the cluster if it is missing. Raises ServerUnavailable.

    `pass_fds` are locks: should this process be killed, the program that is at work holds them until it has ended too,
    so that nobody tidies up after it too early.
    """
    marker = cluster / "PG_VERSION"
    if not marker.exists():
        _make(cluster, durable, pass_fds)
    version = marker.read_text().strip()
    if version != VERSION:
        raise ServerUnavailable(
            f"The database in {cluster} was made by PostgreSQL {version or '(unknown)'} and this site brings "
            f"PostgreSQL {VERSION}: move it over with pg_dump and pg_restore, or set DATA_DIR to another directory."
        )


def make_private_dir(folder: Path, owner: Owner | None) -> None:
    """A folder for the server's user alone."""
    folder.mkdir(mode=0o700)
    if owner is not None:
        os.chown(folder, owner.uid, owner.gid)


def place_of(folder: Path, owner: Owner | None) -> str:
    """What a program that runs in the folder calls it."""
    return str(folder if owner is None else HERE)


def _make(cluster: Path, durable: bool, pass_fds: Sequence[int]) -> None:
    """Make it beside its place and move it there whole: one that was interrupted is never used."""
    if cluster.exists() and any(cluster.iterdir()):
        raise ServerUnavailable(
            f"{cluster} has files in it that aren't a database: move them, or set DATA_DIR to another directory."
        )
    unfinished = cluster.with_name(f"{cluster.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    owner = owner_of(cluster)
    maker = maker_for(owner)
    make_private_dir(unfinished, maker)
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    access = ["--username=postgres", "--auth-local=trust", "--auth-host=reject"]
    sync = [] if durable else ["--no-sync"]
    place = place_of(unfinished, maker)
    initdb = [program("initdb", maker), *locale, *access, *sync, "-D", place]
    single = [program("postgres", maker), "--single", "-D", place, "postgres"]
    for command, input_text in ((initdb, ""), (single, f"CREATE ROLE {ROLE} LOGIN CREATEDB")):
        finished = run(command, maker, folder=unfinished, input_text=input_text, pass_fds=pass_fds)
        if finished.returncode:
            reason = reason_in(finished.stderr)
            raise ServerUnavailable(f"The database in {cluster.parent} couldn't be created: {reason}.")
    if owner is not None and owner != maker:
        for path in (unfinished, *unfinished.rglob("*")):
            os.chown(path, owner.uid, owner.gid, follow_symlinks=False)
    unfinished.rename(cluster)
