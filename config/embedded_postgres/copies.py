"""Whether the files of a cluster are a copy that somebody made while its server was running: such a copy may be torn.

A server that ends in order removes its `postmaster.pid`, so whatever is copied or moved afterward is whole. Where that
file is left, the server was killed, which PostgreSQL recovers from, or the files were copied under it, which it can't
even see. A copy has new inodes, and its files were made after the server's start.
"""

import contextlib
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from config.embedded_postgres.programs import ServerUnavailable

_INSTEAD = "Make a backup of the library with manage.py backup, and restore it here with manage.py restore"
_TOLERANCE = 2.0  # seconds between what a server says and what the system says of its start


def remember_place(cluster: Path, mark: Path) -> None:
    """Note which folder it is that a server runs in."""
    inode = str(cluster.stat().st_ino)
    if not mark.exists() or mark.read_text() != inode:
        mark.write_text(inode)


def refuse_torn_copy(cluster: Path, mark: Path) -> None:
    """Raises ServerUnavailable for a copy of a running server's files, and where that server still runs elsewhere.

    For a cluster whose own server isn't running.
    """
    try:
        lines = (cluster / "postmaster.pid").read_text(errors="replace").splitlines()
        pid, started = int(lines[0]), int(lines[2])
    except (FileNotFoundError, ValueError, IndexError):
        return
    folder = _folder_of(pid, started)
    if folder and folder.exists():
        if folder.samefile(cluster):
            raise ServerUnavailable(
                f"{cluster} was moved here while its server was running, and it still is (process {pid}): "
                "stop the site that it belongs to, then start again."
            )
        raise ServerUnavailable(
            f"{cluster} is a copy of {folder}, made while the server there was running, and may be damaged. {_INSTEAD}."
        )
    was_made_later = (cluster / "PG_VERSION").stat().st_ctime > started + _TOLERANCE
    if was_made_later and not _is_remembered(cluster, mark):
        raise ServerUnavailable(
            f"The files in {cluster} were copied while their server was running, or after it was killed, and may be "
            f"damaged. {_INSTEAD}. Only if you're sure that the server wasn't running when they were copied, "
            f"delete {cluster}/postmaster.pid and start again."
        )


def _folder_of(pid: int, started: int) -> Path | None:
    """Where a server works that was started then; None where it has ended, or the number is another process's now."""
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        # One that was killed this moment has lost its arguments, but for a little longer neither name nor folder.
        if process.name() == "postgres" and process.cmdline() and abs(process.create_time() - started) < _TOLERANCE + 1:
            return Path(process.cwd())
    return None


def _is_remembered(cluster: Path, mark: Path) -> bool:
    try:
        return mark.read_text() == str(cluster.stat().st_ino)
    except OSError:
        return False
