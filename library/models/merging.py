"""Two sections become one: nothing that readers or other sites could reach is lost."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from .resource import Resource
from .section import Section, SectionAlias


class CannotMerge(Exception):
    """Why these two sections cannot be merged, in words for curators."""


@dataclass(frozen=True)
class MergeResult:
    """How many entries moved, and the anchors that land on the survivor from now on."""

    moved: int
    anchors: tuple[str, ...]


@transaction.atomic
def merge(merged: Section, survivor: Section) -> MergeResult:
    """Move all of `merged` behind the entries of `survivor`, make its anchors aliases of it, and delete its row.

    Raises `CannotMerge` where old links would lead nowhere, or where one of the two has gone meanwhile.
    Costs the same number of queries whatever they hold.
    """
    rows = Section.objects.select_for_update().filter(pk__in=[merged.pk, survivor.pk]).order_by("pk")
    both = {row.pk: row for row in rows}
    if len(both) < 2:
        raise CannotMerge(_("Choose another section that still exists."))
    if not both[survivor.pk].is_published:
        raise CannotMerge(_("Choose a published section: old links have to lead to something."))
    gone = both[merged.pk]
    first = both[survivor.pk].next_position()
    # The old positions are unique and not negative, so they stay both behind the survivor's own.
    moved = Resource.objects.filter(section=gone).update(section=survivor, position=F("position") + first)
    aliases = SectionAlias.objects.filter(section=gone)
    anchors = [gone.anchor, *aliases.values_list("anchor", flat=True)]
    aliases.update(section=survivor)
    gone.delete()
    SectionAlias.objects.create(anchor=gone.anchor, section=survivor, since=gone.since)
    return MergeResult(moved, tuple(anchors))
