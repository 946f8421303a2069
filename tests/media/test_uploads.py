"""Uploaded files, and a disk that is full: a real one of 64 kB."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import RequestFactory

from library.media.uploads import LostFile, TemporaryFiles


@pytest.fixture
def small_disk(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """Where uploads are written: a disk that takes 64 kB."""
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("only root can mount a small disk, and not everywhere")
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


def sent(**fields: Any) -> HttpRequest:
    """A form of someone who is signed in."""
    request = RequestFactory().post("/admin/", fields)
    request.upload_handlers = [TemporaryFiles(request)]
    return request


@pytest.mark.parametrize("size", [66_000, 1_000_000])
def test_fields_after_a_file_that_finds_no_room_are_read(small_disk: Path, size: int) -> None:
    request = sent(
        title="Sleep",
        first=SimpleUploadedFile("first.jpg", bytes(1000)),
        second=SimpleUploadedFile("second.jpg", bytes(size)),
        words="after the files",
    )

    assert request.POST.dict() == {"title": "Sleep", "words": "after the files"}
    first, second = request.FILES["first"], request.FILES["second"]
    assert (first.name, len(first.read())) == ("first.jpg", 1000)
    assert isinstance(second, LostFile)
    assert (second.name, second.read()) == ("second.jpg", b"")
    assert len(list(small_disk.iterdir())) == 1  # the room of the second one is free again
    request.close()
    assert list(small_disk.iterdir()) == []


def test_a_folder_that_is_not_there_costs_the_file_alone(settings: Any, tmp_path: Path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "gone"
    request = sent(file=SimpleUploadedFile("first.jpg", b"1"), words="Sleep")

    assert request.POST["words"] == "Sleep"
    assert isinstance(request.FILES["file"], LostFile)
    request.close()


def test_a_file_for_which_there_is_room_is_itself(settings: Any, tmp_path: Path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    request = sent(file=SimpleUploadedFile("first.jpg", b"12345"))

    assert request.FILES["file"].read() == b"12345"
    assert not isinstance(request.FILES["file"], LostFile)
    request.close()
