"""What the library remembers of a feed: each episode once, whatever becomes of its entry."""

import pytest

from library.models import FeedEpisode
from tests.factories import make_publisher, make_resource, make_series
from tests.refusing import refused

pytestmark = pytest.mark.django_db


def test_an_episode_of_a_series_has_one_entry() -> None:
    series = make_series()
    FeedEpisode.objects.create(series=series, guid="g1", resource=make_resource("One"))
    with refused("feed_episode_once"):
        FeedEpisode.objects.create(series=series, guid="g1", resource=make_resource("Two"))


def test_an_entry_was_made_of_one_episode() -> None:
    series, resource = make_series(), make_resource()
    FeedEpisode.objects.create(series=series, guid="g1", resource=resource)
    with refused("feed_episode_of_one_entry"):
        FeedEpisode.objects.create(series=series, guid="g2", resource=resource)


def test_two_podcasts_may_use_the_same_names() -> None:
    publisher = make_publisher()
    for slug in ("the-beat", "copline"):
        series = make_series(publisher, slug=slug)
        FeedEpisode.objects.create(series=series, guid="1", resource=make_resource(slug))
    assert FeedEpisode.objects.of_series(series, ["1", "2"]).get().resource.title == "copline"


def test_is_not_known_without_its_draft_and_known_again_with_it() -> None:
    draft, series = make_resource(state="draft"), make_series()
    FeedEpisode.objects.create(series=series, guid="1", resource=draft)
    pk = draft.pk
    draft.delete()
    assert not FeedEpisode.objects.of_series(series, ["1"]).exists()
    draft.pk = pk
    draft.save(force_insert=True)
    assert FeedEpisode.objects.of_series(series, ["1"]).get().resource == draft


def test_goes_with_its_series() -> None:
    series = make_series()
    FeedEpisode.objects.create(series=series, guid="1", resource=make_resource())
    series.delete()
    assert not FeedEpisode.objects.exists()
