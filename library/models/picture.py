"""The one picture that a resource may have. Its file is named by what is in it.

Readers get a file while a row of this table names it, or the site's identity, whose logo is one. It is deleted when no
version of the history names it either.
"""

from collections.abc import Collection
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.json import KT
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from library.media.images import MadePicture

from .audit_entry import PICTURE_NAME, Version
from .picture_file import NAME_PATTERN, PictureFile, name_for
from .resource import Resource
from .site_identity import LOGO, SiteIdentity


class PictureQuerySet(models.QuerySet[Any]):
    def store(self, resource: Resource, made: MadePicture | None, *, alt: str, decorative: bool) -> None:
        """Give `resource` this picture in place of the one that it had; None keeps that, with other words."""
        with transaction.atomic():
            Resource.objects.select_for_update().get(pk=resource.pk)
            values: dict[str, Any] = {"alt": alt, "decorative": decorative}
            if made is not None:
                values["name"] = name_for(resource.ref, made.content)
                values |= {"width": made.width, "height": made.height}
                PictureFile.objects.store(values["name"], made.content)
            self.update_or_create(resource=resource, defaults=values)

    def bring_back(self, resource: Resource, **values: Any) -> bool:
        """Give `resource` the picture of these values, which it once had; False, and as it is, without its file."""
        with transaction.atomic():
            Resource.objects.select_for_update().get(pk=resource.pk)
            is_there: bool = PictureFile.objects.filter(name=values["name"]).exists()
            if is_there:
                self.update_or_create(resource=resource, defaults=values)
        return is_there

    def remove(self, resource: Resource) -> None:
        """Take the picture of `resource` away, if it has one."""
        self.filter(resource=resource).delete()

    def content_for_readers(self, name: str) -> bytes | None:
        """What is in the file of this very name, if a picture or the site's logo has it today. One query."""
        named = Exists(self.filter(name=OuterRef("name"))) | _is_logo()
        return PictureFile.objects.filter(named, name=name).content()

    def delete_files(self) -> None:
        """Delete the files that neither a picture nor the logo nor a version of the history names any more.

        One query, a second one where some are without a picture, and four more where some of these go.
        """
        unnamed = self._unneeded(PictureFile.objects.all())
        if not unnamed:
            return
        refs = {name.partition("-")[0] for name in unnamed}
        with transaction.atomic():
            # Nobody is giving one of them the same picture again until this is done.
            list(Resource.objects.filter(ref__in=refs).order_by("pk").select_for_update().values_list("pk"))
            PictureFile.objects.filter(name__in=self._unneeded(PictureFile.objects.filter(name__in=unnamed))).delete()

    def _unneeded(self, files: models.QuerySet[PictureFile]) -> set[str]:
        """The names of those of these files that nothing names."""
        unnamed = files.exclude(Exists(self.filter(name=OuterRef("name"))) | _is_logo())
        former = set(unnamed.values_list("name", flat=True))
        return former - names_in_history(former)


class Picture(models.Model):
    """A `PictureFile` with its size, and what it shows in words; or nothing in words when it only decorates."""

    resource = models.OneToOneField(
        Resource, verbose_name=_("resource"), on_delete=models.CASCADE, related_name="picture"
    )
    name = models.CharField(max_length=40, editable=False)
    width = models.PositiveSmallIntegerField(editable=False)
    height = models.PositiveSmallIntegerField(editable=False)
    alt = models.CharField(_("what the picture shows"), max_length=300, blank=True)
    decorative = models.BooleanField(_("decorative"), default=False)

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
                violation_error_message=_("Describe the picture, or mark it decorative."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("picture", args=[self.name])


def names_in_history(names: Collection[str]) -> set[str]:
    """Those of these names that a version of an entry has, or of the site's identity, so that they can be brought back.

    One query for those of entries, and one for those of logos, where there are any.
    """
    logos = {name for name in names if name.startswith(f"{LOGO}-")}
    others = set(names) - logos
    found: set[str] = set()
    if others:
        versions = Version.objects.filter(**{f"{PICTURE_NAME}__isnull": False}).annotate(picture_name=KT(PICTURE_NAME))
        found |= set(versions.filter(picture_name__in=others).values_list("picture_name", flat=True).distinct())
    if logos:
        identity = ContentType.objects.get_for_model(SiteIdentity)
        versions = Version.objects.filter(entity_type=identity).annotate(picture_name=KT("data__fields__logo"))
        found |= set(versions.filter(picture_name__in=logos).values_list("picture_name", flat=True).distinct())
    return found


def _is_logo() -> Exists:
    """Whether the site's identity has this file."""
    return Exists(SiteIdentity.objects.filter(logo=OuterRef("name")))
