"""Uploaded files that find no room on the disk, or come from nobody knows whom: their form is read all the same.

Django would stop in the middle of the form, and whatever comes after the file would never be read.
"""

import contextlib
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler


class LostFile(UploadedFile):  # type: ignore[type-arg]
    """A file whose content could not be stored: only its name is left."""

    def __init__(self, name: str | None) -> None:
        super().__init__(BytesIO(), name, size=0)


class UnstoredFiles(FileUploadHandler):
    """What becomes of a large file before it is known who sends it: a `LostFile`, for the rest of its form is read."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> LostFile:
        return LostFile(self.file_name)


class TemporaryFiles(TemporaryFileUploadHandler):
    """Django's own handler for large files; one that can't be written becomes a `LostFile`."""

    is_lost = False

    def new_file(self, *args: Any, **options: Any) -> None:
        self.is_lost = False
        try:
            super().new_file(*args, **options)
        except OSError:
            self.is_lost = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.is_lost:
            return
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError:
            self._give_up()

    def file_complete(self, file_size: int) -> Any:
        if not self.is_lost:
            try:
                return super().file_complete(file_size)  # writes what is left in the buffer
            except OSError:
                self._give_up()
        return LostFile(self.file_name)

    def upload_interrupted(self) -> None:
        if not self.is_lost:
            super().upload_interrupted()

    def _give_up(self) -> None:
        """Free the room that the part already written takes."""
        self.is_lost = True
        with contextlib.suppress(OSError):  # closing writes the buffer once more
            self.file.close()
