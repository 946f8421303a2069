"""What the environment says, read once and refused where it makes no sense.

Reading numbers, lists and truth values is `environs`' work; here is only what it has not.
"""

import os
import secrets
from pathlib import Path

from environs import Env, EnvError

env = Env()


def secret_kept_in(path: Path) -> str:
    """The secret in the file `path`; made at random on the first call, readable by its owner alone.

    Two processes that start at once agree: the file is made whole under another name and then
    linked into place, which only one of them can do. Raises `EnvError` where nothing can be written.
    """
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise EnvError(f"DATA_DIR is no place to write to: {error}.") from error
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(64))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="ascii").strip()
