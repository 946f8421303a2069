"""Lists of resources that curators keep by a name."""

from typing import Any

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from .user import User

# So many each curator keeps.
SAVED_LIMIT = 20


class SavedFilter(models.Model):
    """The search, filters and order of the list of resources, as its address has them. Only its curator sees it."""

    user = models.ForeignKey(
        User, verbose_name=_("curator"), on_delete=models.CASCADE, related_name="saved_filters", db_index=False
    )
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("query"), max_length=2000)

    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                "user",
                Lower("name"),
                name="saved_filter_name_unique",
                violation_error_message=_("You have a saved filter with this name."),
            ),
            models.CheckConstraint(condition=~models.Q(name="") & ~models.Q(query=""), name="saved_filter_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name
