"""The one picture that a resource may have. Its file is named by what is in it, and goes when no row names it."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from library.picture_files import NAME_PATTERN, delete_file, files_before, name_for, write_file
from library.pictures import MadePicture

from .resource import Resource

# A younger file may be one whose row is about to be written.
_UNNAMED_FOR = timedelta(days=1)


class PictureQuerySet(models.QuerySet[Any]):
    def keep(self, resource: Resource, made: MadePicture | None, *, alt: str, decorative: bool) -> None:
        """Give `resource` this picture in place of the one that it had; None keeps that, with other words."""
        with transaction.atomic():
            Resource.objects.select_for_update().get(pk=resource.pk)
            before = self.filter(resource=resource).first()
            values: dict[str, Any] = {"alt": alt, "decorative": decorative}
            if made is not None:
                values["name"] = name_for(resource.ref, made.content)
                values |= {"width": made.width, "height": made.height}
                write_file(values["name"], made.content)
            self.update_or_create(resource=resource, defaults=values)
            if before is not None and before.name != values.get("name", before.name):
                forget_file(before.name)

    def remove(self, resource: Resource) -> None:
        """Take the picture of `resource` away, if it has one."""
        with transaction.atomic():
            names = list(self.filter(resource=resource).values_list("name", flat=True))
            self.filter(resource=resource).delete()
            for name in names:
                forget_file(name)

    def tidy_files(self, now: datetime) -> None:
        """Delete the files of a day and longer ago that no row names: their form was refused after they were written,
        or their draft was deleted with others. One query, and two for each such file.
        """
        found = set(files_before((now - _UNNAMED_FOR).timestamp()))
        for name in found.difference(self.filter(name__in=found).values_list("name", flat=True)):
            _delete_if_unnamed(name)


class Picture(models.Model):
    """A file in MEDIA_ROOT with its size, and what it shows in words; or nothing in words when it only decorates."""

    resource = models.OneToOneField(
        Resource, verbose_name=_("resource"), on_delete=models.CASCADE, related_name="picture"
    )
    name = models.CharField(max_length=40, editable=False)
    width = models.PositiveSmallIntegerField(editable=False)
    height = models.PositiveSmallIntegerField(editable=False)
    alt = models.CharField(_("what the picture shows"), max_length=300, blank=True)
    decorative = models.BooleanField(_("it only decorates"), default=False)

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["name"], name="picture_name_unique"),
            models.CheckConstraint(condition=Q(name__regex=NAME_PATTERN), name="picture_name_form"),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="picture_size_known"),
            models.CheckConstraint(
                condition=Q(decorative=True, alt="") | Q(decorative=False) & ~Q(alt=""),
                name="picture_in_words_or_decorative",
                violation_error_message=_("Say what the picture shows, or that it only decorates."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("picture", args=[self.name])


def forget_file(name: str) -> None:
    """Delete the file of this name when the change is certain, unless a row names it by then."""
    transaction.on_commit(partial(_delete_if_unnamed, name))


def _delete_if_unnamed(name: str) -> None:
    """Under the lock of its resource, so that nobody is giving it the same picture again at that moment."""
    with transaction.atomic():
        list(Resource.objects.select_for_update().filter(ref=name.partition("-")[0]).values_list("pk"))
        if not Picture.objects.filter(name=name).exists():
            delete_file(name)
