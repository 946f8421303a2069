"""What curators tell each other about a resource: that it waits for a publisher, and notes. No reader sees any of it.

Both are tables beside the resource: neither a note nor a request makes another version of it, or a page anew.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .resource import Resource
from .user import User

NOTE_LIMIT = 2000


class ReviewRequestQuerySet(models.QuerySet[Any]):
    def ask(self, resource: Resource, by: User, now: datetime) -> None:
        """Let a draft wait for a publisher; one that waits already goes on waiting since then."""
        request = ReviewRequest(resource=resource, requested_by=by, requested_at=now)
        self.bulk_create([request], ignore_conflicts=True)

    def waiting(self) -> "ReviewRequestQuerySet":
        """Those of drafts: what is published another way waits no more."""
        return self.filter(resource__state=Resource.State.DRAFT)

    def decide(self, resources: Collection[int]) -> list["ReviewRequest"]:
        """End the requests of these resources; which there were, with the people who made them."""
        ended = list(self.filter(resource__in=resources).select_related("requested_by", "resource"))
        if ended:
            self.filter(pk__in=[request.pk for request in ended]).delete()
        return ended


class ReviewRequest(models.Model):
    """A draft that somebody who may not publish it has submitted for review."""

    resource = models.OneToOneField(
        Resource, verbose_name=_("resource"), on_delete=models.CASCADE, related_name="review_request"
    )
    requested_by = models.ForeignKey(
        User, verbose_name=_("submitted by"), on_delete=models.SET_NULL, related_name="+", null=True, db_index=False
    )
    requested_at = models.DateTimeField(_("submitted on"))

    objects = ReviewRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for review")
        verbose_name_plural = _("requests for review")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.resource_id}"


class ResourceNote(models.Model):
    """What one curator wrote to the others about a resource."""

    resource = models.ForeignKey(
        Resource, verbose_name=_("resource"), on_delete=models.CASCADE, related_name="curator_notes"
    )
    author = models.ForeignKey(
        User, verbose_name=_("author"), on_delete=models.SET_NULL, related_name="+", null=True, db_index=False
    )
    text = models.TextField(_("note"), max_length=NOTE_LIMIT)
    written_at = models.DateTimeField(_("written on"))

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        default_permissions = ()
        ordering = ("pk",)
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="resource_note_with_text")]

    def __str__(self) -> str:
        return f"{self.resource_id}"
