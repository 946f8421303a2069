"""Devices on which curators are not asked for their second step, for a while."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .user import User

TRUST_LIFE = timedelta(days=30)


class TrustedDevice(models.Model):
    """One person's trust in one device, which alone has the token. Nothing says what device it is, or where.

    The database deletes it when the person gets another password or second step, or may no longer sign in
    (`library_forget_devices`).
    """

    user = models.ForeignKey(User, verbose_name=_("curator"), on_delete=models.CASCADE, related_name="trusted_devices")
    token_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("trusted since"))
    expires = models.DateTimeField(_("trusted until"), db_index=True)

    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("trusted device")
        verbose_name_plural = _("trusted devices")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["token_hash"], name="trusted_device_token_unique"),
            models.CheckConstraint(
                condition=Q(expires__gt=F("created_at"), expires__lte=F("created_at") + TRUST_LIFE),
                name="trusted_device_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.expires:%Y-%m-%d}"
