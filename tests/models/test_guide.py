"""Guides: what they may say, and what of them stays."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from library.models import Guide, LibraryVersion
from tests.factories import make_category, make_guide, make_help_line, make_resource, withdraw
from tests.refusing import commit, refused

pytestmark = pytest.mark.django_db


def test_a_guide_has_resources_in_order_and_phrases_as_folded_words() -> None:
    second, first = make_resource("Officer Fatigue"), make_resource("PTSD Coach")

    guide = make_guide("Sleep", first, second, phrases="  Can’t   sleep \n\nInsomnia!")

    assert [row.pk for row in guide.published_resources(timezone.now())] == [first.pk, second.pk]
    assert (guide.phrases, guide.folded) == ("Can’t sleep\nInsomnia!", ["cant sleep", "insomnia"])
    assert str(guide) == "Sleep"
    assert Guide.objects.get_by_natural_key(*guide.natural_key()) == guide


def test_readers_see_neither_drafts_nor_what_is_withdrawn_nor_what_is_gone() -> None:
    gone = make_resource("Gone", state="draft")
    shown = make_resource("Shown")
    guide = make_guide("Sleep", make_resource("Draft", state="draft"), withdraw(make_resource("Old")), gone, shown)
    gone.delete()

    assert [row.pk for row in guide.published_resources(timezone.now())] == [shown.pk]


def test_a_note_has_at_most_150_words() -> None:
    make_guide("Sleep", note="[word](https://example.org/a/long/address) " + "word " * 149)

    with pytest.raises(ValidationError, match="This one has 151"):
        make_guide("Stress", note="word " * 151)


@pytest.mark.parametrize(
    ("phrases", "reason"),
    [("sleep\n?", "no letter"), ("a" * 101, "more than 100"), ("\n".join(map(str, range(61))), "up to 60")],
)
def test_phrases_that_nobody_could_type_are_refused(phrases: str, reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        make_guide("Sleep", phrases=phrases)


def test_a_guide_is_short() -> None:
    with pytest.raises(ValidationError, match="up to 20"):
        make_guide("Sleep", *[make_resource(f"Sleep {number}") for number in range(21)])


def test_a_former_slug_stays_the_guides_own() -> None:
    guide = make_guide("Sleep")
    stale = Guide.objects.get(pk=guide.pk)
    guide.slug = "rest"
    guide.save()
    stale.slug = "rest"
    stale.save()

    assert Guide.objects.with_slug("sleep").get() == guide
    with pytest.raises(ValidationError, match="belonged to another guide"):
        make_guide("Sleep", slug="sleep")
    with refused("belonged to another guide"):
        Guide.objects.create(title="Sleep", slug="sleep")


def test_a_guide_can_have_its_old_slug_again() -> None:
    guide = make_guide("Sleep")
    for slug in ("rest", "sleep"):
        guide.slug = slug
        guide.save()

    assert Guide.objects.get().former_slugs == ["rest"]


def test_what_has_been_public_is_neither_hidden_nor_deleted() -> None:
    guide = make_guide("Sleep")
    guide.state = "draft"

    with pytest.raises(ValidationError, match="withdraw it instead"):
        guide.full_clean()
    with refused("Withdraw it instead"):
        guide.save()
    with refused("Withdraw it instead"):
        guide.delete()


def test_a_draft_can_be_deleted() -> None:
    make_guide("Sleep", state="draft").delete()

    assert not Guide.objects.exists()


def test_the_database_refuses_what_no_guide_can_be() -> None:
    make_guide("Sleep")
    with refused("guide_slug_unique"):
        Guide.objects.create(title="Sleep", slug="sleep")
    with refused("guide_state_known"):
        Guide.objects.create(title="A", slug="a", state="hidden")
    with refused("guide_withdrawn_with_reason"):
        Guide.objects.create(title="A", slug="a", state="withdrawn")


@pytest.mark.parametrize("relation", ["categories", "help_lines", "related"])
def test_what_belongs_to_a_guide_makes_a_new_version_of_the_library(relation: str) -> None:
    guide = make_guide("Sleep")
    other = {"categories": make_category, "help_lines": make_help_line, "related": lambda: make_guide("Stress")}
    row = other[relation]()
    commit()
    before = LibraryVersion.objects.get().number

    getattr(guide, relation).add(row)
    commit()

    assert LibraryVersion.objects.get().number > before


def test_review_is_due_when_its_day_is_over() -> None:
    today = timezone.localdate()
    guide = make_guide("Sleep", review_by=today)
    make_guide("Stress", review_by=today, state="draft")

    assert list(Guide.objects.due_for_review(today)) == []
    assert list(Guide.objects.due_for_review(today + timedelta(days=1))) == [guide]
