"""A resource: what the database holds of it, its date, its place, its states, its texts."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import override

from library.models import Publisher, Resource
from library.models.resource import new_ref
from library.models.resource.kinds import FIELDS_OF_KIND, Kind
from library.search.text_query import query_for
from tests.factories import (
    LISTED,
    TEN_YEARS,
    make_category,
    make_publisher,
    make_resource,
    make_section,
    make_series,
    withdraw,
)
from tests.refusing import commit, refused

pytestmark = pytest.mark.django_db


def test_has_a_page_and_a_permanent_code() -> None:
    resource = make_resource("Building Personal Resilience")

    assert str(resource) == "Building Personal Resilience"
    assert resource.get_absolute_url() == "/resources/building-personal-resilience/"
    assert len(resource.ref) == 7
    assert Resource.objects.get_by_natural_key(*resource.natural_key()) == resource


def test_reading_its_transcript_undoes_no_change() -> None:
    resource = Resource.objects.get(pk=make_resource("Sleep", transcript="Good evening.").pk)

    resource.url = "https://example.org/new"
    resource.full_clean()

    assert (resource.url, resource.transcript) == ("https://example.org/new", "Good evening.")


def test_a_ref_can_be_read_aloud() -> None:
    assert not set("".join(new_ref() for _ in range(200))) & set("01aeiouyl")


def test_only_published_and_listed_ones_are_for_readers() -> None:
    shown = make_resource("Shown")
    make_resource("Draft", state="draft")
    later = make_resource("Later", listed_at=TEN_YEARS)
    withdraw(make_resource("Gone"))

    assert list(Resource.objects.published(timezone.now())) == [shown]
    assert set(Resource.objects.published(TEN_YEARS)) == {shown, later}
    assert not Resource.objects.published(LISTED.replace(hour=11)).exists()


def test_a_page_says_nothing_before_the_listing_date() -> None:
    assert make_resource("Shown").is_listed(LISTED)
    assert not make_resource("Later", listed_at=TEN_YEARS).is_listed(LISTED)
    assert not make_resource("Draft", state="draft").is_listed(TEN_YEARS)
    assert withdraw(make_resource("Gone")).is_listed(LISTED)


# What the database refuses, whoever writes

DAY = date(2020, 2, 1)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("resource_date_with_precision", {"published_on": DAY, "published_precision": ""}),
        ("resource_date_with_precision", {"published_on": None, "published_precision": "year"}),
        ("resource_date_with_precision", {"published_on": DAY, "published_precision": "week"}),
        ("resource_month_is_first_day", {"published_on": date(2020, 2, 2), "published_precision": "month"}),
        ("resource_month_is_first_day", {"published_on": date(2020, 1, 2), "published_precision": "year"}),
        ("resource_year_is_january", {"published_on": DAY, "published_precision": "year"}),
        ("resource_withdrawn_with_reason", {"state": "withdrawn"}),
        ("resource_withdrawn_with_reason", {"state": "withdrawn", "withdrawn_reason": "Gone."}),
        ("resource_withdrawn_with_reason", {"state": "withdrawn", "withdrawn_at": LISTED}),
        ("resource_link_state_with_date", {"link_state": "alive"}),
        ("resource_link_state_with_date", {"link_checked_on": DAY}),
        ("resource_copy_day_with_address", {"copy_taken_on": DAY}),
        ("resource_kind_known", {"kind": "film"}),
        ("resource_audience_known", {"audience": ["officer", "mayor"]}),
        ("resource_language_known", {"language": "xx"}),
        ("resource_country_known", {"country": "XX"}),
        ("resource_state_known", {"state": "hidden"}),
        ("resource_access_known", {"access": "secret"}),
        ("resource_link_state_known", {"link_state": "fine", "link_checked_on": DAY}),
        ("resource_reviewed_since_1990", {"reviewed_on": date(1989, 12, 31)}),
        ("resource_link_checked_since_1990", {"link_state": "dead", "link_checked_on": date(1, 1, 1)}),
    ],
)
def test_the_database_refuses(constraint: str, values: dict[str, object]) -> None:
    make_resource(kind="site")

    with refused(constraint):
        Resource.objects.update(**values)


def test_the_database_refuses_to_publish_without_a_moment() -> None:
    make_resource(state="draft", listed_at=None)

    with refused("resource_published_with_date"):
        Resource.objects.update(state="published")


@pytest.mark.parametrize(
    "values",
    [
        {"published_on": DAY, "published_precision": "day"},
        {"published_on": DAY, "published_precision": "month"},
        {"published_on": date(2020, 1, 1), "published_precision": "year"},
        {"state": "withdrawn", "withdrawn_reason": "Gone.", "withdrawn_at": LISTED},
        {"link_state": "dead", "link_checked_on": DAY},
        {"reviewed_on": date(1990, 1, 1)},
    ],
)
def test_the_database_takes(values: dict[str, object]) -> None:
    make_resource()

    Resource.objects.update(**values)
    commit()


FIELD_VALUES = {"running_minutes": 21, "audio_bytes": 9_000_000, "pages": 120}


@pytest.mark.parametrize(
    ("kind", "field"), [(kind, field) for kind, fields in FIELDS_OF_KIND.items() for field in fields]
)
def test_a_field_of_one_kind_is_refused_for_every_other(kind: Kind, field: str) -> None:
    value = make_series().pk if field == "series" else FIELD_VALUES.get(field, "https://example.org/words")
    make_resource(kind=kind)
    Resource.objects.update(**{field: value})

    for other in Kind:
        if other is not kind:
            # resource_only_course_has_its_fields, resource_only_podcast_has_its_fields,
            # resource_only_review_has_its_fields, resource_only_forum_has_its_fields
            with refused(f"resource_only_{kind.value}_has_its_fields"):
                Resource.objects.update(kind=other)


def test_a_form_says_which_kind_has_the_field() -> None:
    with pytest.raises(ValidationError, match="for another kind"):
        make_resource(kind="site", speaker="Jane Doe")


@pytest.mark.parametrize("ref", ["abc", "a" * 13, "ABCD", "ab-cd", ""])
def test_a_ref_of_another_form_is_refused(ref: str) -> None:
    section = make_section()
    row = Resource(kind="site", ref=ref[:12], slug="officer-fatigue", title="Fatigue", section=section, position=1)

    if len(ref) < 13:
        with refused("resource_ref_form"):
            Resource.objects.bulk_create([row])
    row.ref = ref
    with pytest.raises(ValidationError):
        row.full_clean()


def test_two_resources_cannot_have_one_ref() -> None:
    first = make_resource()

    with refused("resource_ref_unique"):
        make_copy(first, slug="other")


def test_two_resources_cannot_have_one_slug() -> None:
    first = make_resource("Officer Suicides")
    second = make_resource("Officer Suicides")

    assert (first.slug, second.slug) == ("officer-suicides", "officer-suicides-2")
    with refused("resource_slug_unique"):
        Resource.objects.filter(pk=second.pk).update(slug="officer-suicides")
    second.slug = "officer-suicides"
    with pytest.raises(ValidationError, match="Add a year or a speaker"):
        second.full_clean()


def test_titles_need_not_differ() -> None:
    make_resource("Officer Suicides", published_on=date(2013, 1, 1), published_precision="month")
    make_resource("Officer Suicides", published_on=date(2013, 1, 1), published_precision="month")

    assert Resource.objects.filter(title="Officer Suicides").count() == 2


def test_does_not_replace_itself() -> None:
    resource = make_resource()
    resource.successor = resource

    with refused("resource_not_its_own_successor"):
        Resource.objects.update(successor=resource.pk)
    with pytest.raises(ValidationError, match="can’t replace itself"):
        resource.full_clean()


def make_copy(resource: Resource, **values: object) -> None:
    fields = {"kind": "site", "ref": resource.ref, "title": "Copy", "section": resource.section, "position": 99}
    Resource.objects.bulk_create([Resource(**(fields | values))])


# Its date


@pytest.mark.parametrize(
    ("precision", "stored", "iso", "label"),
    [
        ("year", date(2020, 1, 1), "2020", "2020"),
        ("month", date(2020, 2, 1), "2020-02", "February 2020"),
        ("day", date(2020, 2, 17), "2020-02-17", "Feb. 17, 2020"),
    ],
)
def test_shows_its_date_no_more_exactly_than_it_is_known(precision: str, stored: date, iso: str, label: str) -> None:
    resource = make_resource(published_on=date(2020, 2, 17), published_precision=precision)

    resource.refresh_from_db()
    assert resource.published_on == stored
    assert resource.published_iso == iso
    assert resource.published_label == label


def test_says_its_month_in_the_language_of_the_page() -> None:
    resource = make_resource(published_on=date(2020, 2, 17), published_precision="month")

    with override("es"):
        assert resource.published_label == "febrero de 2020"


def test_an_unknown_date_is_nothing() -> None:
    resource = make_resource()

    assert (resource.published_iso, resource.published_label) == ("", "")


def test_a_date_without_precision_is_asked_for() -> None:
    with pytest.raises(ValidationError, match="and its precision"):
        make_resource(published_on=date(2020, 2, 17), published_precision="")


def test_a_published_resource_is_listed_from_now_when_no_date_is_given() -> None:
    resource = make_resource(listed_at=None)

    assert resource.listed_at is not None
    assert resource.is_listed(timezone.now())


def test_a_withdrawn_resource_remembers_when() -> None:
    assert withdraw(make_resource()).withdrawn_at is not None


def test_its_listing_ends_after_it_began() -> None:
    resource = make_resource()

    with refused("resource_expires_after_listing"):
        Resource.objects.update(expires_at=resource.listed_at)
    with pytest.raises(ValidationError, match="That time has passed"):
        make_resource("Other", expires_at=timezone.now() - timedelta(minutes=1))


def test_who_does_not_say_when_its_listing_ends_is_not_refused_for_it() -> None:
    resource = make_resource()
    resource.expires_at = timezone.now() - timedelta(minutes=1)
    resource.full_clean(exclude=["expires_at"])
    with pytest.raises(ValidationError, match="That time has passed"):
        resource.full_clean(exclude=["position", "slot"])


def test_is_withdrawn_with_a_reason_or_not_at_all() -> None:
    with pytest.raises(ValidationError, match="Enter a reason"):
        withdraw(make_resource(), reason="")


def test_what_readers_have_seen_is_no_draft_again() -> None:
    resource = make_resource()
    resource.state = "draft"

    with pytest.raises(ValidationError, match="withdraw it instead"):
        resource.full_clean()


def test_a_resource_of_the_future_can_become_a_draft_again() -> None:
    resource = make_resource(listed_at=TEN_YEARS)
    resource.state = "draft"

    resource.full_clean()


# Its texts


def test_renders_its_text_on_every_save() -> None:
    resource = make_resource(kind="forum", body="## Goals\n\n- To share\n- To learn")
    assert resource.body_as_html == "<h4>Goals</h4>\n<ul>\n<li>To share</li>\n<li>To learn</li>\n</ul>\n"

    resource.body = "*Changed*"
    resource.save()
    assert Resource.objects.get().body_as_html == "<p><em>Changed</em></p>\n"


def test_a_text_of_too_many_characters_is_refused() -> None:
    with pytest.raises(ValidationError, match="at most 20000"):
        make_resource(kind="forum", body="a" * 20_001)


def test_is_found_by_all_its_words_and_best_by_its_title() -> None:
    in_title = make_resource("Resilience")
    in_keywords = make_resource("One", keywords="resilience")
    in_summary = make_resource("Two", summary="About resilience.")
    in_speaker = make_resource("Three", speaker="Resilience Smith")
    in_body = make_resource("Four", kind="forum", body="Resilience.")
    make_resource("Five")

    query = query_for("resilience", {})
    matches = Resource.objects.matching(query).ranked(query)

    assert list(matches) == [in_title, in_keywords, in_summary, in_speaker, in_body]


def test_is_found_by_another_form_of_a_word() -> None:
    resource = make_resource("Counseling Officers")

    assert list(Resource.objects.matching(query_for("counsel officer", {}))) == [resource]


def test_does_not_carry_its_transcript_along() -> None:
    make_resource(transcript="What is said.")

    assert "transcript" in Resource.objects.get().get_deferred_fields()


def test_comes_with_all_that_a_card_shows(django_assert_num_queries) -> None:
    make_resource(publisher=make_publisher(), series=make_series(make_publisher("bja", "BJA")))

    with django_assert_num_queries(1):
        (resource,) = Resource.objects.with_card_relations()
        assert resource.publisher.name == "COPS Office"
        assert (resource.published_label, resource.summary, resource.body_as_html) == ("", "", "")


def test_is_in_a_category_once_however_many_of_them_it_has() -> None:
    sleep, stress = make_category("sleep", "Sleep"), make_category("stress", "Stress")
    resource = make_resource(categories=[sleep, stress])
    make_resource("Other")

    assert list(Resource.objects.in_categories([sleep, stress])) == [resource]


def test_its_publisher_cannot_be_deleted() -> None:
    make_resource(publisher=make_publisher())

    with pytest.raises(Exception, match="protected"):
        Publisher.objects.all().delete()


def test_a_second_withdrawal_has_its_own_date() -> None:
    resource = withdraw(make_resource()) or Resource.objects.get()
    Resource.objects.update(withdrawn_at=LISTED)
    resource.refresh_from_db()
    for state in ("published", "withdrawn"):
        resource.state = state
        resource.full_clean()
        resource.save()

    assert resource.withdrawn_at is not None
    assert resource.withdrawn_at > LISTED


@pytest.mark.parametrize(
    ("day", "years"),
    [(date(2013, 7, 1), 13), (date(2025, 11, 23), 1), (date(2025, 11, 24), 0), (date(2026, 11, 24), 0), (None, None)],
)
def test_its_age_is_in_whole_years(day: date | None, years: int | None) -> None:
    assert Resource(published_on=day).age(date(2026, 11, 23)) == years
