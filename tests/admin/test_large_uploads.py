"""A large upload is read and stored for those who are signed in, and for nobody else."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from library.media.images import SOURCE_BYTES
from library.models import FileImport, ImportChunk
from tests.admin.unsaved_forms import session_over

pytestmark = pytest.mark.django_db

ADD = "/admin/library/fileimport/add/"
BOUND = django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE
WITH_PICTURE = BOUND + SOURCE_BYTES
ADD_RESOURCE = "/admin/library/resource/add/"
ADDRESSES = [ADD, ADD_RESOURCE, "/admin/", "/admin/account/login/", "/admin/login/", "/admin/nothing/"]
FROM_HERE = {"Origin": "http://testserver", "Accept": "text/html"}


class Unread(BytesIO):
    """A body that nobody may read."""

    def read(self, *_size: Any) -> bytes:
        raise AssertionError("was read")

    readline = read  # type: ignore[assignment]


def csv_of(size: int) -> SimpleUploadedFile:
    head = b"title,kind,section,url\n"
    return SimpleUploadedFile("rows.csv", head + b"a" * (size - len(head)), "text/csv")


def send_unread(client: Client, path: str, content_type: str = MULTIPART_CONTENT, **headers: str) -> Any:
    most = WITH_PICTURE if content_type == MULTIPART_CONTENT else BOUND
    unread = {"CONTENT_LENGTH": str(most + 1), "wsgi.input": Unread()}
    return client.generic("POST", path, b"", content_type, headers=headers, **unread)


@pytest.mark.parametrize("headers", [{}, FROM_HERE, {"Cookie": "sessionid=forged"}])
def test_a_strangers_is_refused_before_any_of_it_is_read(client: Client, headers: dict[str, str]) -> None:
    for path in ADDRESSES:
        for content_type in (MULTIPART_CONTENT, "application/x-www-form-urlencoded", "text/plain"):
            response = send_unread(client, path, content_type, **headers)
            assert response.status_code == 413
            assert "Sign in" in response.text


def test_nor_is_it_read_when_the_session_is_over(signed_in: Client) -> None:
    with session_over():
        assert send_unread(signed_in, ADD, **FROM_HERE).status_code == 413


def test_the_words_beside_a_picture_come_back_when_the_session_is_over(
    signed_in: Client, tmp_path: Path, settings: Any
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    fields = {"title": "Peculiar words", "picture_file": SimpleUploadedFile("a.jpg", b"a" * SOURCE_BYTES, "image/jpeg")}
    with session_over():
        response = signed_in.post(ADD_RESOURCE, fields, headers=FROM_HERE)

    assert response.status_code == 403
    assert "Peculiar words" in response.text
    assert "a.jpg" in response.text
    assert list(tmp_path.iterdir()) == []


def test_a_small_one_is_answered_as_ever(client: Client) -> None:
    response = client.post(ADD, {"file": csv_of(BOUND - 1_000)})

    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")
    assert not FileImport.objects.exists()


def test_a_curators_is_stored(signed_in: Client) -> None:
    response = signed_in.post(ADD, {"file": csv_of(4_000_000)})

    assert response.status_code == 302
    assert [len(chunk.content) for chunk in ImportChunk.objects.order_by("number")] == [1_000_000] * 4


def test_the_words_beside_a_file_come_back_when_nobody_can_say_who_sends_them(signed_in: Client) -> None:
    """An address with broken text is refused before that is known: then the file is passed over, and nothing stored."""
    fields = {"title": "Peculiar words", "picture_file": csv_of(4_000_000)}
    body = encode_multipart(BOUNDARY, fields)

    response = signed_in.generic("POST", f"{ADD_RESOURCE}?x=%00", body, MULTIPART_CONTENT, headers=FROM_HERE)

    assert response.status_code == 400
    assert "Peculiar words" in response.text
