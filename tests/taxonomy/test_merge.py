"""Categories, tags and publishers: how many entries have them, and several of them made one."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from library.history.restore import recover, restore
from library.history.snapshot import snapshot_now, snapshot_of, versions_of
from library.models import AuditEntry, Category, FormerValue, Publisher, Resource, Tag, User, Version
from library.taxonomy.merge import (
    MERGE_LIMIT,
    TIES,
    CannotMerge,
    entry_counts,
    merge_candidates,
    merge_values,
)
from tests.factories import (
    make_category,
    make_publisher,
    make_resource,
    make_resources,
    make_series,
    make_tag,
)
from tests.reading import read

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def tags_of(resource: Resource) -> list[str]:
    return sorted(resource.tags.values_list("name", flat=True))


def tag(name: str) -> Tag:
    return Tag.objects.get(name=name)


@pytest.fixture
def curator() -> User:
    return User.objects.create_user("curator")


def test_the_entries_of_the_others_have_the_one_that_stays_once(curator: User) -> None:
    old, both, other = (
        make_resource("Old", tags=["slepe", "peers"]),
        make_resource("Both", tags=["sleep", "slepe", "rest"]),
        make_resource("Other", tags=["peers"]),
    )
    pks = [tag(name).pk for name in ("sleep", "slepe", "rest")]

    done = merge_values(Tag, pks, tag("sleep").pk, by=curator, now=NOW)

    assert (done.row.name, sorted(done.gone), done.changed) == ("sleep", ["rest", "slepe"], 2)
    assert [tags_of(row) for row in (old, both, other)] == [["peers", "sleep"], ["sleep"], ["peers"]]
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["peers", "sleep"]
    old.refresh_from_db()
    other.refresh_from_db()
    assert old.updated_at == NOW
    assert other.updated_at != NOW


def test_categories_and_publishers_are_merged_alike(curator: User) -> None:
    first, second = make_category("sleep", "Sleep"), make_category("rest", "Rest")
    cops, office = make_publisher("cops", "COPS"), make_publisher("cops-office", "COPS Office")
    entry = make_resource("Both", categories=[first, second], publisher=cops)
    series = make_series(cops)

    merge_values(Category, [first.pk, second.pk], first.pk, by=curator, now=NOW)
    merge_values(Publisher, [cops.pk, office.pk], office.pk, by=curator, now=NOW)

    entry.refresh_from_db()
    series.refresh_from_db()
    assert list(entry.categories.all()) == [first]
    assert (entry.publisher, series.publisher) == (office, office)
    assert list(Publisher.objects.all()) == [office]


@pytest.mark.parametrize("model", TIES)
def test_nothing_else_names_what_is_merged(model) -> None:
    """Whoever adds another relation has to hand it over, too."""
    known = {"resource", "series", "resource_categories", "taggedresource", "guide", "guide_categories"}

    assert {relation.related_model._meta.model_name for relation in model._meta.related_objects} <= known


def test_all_their_addresses_lead_to_the_one_that_stays_also_after_a_second_merge(curator: User) -> None:
    make_resource("Rest", tags=["sleep", "slepe", "rest"])
    Tag.objects.filter(name="slepe").update(slug="slepes")

    merge_values(Tag, [tag("slepe").pk, tag("sleep").pk], tag("sleep").pk, by=curator, now=NOW)
    merge_values(Tag, [tag("sleep").pk, tag("rest").pk], tag("rest").pk, by=curator, now=NOW)

    for slug in ("slepe", "slepes", "sleep", "rest"):
        page = read(Client().get(f"/resources/?tag={slug}").content)
        assert page.one("h1").words == "Resources tagged rest"


def test_search_words_and_counts_follow(curator: User) -> None:
    make_resource("One", tags=["fatigue"])
    make_resource("Two", tags=["tiredness"])

    merge_values(Tag, [tag("fatigue").pk, tag("tiredness").pk], tag("fatigue").pk, by=curator, now=NOW)

    assert "2 resources" in read(Client().get("/resources/?q=fatigue").content).one("p", role="status").words
    assert "fatigue" in read(Client().get("/resources/").content).one("form", id="filter_form").words
    assert "tiredness" not in read(Client().get("/resources/").content).one("form", id="filter_form").words


def test_it_is_one_act_for_the_entries_and_one_for_what_is_gone(curator: User) -> None:
    entries = [make_resource("One", tags=["slepe"]), make_resource("Two", tags=["slepe"])]
    make_tag("sleep")

    merge_values(Tag, [tag("slepe").pk, tag("sleep").pk], tag("sleep").pk, by=curator, now=NOW)

    acts = AuditEntry.objects.acts().order_by("pk").values_list("kind", "total", "comment", "user__username")
    words = "Merged into “sleep”: slepe."
    assert list(acts) == [("deleted", 1, words, "curator"), ("changed", 2, words, "curator")]
    after, before = (snapshot_of(version).names["tags"] for version in versions_of(Resource, entries[0].pk))
    assert (list(before.values()), list(after.values())) == (["slepe"], ["sleep"])


def test_an_older_version_of_an_entry_has_what_its_tag_was_merged_into(curator: User) -> None:
    publisher, office = make_publisher("cops", "COPS"), make_publisher("cops-office", "COPS Office")
    first, second = make_category("sleep", "Sleep"), make_category("rest", "Rest")
    entry = make_resource("Before", tags=["slepe"], categories=[second], publisher=publisher)
    make_tag("sleep")
    merge_values(Tag, [tag("slepe").pk, tag("sleep").pk], tag("sleep").pk, by=curator, now=NOW)
    merge_values(Category, [first.pk, second.pk], first.pk, by=curator, now=NOW)
    merge_values(Publisher, [publisher.pk, office.pk], office.pk, by=curator, now=NOW)
    entry.refresh_from_db()
    entry.title = "After"
    entry.publisher = None
    entry.save()
    entry.tags.clear()
    entry.categories.clear()

    seen = snapshot_now(Resource, entry.pk)
    assert seen is not None
    done = restore(versions_of(Resource, entry.pk).last(), seen=seen.token, by=curator, now=NOW)

    entry.refresh_from_db()
    assert (entry.title, entry.publisher, done.left_out) == ("Before", office, ())
    assert (tags_of(entry), list(entry.categories.all())) == (["sleep"], [first])
    assert not Tag.objects.filter(name="slepe").exists()


def test_what_was_merged_can_be_recovered_with_its_entries_and_its_addresses(curator: User) -> None:
    entry = make_resource("Rest", tags=["slepe"])
    make_tag("sleep")
    Tag.objects.filter(name="slepe").update(slug="slepes")
    gone = tag("slepe").pk
    merge_values(Tag, [gone, tag("sleep").pk], tag("sleep").pk, by=curator, now=NOW)

    recover(Version.objects.get(entry__kind="deleted"), by=curator, now=NOW)

    assert tags_of(entry) == ["sleep", "slepe"]
    assert tag("slepe").pk == gone
    for slug in ("slepe", "slepes"):
        assert read(Client().get(f"/resources/?tag={slug}").content).one("h1").words == "Resources tagged slepe"


def test_what_has_gone_meanwhile_stops_it_and_nothing_has_changed(curator: User) -> None:
    entry = make_resource("Rest", tags=["sleep", "slepe"])
    pks = [tag("sleep").pk, tag("slepe").pk]
    Tag.objects.create(name="rest", slug="rest")

    with pytest.raises(CannotMerge, match="merged or deleted in the meantime"):
        merge_values(Tag, [*pks, 0], pks[0], by=curator, now=NOW)
    with pytest.raises(CannotMerge, match="merged or deleted in the meantime"):
        merge_values(Tag, pks, 0, by=curator, now=NOW)
    with pytest.raises(CannotMerge, match="merged or deleted in the meantime"):
        merge_values(Tag, pks[:1], pks[0], by=curator, now=NOW)

    assert tags_of(entry) == ["sleep", "slepe"]
    assert not AuditEntry.objects.acts().exists()
    assert not FormerValue.objects.exists()


def test_a_look_counts_for_each_what_would_become_of_the_entries(django_assert_num_queries) -> None:
    make_resource("One", tags=["sleep", "slepe"])
    make_resource("Two", tags=["sleep"])
    make_resource("Three", tags=["rest"])
    make_tag("never")
    pks = list(Tag.objects.values_list("pk", flat=True))

    with django_assert_num_queries(3):
        candidates = merge_candidates(Tag, pks)

    counts = [(candidate.row.name, candidate.total, candidate.shared, candidate.gets) for candidate in candidates]
    assert counts == [("sleep", 2, 1, 1), ("rest", 1, 0, 2), ("slepe", 1, 1, 2), ("never", 0, 0, 3)]


def test_publishers_and_categories_are_looked_at_alike() -> None:
    cops, office = make_publisher("cops", "COPS"), make_publisher("cops-office", "COPS Office")
    sleep, rest = make_category("sleep", "Sleep"), make_category("rest", "Rest")
    make_resource("One", publisher=cops, categories=[sleep, rest])

    assert [
        (candidate.row, candidate.total, candidate.shared, candidate.gets)
        for candidate in merge_candidates(Publisher, [cops.pk, office.pk])
    ] == [
        (cops, 1, 0, 0),
        (office, 0, 0, 1),
    ]
    assert [(each.total, each.shared, each.gets) for each in merge_candidates(Category, [sleep.pk, rest.pk])] == [
        (1, 1, 0)
    ] * 2


def test_too_few_too_many_and_what_has_gone_are_refused() -> None:
    pks = [make_tag(f"tag {number}").pk for number in range(MERGE_LIMIT + 1)]

    for ids in ([], pks[:1], pks[:1] * 2, pks):
        with pytest.raises(CannotMerge, match="at least two"):
            merge_candidates(Tag, ids)
    with pytest.raises(CannotMerge, match="in the meantime"):
        merge_candidates(Tag, [pks[0], 0])


def test_counts_entries_and_how_many_of_them_are_published() -> None:
    cops, sleep = make_publisher("cops", "COPS"), make_category("sleep", "Sleep")
    make_resource("One", publisher=cops, categories=[sleep], tags=["rest"])
    make_resource("Two", publisher=cops, categories=[sleep], tags=["rest"], state="draft")

    for row in (cops, sleep, tag("rest")):
        assert entry_counts(type(row), [row.pk, 0]) == {row.pk: (2, 1)}


def test_it_costs_as_many_queries_for_two_entries_as_for_ten(curator: User, django_assert_max_num_queries) -> None:
    numbers = []
    for entries in (2, 10):
        make_resources(entries, title=f"Of {entries}", tags=[f"old {entries}"])
        new = make_tag(f"new {entries}")
        with django_assert_max_num_queries(60) as counted:
            merge_values(Tag, [tag(f"old {entries}").pk, new.pk], new.pk, by=curator, now=NOW)
        numbers.append(len(counted))

    assert numbers[0] == numbers[1]
