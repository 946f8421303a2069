"""The files of pictures in MEDIA_ROOT: written whole under a name of our own, read by that very name, deleted.

In `former` below it lie those that no entry shows any more, while the history names them. Readers do not get them.
"""

import contextlib
import hashlib
import os
import re
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings

_FORMER = "former"
# The ref of its resource, and a hash of what is in it: under one name there is ever only one picture.
NAME_PATTERN = r"^[a-z0-9]{4,12}-[0-9a-f]{16}\.webp$"
_NAME = re.compile(NAME_PATTERN.replace("$", r"\Z"))


def name_for(ref: str, content: bytes) -> str:
    return f"{ref}-{hashlib.sha256(content).hexdigest()[:16]}.webp"


def read_file(name: str, *, also_former: bool = False) -> bytes | None:
    """What is in the picture of this very name, if need be of one that was put away; None where there is none."""
    folders = [Path(settings.MEDIA_ROOT), Path(settings.MEDIA_ROOT) / _FORMER]
    for folder in folders if also_former else folders[:1]:
        with contextlib.suppress(FileNotFoundError):
            return (folder / name).read_bytes() if _NAME.match(name) else None
    return None


def write_file(name: str, content: bytes) -> None:
    """Whole or not at all: it gets its name when all of it is there."""
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as part:
        part.write(content)
    Path(part.name).chmod(0o644)
    os.replace(part.name, folder / name)


def put_away(name: str) -> None:
    """No longer for readers, and not deleted."""
    folder = Path(settings.MEDIA_ROOT)
    (folder / _FORMER).mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        os.replace(folder / name, folder / _FORMER / name)


def bring_out(name: str) -> bool:
    """For readers again, as a copy; whether the file is there."""
    folder = Path(settings.MEDIA_ROOT)
    if (folder / name).is_file():
        return True
    try:
        write_file(name, (folder / _FORMER / name).read_bytes())
    except FileNotFoundError:
        return False
    return True


def files_before(moment: float) -> list[str]:
    """What lies there and was written before this moment, in seconds since 1970; also what was never finished."""
    return [path.name for path in _files(Path(settings.MEDIA_ROOT)) if path.stat().st_mtime < moment]


def former_files() -> list[str]:
    """What was put away."""
    return [path.name for path in _files(Path(settings.MEDIA_ROOT) / _FORMER)]


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []


def delete_file(name: str) -> None:
    """Also where it was put away."""
    for folder in (Path(settings.MEDIA_ROOT), Path(settings.MEDIA_ROOT) / _FORMER):
        (folder / name).unlink(missing_ok=True)
