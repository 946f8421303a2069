"""What is in a picture: its bytes, named by its resource and a hash of these bytes. A name never changes its meaning.

Which files readers get, and which are kept for the history, is decided in `models.picture`.
"""

import hashlib
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan, LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from library.media.images import STORED_BYTES

NAME_PATTERN = r"^[a-z0-9]{4,12}-[0-9a-f]{16}\.webp$"


def name_for(ref: str, content: bytes) -> str:
    """The one name that the resource of this ref can have for these bytes."""
    return f"{ref}-{hashlib.sha256(content).hexdigest()[:16]}.webp"


class PictureFileQuerySet(models.QuerySet[Any]):
    def store(self, name: str, content: bytes) -> None:
        """Write it in the transaction of the caller; nothing where it is there already."""
        self.bulk_create([self.model(name=name, content=content)], ignore_conflicts=True)

    def content(self) -> bytes | None:
        """The bytes of the one file of this query; None where there is none. Costs a query."""
        content = self.values_list("content", flat=True).first()
        return None if content is None else bytes(content)


class PictureFile(models.Model):
    """The bytes of a WebP. Neither in the history nor noted as an edit: the row of the picture that names it is."""

    name = models.CharField(max_length=40, primary_key=True)
    content = models.BinaryField()

    objects = PictureFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture file")
        verbose_name_plural = _("picture files")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(name__regex=NAME_PATTERN), name="picture_file_name_form"),
            models.CheckConstraint(
                condition=Q(GreaterThan(Length("content"), 0), LessThanOrEqual(Length("content"), STORED_BYTES)),
                name="picture_file_size",
            ),
        ]

    def __str__(self) -> str:
        return self.name
