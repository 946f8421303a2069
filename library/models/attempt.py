"""Failed attempts to sign in, under keys that name nobody (`library.accounts.attempts` makes them)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Attempt(models.Model):
    """How many failed of late under one key, and how long the next one has to wait."""

    key = models.CharField(max_length=80, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    wait_until = models.DateTimeField(null=True)
    expires = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("attempt to sign in")
        verbose_name_plural = _("attempts to sign in")

    def __str__(self) -> str:
        return f"{self.key}: {self.failures}"
