"""Who made a resource, and the runs of resources from one source."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from .web_address import WebAddressField


class PublisherManager(models.Manager["Publisher"]):
    def get_by_natural_key(self, slug: str) -> "Publisher":
        return self.get(slug=slug)


class Publisher(models.Model):
    """The organisation that made a resource."""

    name = models.CharField(_("name"), max_length=200, help_text=_("Full official name."))
    slug = models.SlugField(
        _("URL name"),
        max_length=80,
        db_index=False,
        help_text=_("Used in web addresses: /resources/?publisher=copline. Don’t change it once it’s in use."),
    )
    url = WebAddressField(_("website"), blank=True, help_text=_("Home page. Optional."))

    objects = PublisherManager()

    class Meta:
        verbose_name = _("publisher")
        verbose_name_plural = _("publishers")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="publisher_slug_unique",
                violation_error_code="unique",
                violation_error_message=_("Another publisher has this URL name."),
            ),
            models.UniqueConstraint(
                Lower("name"),
                name="publisher_name_unique",
                violation_error_message=_("There’s already a publisher with this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class SeriesManager(models.Manager["Series"]):
    def get_by_natural_key(self, slug: str) -> "Series":
        return self.get(slug=slug)


class Series(models.Model):
    """A run of resources from one source, e.g. the podcast The Beat."""

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("short name"), max_length=80, db_index=False, help_text=_("Lowercase, e.g. the-beat."))
    publisher = models.ForeignKey(
        Publisher, verbose_name=_("publisher"), on_delete=models.PROTECT, related_name="series"
    )
    url = WebAddressField(
        _("address"),
        blank=True,
        help_text=_("The full episode list. Readers go there when an episode has no link of its own."),
    )
    description = models.TextField(_("description"), max_length=1000, blank=True)

    objects = SeriesManager()

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = ("title",)
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="series_slug_unique",
                violation_error_code="unique",
                violation_error_message=_("Another series has this short name."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def natural_key(self) -> tuple[str]:
        return (self.slug,)
