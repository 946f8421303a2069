"""The slugs that resources had before: their old addresses lead to the new ones."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FormerSlug(models.Model):
    """A slug that a resource had before; its address answers 301. Rows come from the database's own trigger."""

    slug = models.SlugField(_("older address name"), max_length=100, db_index=False)
    resource = models.ForeignKey(
        "library.Resource", verbose_name=_("resource"), on_delete=models.CASCADE, related_name="former_slugs"
    )

    class Meta:
        verbose_name = _("older address name")
        verbose_name_plural = _("older address names")
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="former_slug_unique",
                violation_error_code="unique",
                violation_error_message=_("This older address name leads to a resource already."),
            ),
        ]

    def __str__(self) -> str:
        return self.slug
