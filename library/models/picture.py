"""The one picture that a resource may have. Its file is named by what is in it.

When no row names the file any more, readers do not get it; it goes when no version of the history names it either.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from library.arrays import array_of
from library.picture_files import (
    NAME_PATTERN,
    bring_out,
    delete_file,
    files_before,
    former_files,
    name_for,
    put_away,
    write_file,
)
from library.pictures import MadePicture

from .resource import Resource

# A younger file may be one whose row is about to be written.
_UNNAMED_FOR = timedelta(days=1)
# As the snapshots of `library.history` have it. An index of that table has the same expression and condition.
_IN_HISTORY = """
SELECT DISTINCT serialized_data::jsonb #>> '{0,fields,picture_file,name}' FROM reversion_version
WHERE serialized_data::jsonb #>> '{0,fields,picture_file,name}' IS NOT NULL
    AND serialized_data::jsonb #>> '{0,fields,picture_file,name}' = ANY(%s::text[])
"""


class PictureQuerySet(models.QuerySet[Any]):
    def keep(self, resource: Resource, made: MadePicture | None, *, alt: str, decorative: bool) -> None:
        """Give `resource` this picture in place of the one that it had; None keeps that, with other words."""
        with transaction.atomic():
            Resource.objects.select_for_update().get(pk=resource.pk)
            values: dict[str, Any] = {"alt": alt, "decorative": decorative}
            if made is not None:
                values["name"] = name_for(resource.ref, made.content)
                values |= {"width": made.width, "height": made.height}
                write_file(values["name"], made.content)
            self._give(resource, values)

    def bring_back(self, resource: Resource, **values: Any) -> bool:
        """Give `resource` the picture of these values, which it once had; False, and as it is, without its file."""
        with transaction.atomic():
            Resource.objects.select_for_update().get(pk=resource.pk)
            is_there = bring_out(values["name"])
            if is_there:
                self._give(resource, values)
        return is_there

    def _give(self, resource: Resource, values: dict[str, Any]) -> None:
        before = self.filter(resource=resource).first()
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
        """Have done with the files of a day and longer ago that no row names: their form was refused after they were
        written, or their draft was deleted with others. And delete those put away that no version names any more.

        Two queries, and three for each such file.
        """
        found = set(files_before((now - _UNNAMED_FOR).timestamp()))
        for name in found.difference(self.filter(name__in=found).values_list("name", flat=True)):
            _put_away_or_delete(name)
        former = set(former_files())
        for name in former - names_in_history(former):
            _put_away_or_delete(name)


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
    """Take the file of this name from readers when the change is certain, unless a row names it by then; and delete it
    unless the history names it.
    """
    transaction.on_commit(partial(_put_away_or_delete, name))


def names_in_history(names: Collection[str]) -> set[str]:
    """Those of these names that a version of an entry has, so that they can be brought back. One query."""
    if not names:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_IN_HISTORY, [array_of(names)])
        return {name for (name,) in cursor.fetchall()}


def _put_away_or_delete(name: str) -> None:
    """Under the lock of its resource, so that nobody is giving it the same picture again at that moment."""
    with transaction.atomic():
        list(Resource.objects.select_for_update().filter(ref=name.partition("-")[0]).values_list("pk"))
        if Picture.objects.filter(name=name).exists():
            return
        if names_in_history([name]):
            put_away(name)
        else:
            delete_file(name)
