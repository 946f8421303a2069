"""The people who keep the library. Readers have no account and no row anywhere."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

NO_ADDRESS = _("Email needs an address to go to.")


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
    wants_alerts = models.BooleanField(
        _("email right away"),
        default=False,
        db_default=False,
        help_text=_(
            "Email what waits for this curator alone: drafts to review, help line changes to approve, what became of "
            "drafts they submitted, and problems with entries they own. Each curator can change this, too."
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
                violation_error_message=NO_ADDRESS,
            ),
            models.CheckConstraint(
                condition=Q(wants_alerts=False) | ~Q(email=""),
                name="user_alerts_with_address",
                violation_error_message=NO_ADDRESS,
            ),
        ]

    @property
    def is_invited(self) -> bool:
        """Whether they may sign in once they have chosen their first password."""
        is_new = self.last_login is None and not self.has_usable_password()
        return self.is_active and self.is_staff and is_new

    def clean(self) -> None:
        """As Django's; no two accounts get one email. Those that had it before this was asked keep it."""
        super().clean()
        others: Any = User.objects.filter(email__iexact=self.email).values_list("pk", flat=True) if self.email else ()
        if (same := set(others)) and self.pk not in same:
            raise ValidationError({"email": _("Another account has this email.")})
