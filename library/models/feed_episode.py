"""Which episodes of a podcast's feed the library has, so that the same feed brings only new ones next time."""

from collections.abc import Collection

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from .publisher import Series
from .resource import Resource


class FeedEpisodeQuerySet(models.QuerySet["FeedEpisode"]):
    def of_series(self, series: Series, guids: Collection[str]) -> "FeedEpisodeQuerySet":
        """Those that this series has of these names in its feed, with their entries; none whose entry is gone."""
        is_there = Exists(Resource.objects.filter(pk=OuterRef("resource")))
        return self.filter(is_there, series=series, guid__in=guids).select_related("resource")


class FeedEpisode(models.Model):
    """An entry that was made of a feed's episode.

    Without its entry, a draft that was deleted, it can be taken again; a draft that is recovered has the same number,
    and is known again.
    """

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="feed_episodes", db_index=False)
    guid = models.CharField(max_length=500, help_text=_("The feed’s permanent ID for it."))
    resource = models.ForeignKey(
        Resource, on_delete=models.DO_NOTHING, related_name="feed_episodes", db_index=False, db_constraint=False
    )

    objects = FeedEpisodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("episode of a feed")
        verbose_name_plural = _("episodes of feeds")
        constraints = [
            models.UniqueConstraint(
                fields=["series", "guid"],
                name="feed_episode_once",
                violation_error_message=_("This episode was already taken from the feed."),
            ),
            models.UniqueConstraint(
                fields=["resource"],
                name="feed_episode_of_one_entry",
                violation_error_message=_("This entry was made from another episode."),
            ),
        ]

    def __str__(self) -> str:
        return self.guid
