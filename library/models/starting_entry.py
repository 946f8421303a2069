"""Which rows of the starting content have been loaded, so that none comes twice or comes back after a deletion."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StartingEntry(models.Model):
    """One row of `fixtures/` that has been loaded into this library once."""

    model = models.CharField(max_length=60)
    key = models.CharField(max_length=300, help_text=_("The natural key, as JSON."))
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "key"], name="starting_entry_once")]

    def __str__(self) -> str:
        return f"{self.model} {self.key}"
