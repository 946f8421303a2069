"""The picture of a resource: its row, its file, and when the file goes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from library.history.record import record
from library.media.images import STORED_BYTES, MadePicture, make_picture
from library.models import AuditEntry, LibraryVersion, Picture, PictureFile, Resource, Version
from library.models.picture import names_in_history
from library.models.picture_file import name_for
from tests.factories import make_resource
from tests.photographs import photograph
from tests.refusing import refused

pytestmark = pytest.mark.django_db

ONE = make_picture(photograph(size=(60, 40)))
OTHER = make_picture(photograph(size=(40, 60)))


def store(
    resource: Resource, made: MadePicture | None = ONE, alt: str = "Two officers", decorative: bool = False
) -> None:
    Picture.objects.store(resource, made, alt=alt, decorative=decorative)


def files() -> list[str]:
    return sorted(PictureFile.objects.values_list("name", flat=True))


def record_version(resource: Resource) -> None:
    record(Resource, [resource.pk], AuditEntry.Kind.CHANGED, by=None, now=timezone.now())


def test_has_a_file_with_the_ref_and_a_hash_in_its_name() -> None:
    resource = make_resource()
    store(resource)
    picture = Picture.objects.get()
    assert files() == [picture.name]
    assert picture.name.startswith(f"{resource.ref}-")
    assert PictureFile.objects.filter(name=picture.name).content() == ONE.content
    assert (picture.width, picture.height) == (60, 40)


def test_save_that_is_rolled_back_leaves_no_file_behind() -> None:
    resource = make_resource()
    with transaction.atomic():
        store(resource)
        transaction.set_rollback(True)
    assert files() == []


def test_file_of_a_picture_that_was_replaced_or_removed_is_not_for_readers_and_goes(client: Client) -> None:
    resource = make_resource()
    store(resource)
    first = Picture.objects.get()
    store(resource, OTHER)
    second = Picture.objects.get()
    assert client.get(first.get_absolute_url()).status_code == 404
    Picture.objects.delete_files()
    assert files() == [second.name]
    Picture.objects.remove(resource)
    assert client.get(second.get_absolute_url()).status_code == 404
    Picture.objects.delete_files()
    assert files() == []
    assert not Picture.objects.exists()


def test_new_words_keep_the_file() -> None:
    resource = make_resource()
    store(resource)
    store(resource, None, alt="", decorative=True)
    assert Picture.objects.get().decorative
    assert files() == [Picture.objects.get().name]


def test_same_picture_for_two_resources_is_two_files() -> None:
    first, second = make_resource("One"), make_resource("Two")
    store(first)
    store(second)
    Picture.objects.remove(first)
    Picture.objects.delete_files()
    assert files() == [Picture.objects.get(resource=second).name]


def test_change_of_a_picture_is_an_edit_that_ends_kept_pages() -> None:
    resource = make_resource()
    before = LibraryVersion.objects.get().number
    store(resource)
    assert LibraryVersion.objects.get().number > before


def test_database_refuses_a_picture_without_words_or_with_a_name_of_somebody_else() -> None:
    resource = make_resource()
    store(resource)
    rows = Picture.objects.filter(resource=resource)
    with refused("picture_in_words_or_decorative"):
        rows.update(alt="")
    with refused("picture_in_words_or_decorative"):
        rows.update(decorative=True)
    with refused("picture_name_form"):
        rows.update(name="../secret_key")
    with refused("picture_size_known"):
        rows.update(width=0)
    store(make_resource("Other"), OTHER)
    with refused("picture_name_unique"):
        Picture.objects.exclude(resource=resource).update(name=rows.get().name)


def test_database_refuses_a_file_that_is_empty_too_large_or_named_otherwise() -> None:
    name = name_for("bpr2345", ONE.content)
    with refused("picture_file_size"):
        PictureFile.objects.create(name=name, content=b"")
    with refused("picture_file_size"):
        PictureFile.objects.create(name=name, content=bytes(STORED_BYTES + 1))
    with refused("picture_file_name_form"):
        PictureFile.objects.create(name="../secret_key", content=ONE.content)


@pytest.mark.django_db(transaction=True)
def test_while_some_replace_and_others_tidy_the_file_of_the_picture_is_always_there() -> None:
    resource = make_resource(state="draft")
    Picture.objects.store(resource, ONE, alt="x", decorative=False)

    def often(act: Callable[[], None]) -> None:
        try:
            for _time in range(20):
                act()
                assert PictureFile.objects.filter(name__in=Picture.objects.values("name")).exists()
        finally:
            connection.close()

    acts = [lambda: store(resource), lambda: store(resource, OTHER), Picture.objects.delete_files]
    with ThreadPoolExecutor() as people:
        for done in [people.submit(often, act) for act in acts]:
            done.result()
    Picture.objects.delete_files()
    assert files() == [Picture.objects.get().name]


def test_file_that_the_history_names_stays_and_its_picture_comes_back(client: Client) -> None:
    resource = make_resource()
    store(resource)
    name = Picture.objects.get().name
    record_version(resource)
    store(resource, OTHER)
    Picture.objects.delete_files()
    assert files() == sorted([Picture.objects.get().name, name])
    assert client.get(f"/media/{name}").status_code == 404
    assert Picture.objects.bring_back(resource, name=name, width=60, height=40, alt="Again", decorative=False)
    Picture.objects.delete_files()
    assert files() == [name] == [Picture.objects.get().name]
    assert client.get(f"/media/{name}").content == ONE.content


def test_picture_whose_file_is_gone_does_not_come_back() -> None:
    resource = make_resource()
    store(resource)
    gone = name_for(resource.ref, b"gone")
    assert not Picture.objects.bring_back(resource, name=gone, width=1, height=1, alt="x", decorative=False)
    assert Picture.objects.get().alt == "Two officers"


def test_file_goes_when_the_last_version_that_names_it_is_gone() -> None:
    resource, other = make_resource(state="draft"), make_resource("Other")
    for row in (resource, other):
        store(row)
        record_version(row)
    goes, stays = (name_for(row.ref, ONE.content) for row in (resource, other))
    resource.delete()
    Picture.objects.delete_files()
    assert files() == sorted([goes, stays])

    Version.objects.exclude(object_id=other.pk).delete()
    Picture.objects.delete_files()
    assert files() == [stays]


def test_history_is_asked_once_for_any_number_of_names_and_by_an_index() -> None:
    resource = make_resource()
    store(resource)
    record_version(resource)
    name = Picture.objects.get().name
    with CaptureQueriesContext(connection) as queries:
        assert names_in_history([name, "bpr2345-0000000000000000.webp"]) == {name}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + queries[0]["sql"])
        plan = cursor.fetchall()
    assert len(queries) == 1
    assert "version_picture" in str(plan)


def test_tidying_asks_once_while_every_file_has_its_picture(django_assert_num_queries) -> None:
    store(make_resource())
    with django_assert_num_queries(1):
        Picture.objects.delete_files()
