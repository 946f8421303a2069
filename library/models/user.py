"""The people who keep the library. Readers have no account and no row anywhere."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A curator. A model of our own from the first migration, so that fields can be added later."""

    wants_digest = models.BooleanField(
        _("weekly email"),
        default=False,
        help_text=_(
            "Email what needs attention once a week. If nothing does, nothing is sent. Each curator can change this "
            "on the “Weekly email” page."
        ),
    )
    digest_sent_at = models.DateTimeField(_("weekly email last sent on"), null=True, editable=False)

    class Meta:
        verbose_name = _("curator")
        verbose_name_plural = _("curators")
        constraints = [
            models.CheckConstraint(
                condition=Q(wants_digest=False) | ~Q(email=""),
                name="user_digest_with_address",
                violation_error_message=_("The weekly email needs an address to go to."),
            )
        ]
