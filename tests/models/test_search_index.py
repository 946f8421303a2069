"""Search words and counts are right after every path that writes, and two that write at once wait for nobody."""

from collections.abc import Callable
from threading import Event, Thread
from time import sleep

import pytest
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from library.models import (
    Category,
    Edit,
    FacetBlock,
    LibraryVersion,
    PendingChange,
    Publisher,
    Resource,
    Section,
    Series,
    Tag,
    TaggedResource,
)
from library.search.text_query import query_for
from library.taxonomy.merge import merge_sections
from tests.factories import (
    make_category,
    make_many,
    make_publisher,
    make_resource,
    make_section,
    make_series,
    withdraw,
)


def titles_matching(words: str) -> list[str]:
    query = query_for(words, {})
    assert query is not None
    return list(Resource.objects.matching(query).order_by("title").values_list("title", flat=True))


def total(facet: str, value: object = "") -> int:
    return sum(FacetBlock.objects.filter(facet=facet, value=str(value)).values_list("total", flat=True))


@pytest.mark.django_db
class TestSearchWords:
    @pytest.fixture(autouse=True)
    def resource(self) -> Resource:
        publisher = make_publisher(name="Alpha Office")
        return make_resource(
            "Entry",
            publisher=publisher,
            series=make_series(publisher, title="Bravo Show"),
            categories=[make_category("charlie", "Charlie Care")],
            tags=["delta"],
            speaker="Echo Smith",
            summary="About foxtrot.",
            transcript="We talk about golf.",
            keywords="hotel",
        )

    @pytest.mark.parametrize(
        "word", ["entry", "alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel"]
    )
    def test_are_of_everything_that_is_said_of_it(self, word: str) -> None:
        assert titles_matching(word) == ["Entry"]

    @pytest.mark.parametrize(
        ("before", "change", "after"),
        [
            ("alpha", lambda: Publisher.objects.update(name="India Office"), "india"),
            ("bravo", lambda: Series.objects.update(title="Juliet Show"), "juliet"),
            ("charlie", lambda: Category.objects.update(name="Kilo Care"), "kilo"),
            ("delta", lambda: Tag.objects.update(name="lima"), "lima"),
            ("delta", lambda: Resource.objects.get().tags.set(["mike"]), "mike"),
            ("delta", lambda: merge_tags("delta", "november"), "november"),
            ("charlie", lambda: Resource.objects.get().categories.set([make_category("oscar", "Oscar")]), "oscar"),
            ("entry", lambda: Resource.objects.update(title="Papa"), "papa"),
            ("golf", lambda: Resource.objects.update(transcript="Quebec."), "quebec"),
            ("foxtrot", lambda: Resource.objects.update(summary="Résumé"), "resume"),
            ("alpha", lambda: Resource.objects.update(publisher=make_publisher("sierra", "Sierra")), "sierra"),
            ("hotel", lambda: raw("UPDATE library_resource SET keywords = 'tango'"), "tango"),
            ("hotel", lambda: save(Resource.objects.get(), keywords="uniform"), "uniform"),
        ],
    )
    def test_follow_every_change(self, before: str, change: Callable[[], object], after: str) -> None:
        assert (len(titles_matching(before)), len(titles_matching(after))) == (1, 0)

        change()

        assert (len(titles_matching(before)), len(titles_matching(after))) == (0, 1)

    def test_go_with_the_entry_that_moves_to_another_section(self, resource: Resource) -> None:
        merge_sections(resource.section, make_section("survivor"), by=None, now=timezone.now())

        assert titles_matching("alpha") == ["Entry"]

    def test_are_not_lost_when_a_new_entry_is_saved_twice(self) -> None:
        fresh = make_resource("Twice")
        fresh.save()

        assert titles_matching("twice") == ["Twice"]

    def test_a_transcript_of_a_million_characters_has_them(self) -> None:
        make_resource("Long", transcript="needle " + " ".join(f"w{number}" for number in range(130_000)))

        assert titles_matching("needle") == ["Long"]


def merge_tags(gone: str, name: str) -> None:
    survivor = Tag.objects.create(name=name, slug=name)
    TaggedResource.objects.filter(tag__name=gone).update(tag=survivor)
    Tag.objects.filter(name=gone).delete()


