"""Files that curators send: kept in a folder that nothing serves, each under a name of its own, until they are done.

When nobody wants them any more, the clock has them deleted (`FileImport.objects.forget`).
"""

import contextlib
import os
import secrets
from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePath

from library.models import FileImport, User


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
