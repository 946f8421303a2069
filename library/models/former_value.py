"""What lists were filtered by before: slugs of categories, tags and publishers that were renamed, merged or deleted."""

from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .publisher import Publisher
from .taxonomy import Category, Tag

# What stands in addresses before the slugs of each.
FACET_OF: dict[type[models.Model], str] = {Category: "category", Tag: "tag", Publisher: "publisher"}


class FormerValueQuerySet(models.QuerySet["FormerValue"]):
    def of(self, model: type[models.Model]) -> "FormerValueQuerySet":
        """Those of categories, of tags or of publishers."""
        return self.filter(facet=FACET_OF[model])

    def stand_ins(self, model: type[models.Model], numbers: Collection[int]) -> dict[int, int]:
        """Of these rows, those that were merged into another one, with the number of that one. One query."""
        if model not in FACET_OF or not numbers:
            return {}
        merged = self.of(model).filter(was__in=numbers).exclude(leads_to=F("was"))
        return dict(merged.values_list("was", "leads_to"))


class FormerValue(models.Model):
    """A slug that a filter had, and its name then. The database's own trigger adds it, and removes it when a row takes
    the slug again. `leads_to` may be the number of a row that was deleted: readers are told so, and it is right again
    when the row is recovered.
    """

    facet = models.CharField(_("filter"), max_length=9)
    slug = models.CharField(_("older address name"), max_length=100)
    name = models.CharField(_("older name"), max_length=200)
    was = models.BigIntegerField(_("number of the row that had it"))
    leads_to = models.BigIntegerField(_("number of the row that it leads to"))

    objects: Any = FormerValueQuerySet.as_manager()

    class Meta:
        verbose_name = _("older filter address")
        verbose_name_plural = _("older filter addresses")
        indexes = [
            # What became of the rows that older versions of an entry name; and a row that is recovered.
            models.Index(fields=["facet", "was"], name="former_value_was"),
            # What leads to a row that is merged or renamed.
            models.Index(fields=["facet", "leads_to"], name="former_value_leads_to"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["facet", "slug"],
                name="former_value_unique",
                violation_error_message=_("This older filter address leads somewhere already."),
            ),
            models.CheckConstraint(
                condition=Q(facet__in=["category", "tag", "publisher"]),
                name="former_value_facet_known",
                violation_error_message=_("Only categories, tags and publishers have older filter addresses."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facet}={self.slug}"
