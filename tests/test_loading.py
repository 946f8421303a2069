"""How starting content is loaded: each row once, all or nothing, and around what curators made or deleted."""

import json
import threading
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.serializers.base import DeserializationError
from django.db import connection
from django.test import Client

from library.maintenance.seed_content import LoadResult, load_starting_content
from library.models import Category, CrisisTerm, HelpLine, Page, Resource, Section, StartingEntry, Tag
from tests.conftest import ROOT
from tests.factories import make_category


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, {"slug": "peer-support", "name": "Peer support"})
    return tmp_path


def write(folder: Path, *categories: dict[str, str], file: str = "01.json") -> None:
    content = [{"model": "library.category", "fields": category} for category in categories]
    (folder / file).write_text(json.dumps(content))


@pytest.mark.django_db
def test_a_row_of_a_later_release_is_added_to_an_old_library(folder: Path) -> None:
    load_starting_content(folder)
    write(folder, {"slug": "peer-support", "name": "Corrected"}, {"slug": "ethics", "name": "Ethics"})

    assert load_starting_content(folder) == LoadResult(added=1, known=1)
    assert sorted(Category.objects.values_list("name", flat=True)) == ["Ethics", "Peer support"]


@pytest.mark.django_db
def test_a_later_row_does_without_what_curators_deleted(folder: Path) -> None:
    write(folder, {"slug": "peer-support", "name": "Peer support"}, {"slug": "ethics", "name": "Ethics"})
    section = {"anchor": "podcasts", "title": "Podcasts", "position": 1, "state": "published"}
    (folder / "02.json").write_text(json.dumps([{"model": "library.section", "fields": section}]))
    tag = {"name": "sleep", "slug": "sleep"}
    (folder / "03.json").write_text(json.dumps([{"model": "library.tag", "fields": tag}]))
    load_starting_content(folder)
    Category.objects.filter(slug="ethics").delete()
    Tag.objects.all().delete()

    resource = {
        "kind": "site",
        "ref": "bpr2345",
        "slug": "resilience",
        "title": "Resilience",
        "section": ["podcasts"],
        "publisher": ["gone"],
        "categories": [["peer-support"], ["ethics"]],
    }
    tagged = {"content_object": ["bpr2345"], "tag": ["sleep"]}
    later = [{"model": "library.resource", "fields": resource}, {"model": "library.taggedresource", "fields": tagged}]
    (folder / "04.json").write_text(json.dumps(later))

    assert load_starting_content(folder).added == 1
    added = Resource.objects.get(ref="bpr2345")
    assert [category.slug for category in added.categories.all()] == ["peer-support"]
    assert added.publisher is None
    assert not Tag.objects.exists()


@pytest.mark.django_db
def test_a_row_that_curators_made_themselves_is_left_as_it_is(folder: Path) -> None:
    make_category("peer-support", "Our peers")

    load_starting_content(folder)

    assert [category.name for category in Category.objects.all()] == ["Our peers"]


@pytest.mark.django_db
def test_a_row_that_breaks_a_rule_leaves_nothing_behind(folder: Path) -> None:
    write(folder, {"slug": "ethics", "name": "peer SUPPORT"}, file="02.json")

    with pytest.raises(ValidationError, match="category with this name"):
        load_starting_content(folder)

    assert not Category.objects.exists()
    assert not StartingEntry.objects.exists()


@pytest.mark.django_db
def test_a_row_that_cannot_be_read_is_refused(folder: Path) -> None:
    (folder / "02.json").write_text('[{"model": "library.nothing", "fields": {}}]')

    with pytest.raises(DeserializationError):
        load_starting_content(folder)


@pytest.mark.django_db
def test_an_empty_folder_is_nothing(tmp_path: Path) -> None:
    assert load_starting_content(tmp_path) == LoadResult(0, 0)


@pytest.mark.django_db(transaction=True)
def test_two_starts_at_once_load_once(folder: Path) -> None:
    results: list[LoadResult] = []

    def load() -> None:
        try:
            results.append(load_starting_content(folder))
        finally:
            connection.close()

    threads = [threading.Thread(target=load) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(result.added for result in results) == [0, 0, 0, 1]


@pytest.mark.django_db
def test_a_library_can_begin_without_entries(client: Client) -> None:
    load_starting_content(ROOT / "fixtures", "none")

    assert not Resource.objects.exists()
    assert not Section.objects.exists()
    assert (HelpLine.objects.count(), Page.objects.count()) == (8, len(Page.Name.values))
    assert CrisisTerm.objects.exists()
    for path in ("/", "/resources/", "/help/", "/about/"):
        assert client.get(path).status_code == 200