def raw(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def save(resource: Resource, **values: object) -> None:
    for name, value in values.items():
        setattr(resource, name, value)
    resource.save()


@pytest.mark.django_db
class TestCounts:
    def test_follow_every_change(self) -> None:
        one, two = make_resource("One", tags=["sleep"]), make_resource("Two", tags=["sleep"], kind="site")
        tag = Tag.objects.get()
        assert (total("all"), total("tag", tag.pk), total("kind", "site")) == (2, 2, 1)

        Resource.objects.filter(pk=one.pk).update(kind="course")
        assert (total("kind", "podcast"), total("kind", "course")) == (0, 1)
        two.tags.clear()
        assert total("tag", tag.pk) == 1
        withdraw(two)
        assert (total("all"), total("kind", "site")) == (1, 0)
        make_resource("Draft", state="draft").delete()
        assert total("all") == 1
        assert not FacetBlock.objects.filter(total=0).exists()

    def test_go_with_the_entry_that_moves_to_another_section(self) -> None:
        first, second = make_section("first"), make_section("second")
        make_resource("One", section=first)
        make_resource("Two", section=second)

        merge_sections(first, second, by=None, now=timezone.now())

        assert FacetBlock.objects.filter(facet="all").values_list("section", "total").get() == (second.pk, 2)

    def test_fill_one_block_after_the_other(self) -> None:
        resource = make_resource("One", section=make_section("first"))
        raw(f"UPDATE library_resource SET section_id = section_id WHERE id = {resource.pk}")
        make_many(40, of=resource)
        slots = Resource.objects.order_by("slot").values_list("slot", flat=True)

        assert list(slots) == list(range(41))
        assert total("all") == 41

    def test_are_given_out_without_a_look_at_all_that_came_before(self) -> None:
        """Also where the planner believes that there is nothing, as it does in a library that was just made."""
        raw("ANALYZE library_resource")
        make_many(400, of=make_resource("One"))

        with connection.cursor() as cursor:
            cursor.execute("SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'library_resource'")
            assert cursor.fetchone()[0] < 10 * 400

    def test_a_slot_is_the_databases_own(self) -> None:
        resource = make_resource("One")

        Resource.objects.filter(pk=resource.pk).update(slot=F("slot") + 7)

        assert Resource.objects.values_list("slot", flat=True).get() == 0
        assert total("all") == 1

    def test_are_made_anew_by_the_command(self, capsys: pytest.CaptureFixture[str]) -> None:
        make_resource("One", tags=["sleep"])
        call_command("rebuild_search")
        assert "Nothing was wrong" in capsys.readouterr().out

        FacetBlock.objects.filter(facet="tag").delete()
        FacetBlock.objects.filter(facet="kind").update(value="site")
        call_command("rebuild_search")

        assert capsys.readouterr().out == "Corrected: the search words of 0 resources, and 3 rows of facet counts.\n"
        assert (total("all"), total("kind", "podcast"), total("kind", "site")) == (1, 1, 0)

    def test_each_thing_is_noted_and_counted_once(self) -> None:
        make_resource("One")
        block = FacetBlock.objects.filter(facet="all").values("section_id", "facet", "value", "block").get()
        twice = {
            "facet_block_unique": (
                "INSERT INTO library_facetblock (section_id, facet, value, block, bits, total) "
                f"VALUES ({block['section_id']}, 'all', '', 0, 0::bit(32000), 0)"
            ),
            "change_noted_once": (
                "INSERT INTO library_change (transaction, noun, key, slot) VALUES (1, 'tag', 1, 0), (1, 'tag', 1, 0)"
            ),
            "library_version_single": "INSERT INTO library_libraryversion (id, number) VALUES (2, 1)",
        }
        for name, sql in twice.items():
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                raw(sql)

    def test_names_of_rows(self) -> None:
        make_resource("One")
        rows = [FacetBlock.objects.filter(facet="all").get(), LibraryVersion.objects.get(), Edit(transaction=5)]

        assert [str(row) for row in rows] == ["all , 0", str(rows[1].number), "5"]  # type: ignore[union-attr]
        assert str(PendingChange(entity_type="tag", key=3)) == "tag 3"


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_a_renaming_does_not_wait_for_an_edit_and_both_are_found(self) -> None:
        publisher = make_publisher(name="Alpha Office")
        resource = make_resource("Entry", publisher=publisher)

        def rename() -> None:
            Publisher.objects.update(name="Bravo Office")
            connection.close()

        with transaction.atomic():
            Resource.objects.filter(pk=resource.pk).update(title="Changed")
            other = Thread(target=rename)
            other.start()
            other.join(timeout=20)
            assert not other.is_alive()

        assert titles_matching("bravo changed") == ["Changed"]
        assert not PendingChange.objects.exists()
        assert not Edit.objects.exists()

    def test_two_entries_of_a_section_cannot_have_one_bit(self) -> None:
        make_resource("One")
        two = make_resource("Two")
        raw("ALTER TABLE library_resource DISABLE TRIGGER resource_slot")
        try:
            with pytest.raises(IntegrityError, match="resource_slot_unique"):
                Resource.objects.filter(pk=two.pk).update(slot=0)
        finally:
            raw("ALTER TABLE library_resource ENABLE TRIGGER resource_slot")

    def test_a_tag_is_renamed_while_an_entry_gets_it(self) -> None:
        resource, tag = make_resource("Entry"), Tag.objects.create(name="alpha", slug="alpha")
        is_renamed, faults = Event(), []

        def rename() -> None:
            try:
                with transaction.atomic():
                    Tag.objects.filter(pk=tag.pk).update(name="bravo")
                    is_renamed.set()
                    sleep(0.5)
            except OperationalError as fault:
                faults.append(fault)
            connection.close()

        other = Thread(target=rename)
        with transaction.atomic():
            Resource.objects.filter(pk=resource.pk).update(title="Changed")
            TaggedResource.objects.create(tag=tag, content_object=resource)
            other.start()
            assert is_renamed.wait(timeout=20)
        other.join(timeout=20)

        assert faults == []
        assert titles_matching("bravo") == ["Changed"]
        assert total("tag", tag.pk) == 1

    def test_entries_that_are_made_at_once_have_bits_of_their_own(self) -> None:
        section = make_section("podcasts")

        def make(number: int) -> None:
            make_resource(f"Entry {number}", section=section, slug=f"entry-{number}")
            connection.close()

        makers = [Thread(target=make, args=[number]) for number in range(6)]
        for maker in makers:
            maker.start()
        for maker in makers:
            maker.join(timeout=30)

        assert sorted(Resource.objects.values_list("slot", flat=True)) == list(range(6))
        assert total("all") == 6
        assert Section.objects.get() == section

    def test_nothing_is_left_of_what_was_given_up(self) -> None:
        make_resource("Entry")
        before = LibraryVersion.objects.get().number

        with transaction.atomic():
            Resource.objects.update(title="Changed")
            transaction.set_rollback(True)

        assert titles_matching("entry") == ["Entry"]
        assert LibraryVersion.objects.get().number == before
        assert not PendingChange.objects.exists()
