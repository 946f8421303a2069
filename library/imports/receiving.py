"""Files that curators send: kept in a folder that nothing serves, each under a name of its own, until they are done."""

import contextlib
import os
import secrets
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path, PurePath

from django.conf import settings

from library.models import FileImport, ImportedRow, User

# A file that no import knows may be one that is being received.
_UNKNOWN_FOR = 24 * 3600  # seconds


def receive(
    chunks: Iterable[bytes], name: str, by: User, now: datetime, *, create_missing: bool, publish: bool
) -> FileImport:
    """Keep a file and ask for its check. Raises OSError when there is no room for it; nothing stays behind then."""
    file_import = FileImport(name=name, uploaded_by=by, uploaded_at=now, asked_at=now)
    file_import.create_missing, file_import.publish = create_missing, publish
    file_import.stored = f"{secrets.token_hex(16)}{PurePath(name).suffix.lower()}"
    file_import.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.ExitStack() as when_it_fails:
        when_it_fails.callback(file_import.path.unlink, missing_ok=True)
        with open(os.open(file_import.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.writelines(chunks)
        file_import.save()
        when_it_fails.pop_all()
    return file_import


def forget(now: datetime) -> None:
    """Delete files that nobody has decided on, rows that can no longer be undone, and files that nobody knows."""
    for file_import in FileImport.objects.undecided(now):
        file_import.path.unlink(missing_ok=True)
        FileImport.objects.filter(pk=file_import.pk).update(state=FileImport.State.FORGOTTEN, stored="")
        ImportedRow.objects.filter(file_import=file_import).delete()
    ImportedRow.objects.filter(file_import__in=FileImport.objects.beyond_undoing(now)).delete()
    known = set(FileImport.objects.exclude(stored="").values_list("stored", flat=True))
    folder = Path(settings.IMPORTS_DIR)
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in known and path.stat().st_mtime < time.time() - _UNKNOWN_FOR:
            path.unlink(missing_ok=True)
