"""What leads to a link: entries, their sounds and transcripts, series, publishers; each with its page at the desk."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Model, OuterRef
from django.urls import reverse

from library.models import Link, LinkUse, Resource

# Help lines come before all of these, under a heading of their own.
_OTHERS = LinkUse.objects.except_help_lines()


@dataclass(frozen=True)
class LinkUser:
    """A row whose address is that of a link, and in which field; empty for the own address of an entry.

    `page` is where a curator finds what checks have found of it, or the row.
    """

    row: Model
    field: str
    address: str
    page: str
    link: Link

    @property
    def column(self) -> str:
        return LinkUse.Field(self.field).column if self.field else "url"

    @property
    def field_label(self) -> str:
        return str(LinkUse.Field(self.field).label) if self.field else ""


def used_links() -> Any:
    """Links to which a published entry leads, a series, or a publisher."""
    entries = Resource.objects.filter(address_key=OuterRef("key"), state=Resource.State.PUBLISHED)
    entries = entries.exclude(address_key="")  # as the index has it: one by one, it's the only way
    return Link.objects.filter(Exists(entries) | Exists(_OTHERS.filter(link=OuterRef("pk"))), unused_since=None)


def users_of(links: Iterable[Link]) -> list[LinkUser]:
    """What leads to these links, by title. Two queries, and one for each sort of row beside entries."""
    by_key = {link.key: link for link in links}
    by_pk = {link.pk: link for link in by_key.values()}
    entries = Resource.objects.filter(address_key__in=by_key, state=Resource.State.PUBLISHED)
    found = [
        LinkUser(
            entry, "", entry.url, reverse("admin:library_resource_link", args=[entry.pk]), by_key[entry.address_key]
        )
        for entry in entries.only("title", "url", "address_key").order_by("title", "pk")
    ]
    uses = list(_OTHERS.filter(link__in=by_pk).order_by("field", "address"))
    rows = _rows_of(uses)
    for use in uses:
        if row := rows.get((LinkUse.Field(use.field).model, use.object_id)):
            found.append(LinkUser(row, use.field, use.address, _page_of(use), by_pk[use.link_id]))
    return found


def _rows_of(uses: Iterable[LinkUse]) -> dict[tuple[type[Model], int], Model]:
    wanted: dict[type[Model], set[int]] = {}
    for use in uses:
        wanted.setdefault(LinkUse.Field(use.field).model, set()).add(use.object_id)
    return {(model, row.pk): row for model, pks in wanted.items() for row in model._base_manager.filter(pk__in=pks)}


def _page_of(use: LinkUse) -> str:
    field = LinkUse.Field(use.field)
    if field.model is Resource:
        return f"{reverse('admin:library_resource_link', args=[use.object_id])}?of={field.column}"
    return reverse(f"admin:library_{field.model._meta.model_name}_change", args=[use.object_id])
