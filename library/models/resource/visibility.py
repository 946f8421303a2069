"""When readers see a resource: the one rule, as conditions for the database and as questions to a row in memory.

A resource is listed once its date has come: from then on its address tells readers something. It is published while it
is listed and nothing has ended that; after that it is gone, and its address says why. The section that it stands in has
no part in this: a section that is a draft or withdrawn has no page of its own, and its entries are in all other lists.
"""

from datetime import datetime
from typing import Any

from django.db.models import Q

PUBLISHED = Q(state="published")


def listed_at(now: datetime) -> Q:
    """Of resources whose address tells readers anything at `now`: what they are, or why they are gone."""
    return ~Q(state="draft") & Q(listed_at__lte=now)


def published_at(now: datetime) -> Q:
    """Of resources that readers see at `now`."""
    return PUBLISHED & (Q(expires_at__isnull=True) | Q(expires_at__gt=now)) & Q(listed_at__lte=now)


def scheduled_at(now: datetime) -> Q:
    """Of resources that are published, and whose listing date is still to come at `now`."""
    return PUBLISHED & Q(listed_at__gt=now)


def expired_at(now: datetime) -> Q:
    """Of resources that are published, and whose time is over at `now`."""
    return PUBLISHED & Q(expires_at__lte=now)


class Visibility:
    """The same rule for a row in memory, saved or not. Costs no query."""

    state: Any
    listed_at: Any
    expires_at: Any

    def is_listed(self, now: datetime) -> bool:
        """Whether its address tells readers anything at `now`: what it is, or why it is gone."""
        return self.state != "draft" and self.listed_at is not None and bool(self.listed_at <= now)

    def is_published(self, now: datetime) -> bool:
        """Whether readers see it at `now`."""
        return self.is_listed(now) and not self.is_gone(now)

    def has_expired(self, now: datetime) -> bool:
        """Whether it is published, and the time for which it is listed is over."""
        return bool(self.state == "published" and self.expires_at is not None and self.expires_at <= now)

    def is_gone(self, now: datetime) -> bool:
        """Whether its address says at most that it was here: withdrawn by somebody, or by its date."""
        return self.state == "withdrawn" or self.has_expired(now)
