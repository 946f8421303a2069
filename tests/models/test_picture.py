"""The picture of a resource: its row, its file, and when the file goes."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from reversion.models import Version

from library.history.keeping import keep as keep_version
from library.models import Deed, LibraryVersion, Picture, Resource
from library.models.picture import names_in_history
from library.picture_files import name_for
from library.pictures import MadePicture, make_picture
from tests.factories import make_resource
from tests.photographs import photograph
from tests.refusing import refused

pytestmark = pytest.mark.django_db

ONE = make_picture(photograph(size=(60, 40)))
OTHER = make_picture(photograph(size=(40, 60)))


@pytest.fixture(autouse=True)
def _media_of_this_test_only(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def keep(
    resource: Resource, made: MadePicture | None = ONE, alt: str = "Two officers", decorative: bool = False
) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        Picture.objects.keep(resource, made, alt=alt, decorative=decorative)


def files(folder: str = "") -> list[str]:
    return sorted(path.name for path in (Path(django_settings.MEDIA_ROOT) / folder).glob("*.*"))


def kept_in_history(resource: Resource) -> None:
    keep_version(Resource, [resource.pk], Deed.Kind.CHANGED, by=None, now=timezone.now())


def test_has_a_file_with_the_ref_and_a_hash_in_its_name() -> None:
    resource = make_resource()
    keep(resource)
    picture = Picture.objects.get()
    assert files() == [picture.name]
    assert picture.name.startswith(f"{resource.ref}-")
    assert (Path(django_settings.MEDIA_ROOT) / picture.name).read_bytes() == ONE.content
    assert (picture.width, picture.height) == (60, 40)
    assert (Path(django_settings.MEDIA_ROOT) / picture.name).stat().st_mode & 0o777 == 0o644


def test_file_of_a_picture_that_was_replaced_or_removed_goes() -> None:
    resource = make_resource()
    keep(resource)
    keep(resource, OTHER)
    assert files() == [Picture.objects.get().name]
    with TestCase.captureOnCommitCallbacks(execute=True):
        Picture.objects.remove(resource)
    assert files() == []
    assert not Picture.objects.exists()


def test_new_words_keep_the_file() -> None:
    resource = make_resource()
    keep(resource)
    keep(resource, None, alt="", decorative=True)
    assert Picture.objects.get().decorative
    assert files() == [Picture.objects.get().name]


def test_file_stays_while_the_change_is_not_certain() -> None:
    resource = make_resource()
    keep(resource)
    name = Picture.objects.get().name
    with TestCase.captureOnCommitCallbacks(execute=True), transaction.atomic():
        Picture.objects.remove(resource)
        transaction.set_rollback(True)
    assert Picture.objects.get().name == name
    assert name in files()


def test_file_stays_when_a_row_names_it_again_by_then() -> None:
    resource = make_resource()
    keep(resource)
    with TestCase.captureOnCommitCallbacks(execute=True):
        Picture.objects.keep(resource, OTHER, alt="x", decorative=False)
        Picture.objects.keep(resource, ONE, alt="x", decorative=False)
    assert files() == [Picture.objects.get().name]


def test_same_picture_for_two_resources_is_two_files() -> None:
    first, second = make_resource("One"), make_resource("Two")
    keep(first)
    keep(second)
    with TestCase.captureOnCommitCallbacks(execute=True):
        Picture.objects.remove(first)
    assert files() == [Picture.objects.get(resource=second).name]


def test_change_of_a_picture_is_an_edit_that_ends_kept_pages() -> None:
    resource = make_resource()
    before = LibraryVersion.objects.get().number
    keep(resource)
    assert LibraryVersion.objects.get().number > before


def test_database_refuses_a_picture_without_words_or_with_a_name_of_somebody_else() -> None:
    resource = make_resource()
    keep(resource)
    rows = Picture.objects.filter(resource=resource)
    with refused("picture_in_words_or_decorative"):
        rows.update(alt="")
    with refused("picture_in_words_or_decorative"):
        rows.update(decorative=True)
    with refused("picture_name_form"):
        rows.update(name="../secret_key")
    with refused("picture_size_known"):
        rows.update(width=0)
    keep(make_resource("Other"), OTHER)
    with refused("picture_name_unique"):
        Picture.objects.exclude(resource=resource).update(name=rows.get().name)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_replace_at_once_the_file_of_the_last_is_there() -> None:
    resource = make_resource(state="draft")
    Picture.objects.keep(resource, ONE, alt="x", decorative=False)

    def replace(made: MadePicture) -> None:
        try:
            for _time in range(10):
                Picture.objects.keep(resource, made, alt="x", decorative=False)
        finally:
            connection.close()

    people = [threading.Thread(target=replace, args=[made]) for made in (ONE, OTHER)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert files() == [Picture.objects.get().name]


def test_a_file_that_no_row_names_goes_after_a_day() -> None:
    keep(make_resource(ref="bpr2345"))
    kept, refused_one = Picture.objects.get().name, name_for("bpr2345", b"of a form that was refused")
    for name in (refused_one, "tmp1.part"):
        (Path(django_settings.MEDIA_ROOT) / name).write_bytes(b"x")

    Picture.objects.tidy_files(timezone.now())
    assert files() == sorted([kept, refused_one, "tmp1.part"])

    Picture.objects.tidy_files(timezone.now() + timedelta(days=2))
    assert files() == [kept]


def test_file_that_the_history_names_is_put_away_and_comes_back(client: Client) -> None:
    resource = make_resource()
    keep(resource)
    name = Picture.objects.get().name
    kept_in_history(resource)
    keep(resource, OTHER)
    assert (files(), files("former")) == ([Picture.objects.get().name], [name])
    assert client.get(f"/media/{name}").status_code == 404
    assert client.get(f"/media/former/{name}").status_code == 404
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert Picture.objects.bring_back(resource, name=name, width=60, height=40, alt="Again", decorative=False)
    assert files() == [name] == [Picture.objects.get().name]
    assert (Path(django_settings.MEDIA_ROOT) / name).read_bytes() == ONE.content
    assert client.get(f"/media/{name}").status_code == 200


def test_picture_whose_file_is_gone_does_not_come_back() -> None:
    resource = make_resource()
    keep(resource)
    gone = name_for(resource.ref, b"gone")
    assert not Picture.objects.bring_back(resource, name=gone, width=1, height=1, alt="x", decorative=False)
    assert Picture.objects.get().alt == "Two officers"


def test_file_goes_when_the_last_version_that_names_it_is_gone() -> None:
    resource, other = make_resource(state="draft"), make_resource("Other")
    for row in (resource, other):
        keep(row)
        kept_in_history(row)
    late = timezone.now() + timedelta(days=2)
    gone, stays = (name_for(row.ref, ONE.content) for row in (resource, other))
    resource.delete()  # with others: the clock has to see that its file is named no more
    Picture.objects.tidy_files(late)
    assert (files(), files("former")) == ([stays], [gone])
    Picture.objects.tidy_files(late)
    assert files("former") == [gone]

    Version.objects.exclude(object_id=str(other.pk)).delete()
    Picture.objects.tidy_files(late)
    assert (files(), files("former")) == ([stays], [])


def test_history_is_asked_once_for_any_number_of_names_and_by_an_index() -> None:
    resource = make_resource()
    keep(resource)
    kept_in_history(resource)
    name = Picture.objects.get().name
    with CaptureQueriesContext(connection) as queries:
        assert names_in_history([name, "bpr2345-0000000000000000.webp"]) == {name}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + queries[0]["sql"])
        plan = cursor.fetchall()
    assert len(queries) == 1
    assert "reversion_version_picture" in str(plan)


def test_without_any_file_there_is_nothing_to_tidy() -> None:
    with CaptureQueriesContext(connection) as queries:
        Picture.objects.tidy_files(timezone.now())

    assert len(queries) == 0
    assert files() == []
