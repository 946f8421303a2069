"""Pictures that an earlier version kept as files in `DATA_DIR/media`, taken into the database.

Each host does this with its own folder at each start. The files are left where they are: a host that still runs the
earlier version needs them.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from library.models import Picture, PictureFile
from library.models.picture import names_in_history
from library.models.picture_file import NAME_PATTERN, name_for

from .images import STORED_BYTES

_NAME = re.compile(NAME_PATTERN.replace("$", r"\Z"))
_FORMER = "former"  # below it: pictures that only the history named
_AT_ONCE = 200


@dataclass(frozen=True)
class TakenOver:
    """How many pictures are in the database now, and the names of those that can't be read or are damaged."""

    taken: int
    left: list[str]


def take_over_picture_files(folder: Path) -> TakenOver:
    """Copy what an entry or its history names and the database doesn't have yet. May be repeated.

    Costs a query for each 200 files, and three more where some of them are new.
    """
    paths = {path.name: path for path in (*folder.glob(f"{_FORMER}/*.webp"), *folder.glob("*.webp"))}
    names = sorted(name for name in paths if _NAME.match(name))
    taken, left = 0, []
    for start in range(0, len(names), _AT_ONCE):
        missing = _missing(names[start : start + _AT_ONCE])
        files = {name: _content(paths[name]) for name in missing}
        rows = [PictureFile(name=name, content=content) for name, content in files.items() if content]
        PictureFile.objects.bulk_create(rows, ignore_conflicts=True)
        taken += len(rows)
        left += [name for name, content in files.items() if not content]
    return TakenOver(taken, left)


def _missing(names: list[str]) -> list[str]:
    """Those of these names that are still needed and have no file in the database."""
    stored = set(PictureFile.objects.filter(name__in=names).values_list("name", flat=True))
    new = [name for name in names if name not in stored]
    if not new:
        return []
    needed = names_in_history(new).union(Picture.objects.filter(name__in=new).values_list("name", flat=True))
    return [name for name in new if name in needed]


def _content(path: Path) -> bytes | None:
    """What is in this file, if its name says so too."""
    try:
        with path.open("rb") as file:
            content = file.read(STORED_BYTES + 1)
    except OSError:
        return None
    is_whole = len(content) <= STORED_BYTES and name_for(path.name.partition("-")[0], content) == path.name
    return content if is_whole else None
