"""A section: what the database holds of it, in which order it shows entries, how its introduction becomes HTML."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from library.models import Section, SectionAlias
from library.search.index import section_total
from tests.factories import LISTED, TEN_YEARS, make_resource, make_resources, make_section, withdraw
from tests.refusing import commit, refused

pytestmark = pytest.mark.django_db


def test_has_its_own_page() -> None:
    section = make_section("podcasts", title="Podcasts – The Beat")

    assert str(section) == "Podcasts – The Beat"
    assert section.get_absolute_url() == "/sections/podcasts/"
    assert section.is_published
    assert Section.objects.get_by_natural_key(*section.natural_key()) == section


def test_is_found_by_any_anchor_it_ever_had() -> None:
    section = make_section("podcasts")
    Section.objects.update(anchor="the-beat")

    assert list(Section.objects.with_name("podcasts")) == [section]
    assert list(Section.objects.with_name("the-beat")) == [section]
    assert not Section.objects.with_name("beat").exists()
    assert Section.objects.get_by_natural_key("podcasts") == section


def test_states_say_what_stands_on_the_page() -> None:
    published = make_section("podcasts")
    make_section("forums", state="draft")
    stub = make_section("websites", state="withdrawn", withdrawn_reason="See the podcasts.")

    assert list(Section.objects.on_page()) == [published, stub]
    assert list(Section.objects.published()) == [published]


@pytest.mark.parametrize("anchor", ["p", "Podcasts", "1podcasts", "pod_casts", "pod casts", "a" * 62, "", "-beat"])
def test_an_anchor_of_another_form_is_refused(anchor: str) -> None:
    section = make_section("podcasts")
    section.anchor = anchor

    with pytest.raises(ValidationError):
        section.full_clean()
    with pytest.raises(DatabaseError, match=r"section_anchor_form|too long"), transaction.atomic():
        Section.objects.update(anchor=anchor)


@pytest.mark.parametrize("anchor", ["ab", "a1", "a-", "a" * 61])
def test_an_anchor_may_be_short_or_long(anchor: str) -> None:
    make_section(anchor)

    assert Section.objects.filter(anchor=anchor).exists()


def test_two_sections_cannot_have_one_anchor() -> None:
    make_section("podcasts")
    other = make_section("forums")

    with pytest.raises(ValidationError, match="Another section has this anchor"):
        Section(anchor="podcasts", title="Other", position=9).full_clean()
    with refused("section_anchor_unique"):
        Section.objects.filter(pk=other.pk).update(anchor="podcasts")


def test_two_sections_cannot_have_one_place() -> None:
    make_section("podcasts", position=1)
    other = make_section("forums", position=2)

    with refused("section_position_unique"):
        Section.objects.filter(pk=other.pk).update(position=1)


def test_two_sections_can_change_places() -> None:
    first, second = make_section("podcasts", position=1), make_section("forums", position=2)

    Section.objects.filter(pk=first.pk).update(position=2)
    Section.objects.filter(pk=second.pk).update(position=1)
    commit()

    assert list(Section.objects.all()) == [second, first]


@pytest.mark.parametrize("limit", [0, 101])
def test_shows_from_1_to_100_entries(limit: int) -> None:
    section = make_section("podcasts")

    with refused("section_entry_limit_range"):
        Section.objects.update(entry_limit=limit)
    section.entry_limit = limit
    with pytest.raises(ValidationError, match="from 1 to 100"):
        section.full_clean()


def test_is_withdrawn_with_a_reason_or_not_at_all() -> None:
    section = make_section("podcasts")

    with refused("section_withdrawn_with_reason"):
        Section.objects.update(state="withdrawn")
    section.state = "withdrawn"
    with pytest.raises(ValidationError, match="Enter a reason"):
        section.full_clean()


@pytest.mark.parametrize(
    ("constraint", "values"),
    [("section_state_known", {"state": "hidden"}), ("section_order_known", {"order": "random"})],
)
def test_another_state_or_order_is_refused(constraint: str, values: dict[str, str]) -> None:
    make_section("podcasts")

    with refused(constraint):
        Section.objects.update(**values)


def test_an_alias_has_the_form_of_an_anchor() -> None:
    section = make_section("podcasts")

    with refused("section_alias_form"):
        SectionAlias.objects.create(anchor="The_Beat", section=section)


def test_renders_its_introduction_below_its_own_heading() -> None:
    section = make_section("podcasts", intro="## Listening\n\nSee **these**. <script>alert(1)</script>")

    assert "<h3>Listening</h3>" in section.intro_as_html
    assert "<strong>these</strong>" in section.intro_as_html
    assert "<script" not in section.intro_as_html


def test_counts_only_what_readers_see() -> None:
    section = make_section("podcasts")
    make_resources(3, section=section)
    make_resource("Draft", section=section, state="draft")
    make_resource("Next decade", section=section, listed_at=TEN_YEARS)
    withdraw(make_resource("Gone", section=section))

    counted = Section.objects.annotate(entry_count=section_total(timezone.now())).get()

    assert (counted.total.number, counted.total.is_more) == (3, False)


def test_names_its_first_entries_in_its_own_order() -> None:
    dated = {"first": None, "second": date(2020, 2, 1), "third": date(2020, 1, 1)}
    podcasts = make_section("podcasts", order="newest")
    forums = make_section("forums", order="manual")
    newest = {title: make_resource(title, section=podcasts, published_on=day) for title, day in dated.items()}
    manual = {title: make_resource(title, section=forums, published_on=day) for title, day in dated.items()}

    sections = {section.anchor: section for section in Section.objects.with_first_entries(timezone.now())}

    assert sections["podcasts"].first_entries == [newest[title].pk for title in ("second", "third", "first")]
    assert sections["forums"].first_entries == [manual[title].pk for title in ("first", "second", "third")]


def test_of_one_date_the_entry_that_stands_first_comes_first() -> None:
    section = make_section("podcasts", order="newest")
    first, second = (make_resource(title, published_on=date(2013, 1, 1)) for title in ("One", "Two"))

    assert section.resources.newest_of_section().in_bulk() == {first.pk: first, second.pk: second}
    assert list(section.resources.newest_of_section()) == [first, second]


def test_hides_drafts_and_later_entries_among_the_first() -> None:
    section = make_section("podcasts")
    shown = make_resource("Shown", section=section)
    make_resource("Draft", section=section, state="draft")
    later = make_resource("Later", section=section, listed_at=TEN_YEARS)

    assert Section.objects.with_first_entries(LISTED).get().first_entries == [shown.pk]
    assert Section.objects.with_first_entries(TEN_YEARS).get().first_entries == [shown.pk, later.pk]
