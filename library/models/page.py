"""The site's own texts, which curators can change: the library page's introduction, about, privacy and the like."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from library.pages.markdown import MARKDOWN_LIMIT, render_markdown


class PageManager(models.Manager["Page"]):
    def get_by_natural_key(self, name: str) -> "Page":
        return self.get(name=name)


class Page(models.Model):
    """One text of the site. Which there are is fixed: each has its address and its template."""

    class Name(models.TextChoices):
        LIBRARY = "library", _("Library page (introduction)")
        HELP = "help", _("Help lines (introduction)")
        ABOUT = "about", _("About")
        PRIVACY = "privacy", _("Privacy")
        ACCESSIBILITY = "accessibility", _("Accessibility")
        LINKING = "linking", _("Linking to this library")
        CHECKS = "checks", _("Link checks (for owners of other sites)")

    name = models.CharField(_("page"), max_length=20, choices=Name)
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(
        _("text"),
        max_length=MARKDOWN_LIMIT,
        help_text=_("Markdown: ## heading, **bold**, - lists, [words](https://address)."),
    )
    body_html = models.TextField(editable=False, blank=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects = PageManager()

    class Meta:
        verbose_name = _("site page")
        verbose_name_plural = _("site pages")
        ordering = ("title",)
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                name="page_name_unique",
                violation_error_code="unique",
                violation_error_message=_("This page already has text."),
            ),
            models.CheckConstraint(
                condition=Q(name__in=["library", "help", "about", "privacy", "accessibility", "linking", "checks"]),
                name="page_has_an_address",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **options: Any) -> None:
        self.body_html = render_markdown(self.body)
        super().save(*args, **options)

    def get_absolute_url(self) -> str:
        return reverse(self.name)

    def natural_key(self) -> tuple[str]:
        return (self.name,)

    @property
    def body_as_html(self) -> SafeString:
        """The text, as it was cleaned when it was saved."""
        return mark_safe(self.body_html)  # noqa: S308 - cleaned on save
