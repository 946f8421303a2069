"""What another user made in `DATA_DIR` is one sentence, and no traceback."""

import errno
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from library.server.bootstrap import foreign_folder_refused


def test_a_file_of_another_user_is_told_with_its_owner(settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    path = tmp_path / "static"
    path.mkdir()

    with pytest.raises(CommandError) as caught, foreign_folder_refused():
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    assert str(caught.value) == (
        f"DATA_DIR must be a folder the site can read and write: {path}: Permission denied. It belongs to "
        f"{path.owner()}. "
        "Start the site as that user, or set DATA_DIR to a folder of your own."
    )


def test_other_errors_are_left_alone(settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"

    with pytest.raises(PermissionError), foreign_folder_refused():
        raise PermissionError(errno.EACCES, "Permission denied", str(tmp_path / "elsewhere"))
    with pytest.raises(OSError, match="no name"), foreign_folder_refused():
        raise OSError(errno.EIO, "no name")
