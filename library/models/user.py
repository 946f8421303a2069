"""The people who keep the library. Readers have no account and no row anywhere."""

from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A curator. A model of our own from the first migration, so that fields can be added later."""

    class Meta:
        verbose_name = _("curator")
        verbose_name_plural = _("curators")
