"""The file of a backup: a tar with the dump, the manifest and the checksums of both.

It's written in one pass, the dump first: nothing is stored twice, however large the library is. `SHA256SUMS` is in the
format of `sha256sum --check`.
"""

import errno
import hashlib
import os
import tarfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from library.maintenance.errors import MaintenanceError
from library.maintenance.manifest import Manifest

DUMP, MANIFEST, SUMS = "database.dump", "manifest.json", "SHA256SUMS"
_CHUNK = 1_000_000
_BLOCK = 512


@dataclass(frozen=True)
class Archive:
    """A backup that is whole: every byte of it has been read and compared with its checksum."""

    path: Path
    manifest: Manifest
    offset: int
    size: int

    def dump(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            yield from _chunks(file, self.offset, self.size)


class ArchiveWriter:
    """Writes into an open, empty file: `add_dump` once, then `finish`."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._sums = ""

    def add_dump(self, source: IO[bytes]) -> None:
        """Its size is known at its end, so its header is written last."""
        digest = hashlib.sha256()
        self._file.seek(_BLOCK)
        while chunk := source.read(_CHUNK):
            self._file.write(chunk)
            digest.update(chunk)
        size = self._file.tell() - _BLOCK
        self._pad(size)
        self._file.seek(0)
        self._file.write(_header(DUMP, size))
        self._file.seek(0, os.SEEK_END)
        self._sums += f"{digest.hexdigest()}  {DUMP}\n"

    def finish(self, manifest: Manifest) -> None:
        """All of it is on the disk afterward."""
        text = manifest.to_json()
        self._sums += f"{hashlib.sha256(text).hexdigest()}  {MANIFEST}\n"
        for name, content in ((MANIFEST, text), (SUMS, self._sums.encode())):
            self._file.write(_header(name, len(content)))
            self._file.write(content)
            self._pad(len(content))
        self._file.write(bytes(2 * _BLOCK))
        self._file.flush()
        os.fsync(self._file.fileno())

    def _pad(self, size: int) -> None:
        self._file.write(bytes(-size % _BLOCK))


def open_archive(path: Path) -> Archive:
    """Read all of it. Raises MaintenanceError for a file that isn't a backup, or isn't whole."""
    try:
        with path.open("rb") as file:
            return _read(path, file)
    except OSError as error:
        raise MaintenanceError(f"Can't read {path}: {error.strerror or error}.") from error
    except (tarfile.TarError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise MaintenanceError(
            f"{path} isn't a complete backup: it was cut short or changed, or it's another kind of file."
        ) from error


def manifest_in(path: Path) -> Manifest | None:
    """The manifest alone, without a look at the rest; None for a file that isn't a backup of a format we know."""
    try:
        with tarfile.open(path, "r:") as tar:
            return Manifest.from_json(_content(tar, MANIFEST))
    except (OSError, tarfile.TarError, KeyError, ValueError, TypeError, AttributeError, MaintenanceError):
        return None


def sentence_of(error: OSError, folder: Path) -> MaintenanceError:
    """Why a file couldn't be written there."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return MaintenanceError(f"The disk that holds {folder} is full: free up space, then try again.")
    return MaintenanceError(f"Can't write to {folder}: {error.strerror or error}.")


def _read(path: Path, file: IO[bytes]) -> Archive:
    with tarfile.open(fileobj=file, mode="r:") as tar:
        text = _content(tar, MANIFEST)
        lines = (line.split("  ") for line in _content(tar, SUMS).decode("ascii").splitlines())
        sums = {name: digest for digest, name in lines}
        dump = tar.getmember(DUMP)
    digest = hashlib.sha256()
    for chunk in _chunks(file, dump.offset_data, dump.size):
        digest.update(chunk)
    if {DUMP: digest.hexdigest(), MANIFEST: hashlib.sha256(text).hexdigest()} != sums:
        raise MaintenanceError(f"{path} is damaged: its content doesn't match its checksums. Use another backup.")
    return Archive(path, Manifest.from_json(text), dump.offset_data, dump.size)


def _content(tar: tarfile.TarFile, name: str) -> bytes:
    member = tar.extractfile(name)
    if member is None:
        raise KeyError(name)
    with member:
        return member.read()


def _chunks(file: IO[bytes], offset: int, size: int) -> Iterator[bytes]:
    file.seek(offset)
    while size > 0 and (chunk := file.read(min(size, _CHUNK))):
        size -= len(chunk)
        yield chunk


def _header(name: str, size: int) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, int(time.time())
    return member.tobuf(tarfile.GNU_FORMAT)
