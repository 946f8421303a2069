"""Pictures that an earlier version kept as files: taken into the database at the start, once, by every host."""

from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from library.history.record import record
from library.media.images import make_picture
from library.media.storage import TakenOver, take_over_picture_files
from library.models import AuditEntry, Picture, PictureFile, Resource
from library.models.picture_file import name_for
from library.server.bootstrap import take_over_pictures
from tests.factories import make_resource
from tests.photographs import photograph

pytestmark = pytest.mark.django_db

ONE = make_picture(photograph(size=(60, 40)))
OTHER = make_picture(photograph(size=(40, 60)))


def left_in(folder: Path, resource: Resource, content: bytes = ONE.content) -> str:
    """A file as the earlier version wrote it."""
    folder.mkdir(parents=True, exist_ok=True)
    name = name_for(resource.ref, content)
    (folder / name).write_bytes(content)
    return name


@pytest.fixture
def resource() -> Resource:
    """With a picture in the history, and another one now; the database has neither file."""
    resource = make_resource()
    Picture.objects.store(resource, OTHER, alt="Then", decorative=False)
    record(Resource, [resource.pk], AuditEntry.Kind.CHANGED, by=None, now=timezone.now())
    Picture.objects.store(resource, ONE, alt="Now", decorative=False)
    PictureFile.objects.all().delete()
    return resource


def test_pictures_of_today_and_of_the_history_are_copied_and_the_files_stay(
    resource: Resource, tmp_path: Path, client: Client
) -> None:
    now, then = left_in(tmp_path, resource), left_in(tmp_path / "former", resource, OTHER.content)

    assert take_over_picture_files(tmp_path) == TakenOver(2, [])

    assert client.get(f"/media/{now}").content == ONE.content
    assert client.get(f"/media/{then}").status_code == 404
    assert Picture.objects.bring_back(resource, name=then, width=40, height=60, alt="Then", decorative=False)
    assert client.get(f"/media/{then}").content == OTHER.content
    assert (tmp_path / now).exists()
    assert (tmp_path / "former" / then).exists()


def test_the_next_start_copies_nothing_and_asks_once(
    resource: Resource, tmp_path: Path, django_assert_num_queries
) -> None:
    left_in(tmp_path, resource)
    take_over_picture_files(tmp_path)
    with django_assert_num_queries(1):
        assert take_over_picture_files(tmp_path) == TakenOver(0, [])


def test_each_host_adds_what_only_its_own_folder_has(resource: Resource, tmp_path: Path) -> None:
    names = {left_in(tmp_path / "a", resource), left_in(tmp_path / "b", resource, OTHER.content)}
    for host in ("a", "b"):
        assert take_over_picture_files(tmp_path / host).taken == 1
    assert set(PictureFile.objects.values_list("name", flat=True)) == names


def test_what_nothing_names_stays_outside(tmp_path: Path, django_assert_num_queries) -> None:
    left_in(tmp_path, make_resource())
    (tmp_path / "tmp1.part").write_bytes(b"x")
    (tmp_path / "stray.webp").write_bytes(b"x")
    assert take_over_picture_files(tmp_path) == TakenOver(0, [])
    with django_assert_num_queries(0):
        assert take_over_picture_files(tmp_path / "none") == TakenOver(0, [])


def test_file_that_is_damaged_is_named_and_the_others_are_copied(resource: Resource, tmp_path: Path) -> None:
    whole, cut = left_in(tmp_path, resource), left_in(tmp_path / "former", resource, OTHER.content)
    (tmp_path / "former" / cut).write_bytes(OTHER.content[:-1])
    assert take_over_picture_files(tmp_path) == TakenOver(1, [cut])
    assert PictureFile.objects.get().name == whole


def test_start_says_how_many_and_that_the_folder_may_go(
    resource: Resource, tmp_path: Path, settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DATA_DIR = tmp_path
    left_in(tmp_path / "media", resource)
    take_over_pictures()
    assert f"copied 1 from {tmp_path}/media into the database. You can delete that folder" in capsys.readouterr().out
    take_over_pictures()
    assert capsys.readouterr().out == ""
