"""A link by which somebody without an account sees a resource that is not published: it ends, and can be ended."""

import re
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .resource import Resource
from .user import User

LIFE = timedelta(days=7)
# A signed nonce: 22 letters, a dot, and what HMAC-SHA256 is in letters.
_TOKEN = re.compile(r"[\w-]{22}\.[\w-]{43}", re.ASCII)


def _signer() -> Signer:
    return Signer(sep=".", salt="library.preview")


def new_nonce() -> str:
    """22 letters that nobody can guess."""
    return secrets.token_urlsafe(16)


class PreviewLinkQuerySet(models.QuerySet[Any]):
    def make(self, resource: Resource, by: User, now: datetime) -> "PreviewLink":
        """A link for `resource` from `now` on, in place of the one that it had. Forgets those that have ended."""
        self.filter(until__lte=now).delete()
        link = PreviewLink(resource=resource, made_by=by, made_at=now, until=now + LIFE)
        changed = ["nonce", "made_by", "made_at", "until"]
        self.bulk_create([link], update_conflicts=True, unique_fields=["resource"], update_fields=changed)
        return link

    def end(self, resource: Resource) -> bool:
        """End the link of `resource`; whether there was one."""
        return bool(self.filter(resource=resource).delete()[0])

    def alive(self, now: datetime) -> "PreviewLinkQuerySet":
        """Links that lead somewhere at `now`."""
        return self.filter(until__gt=now)

    def at(self, token: str, now: datetime) -> "PreviewLink | None":
        """The link of this token with its resource; None for one that was never made, has ended, or was ended."""
        if not _TOKEN.fullmatch(token):
            return None
        try:
            nonce = _signer().unsign(token)
        except BadSignature:
            return None
        link: PreviewLink | None = self.alive(now).filter(nonce=nonce).first()
        return link


class PreviewLink(models.Model):
    """The one link of a resource. Its address holds a signed nonce: a copy of the database alone opens nothing."""

    resource = models.OneToOneField(
        Resource, verbose_name=_("resource"), on_delete=models.CASCADE, related_name="preview_link"
    )
    nonce = models.CharField(max_length=22, default=new_nonce, editable=False)
    made_by = models.ForeignKey(
        User, verbose_name=_("made by"), on_delete=models.SET_NULL, related_name="+", null=True, db_index=False
    )
    made_at = models.DateTimeField(_("made on"))
    until = models.DateTimeField(_("works until"))

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["nonce"], name="preview_link_nonce_unique"),
            models.CheckConstraint(condition=Q(nonce__regex=r"^[A-Za-z0-9_-]{22}$"), name="preview_link_nonce_form"),
            models.CheckConstraint(
                condition=Q(until__gt=F("made_at"), until__lte=F("made_at") + LIFE),
                name="preview_link_ends",
                violation_error_message=_("A preview link can last up to seven days."),
            ),
        ]

    def __str__(self) -> str:
        """Not the nonce: the admin writes this into its history."""
        return f"{self.resource_id}"

    def get_absolute_url(self) -> str:
        return reverse("preview", args=[_signer().sign(self.nonce)])
