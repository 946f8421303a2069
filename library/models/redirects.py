"""Names that were in addresses before: each old address leads to what it was the address of."""

from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .publisher import Publisher
from .slugs import ANCHOR_PATTERN, validate_anchor
from .taxonomy import Category, Tag

# What stands in addresses before the slugs of each.
FACET_OF: dict[type[models.Model], str] = {Category: "category", Tag: "tag", Publisher: "publisher"}


class FormerValueQuerySet(models.QuerySet["FormerValue"]):
    def of(self, model: type[models.Model]) -> "FormerValueQuerySet":
        """Those of categories, of tags or of publishers."""
        return self.filter(facet=FACET_OF[model])

    def stand_ins(self, model: type[models.Model], ids: Collection[int]) -> dict[int, int]:
        """Of these rows, those that were merged into another one, with the number of that one. One query."""
        if model not in FACET_OF or not ids:
            return {}
        merged = self.of(model).filter(source_id__in=ids).exclude(target_id=F("source_id"))
        return dict(merged.values_list("source_id", "target_id"))


class FormerValue(models.Model):
    """A slug that a filter had, and its name then. The database's own trigger adds it, and removes it when a row takes
    the slug again. `target_id` may be the number of a row that was deleted: readers are told so, and it is right again
    when the row is recovered.
    """

    facet = models.CharField(_("filter"), max_length=9)
    slug = models.CharField(_("former URL name"), max_length=100)
    name = models.CharField(_("older name"), max_length=200)
    source_id = models.BigIntegerField(_("id of the row that had it"), db_column="was")
    target_id = models.BigIntegerField(_("id of the row that it leads to"), db_column="leads_to")

    objects: Any = FormerValueQuerySet.as_manager()

    class Meta:
        verbose_name = _("former filter address")
        verbose_name_plural = _("former filter addresses")
        indexes = [
            # What became of the rows that older versions of an entry name; and a row that is recovered.
            models.Index(fields=["facet", "source_id"], name="former_value_was"),
            # What leads to a row that is merged or renamed.
            models.Index(fields=["facet", "target_id"], name="former_value_leads_to"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["facet", "slug"],
                name="former_value_unique",
                violation_error_message=_("This former filter address already leads somewhere."),
            ),
            models.CheckConstraint(
                condition=Q(facet__in=["category", "tag", "publisher"]),
                name="former_value_facet_known",
                violation_error_message=_("Only categories, tags, and publishers have former filter addresses."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facet}={self.slug}"


class FormerSlug(models.Model):
    """A slug that a resource had before; its address answers 301. Rows come from the database's own trigger."""

    slug = models.SlugField(_("former URL name"), max_length=100, db_index=False)
    resource = models.ForeignKey(
        "library.Resource", verbose_name=_("resource"), on_delete=models.CASCADE, related_name="former_slugs"
    )

    class Meta:
        verbose_name = _("former URL name")
        verbose_name_plural = _("former URL names")
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="former_slug_unique",
                violation_error_code="unique",
                violation_error_message=_("This former URL name already leads to a resource."),
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class SectionAlias(models.Model):
    """An older anchor of a section that still lands on it. Rows come from the database's trigger and from merges."""

    anchor = models.CharField(_("former anchor"), max_length=61, validators=[validate_anchor])
    section = models.ForeignKey(
        "library.Section", verbose_name=_("section"), on_delete=models.PROTECT, related_name="aliases"
    )
    since = models.DateField(_("in use since"), default=timezone.localdate)

    class Meta:
        verbose_name = _("former anchor")
        verbose_name_plural = _("former anchors")
        ordering = ("anchor",)
        constraints = [
            models.UniqueConstraint(
                fields=["anchor"],
                name="section_alias_anchor_unique",
                violation_error_code="unique",
                violation_error_message=_("This former anchor already leads to a section."),
            ),
            models.CheckConstraint(condition=Q(anchor__regex=ANCHOR_PATTERN), name="section_alias_form"),
        ]

    def __str__(self) -> str:
        return self.anchor
