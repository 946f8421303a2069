"""A small file in `DATA_DIR` that every process of a machine reads, for when the database is away."""

import contextlib
import os
import threading
from pathlib import Path


def replace_file(path: Path, text: str) -> None:
    """Write it, whole or not at all, unless it says this already. A disk that can't be written to costs the file."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    with contextlib.suppress(OSError):
        if path.is_file() and path.read_bytes() == text.encode():
            return
        try:
            draft.write_text(text, encoding="utf-8")
            draft.replace(path)
        except OSError:
            draft.unlink(missing_ok=True)
