"""One change of many resources at once: what it would do to each, and doing it, in one transaction or not at all.

Who may do it, and how it is asked, is left to `library.admin.resources.bulk_pages`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.history.record import OpenAuditEntry, record_before
from library.history.snapshot import tokens_now
from library.models import AuditEntry, Category, Resource, Tag, TaggedResource, User, Version
from library.models.taxonomy import TAG_LIMIT
from library.models.web_address import address_key

# Its page would tell every reader, at the moment for which it was meant, that it was taken away.
NOT_SEEN_YET = _("Readers haven’t seen it yet. Make it a draft instead.")
# So many entries at once: what is locked and kept in a second or two.
BULK_LIMIT = 1000
_ADDRESSES = ("url", "audio_url", "transcript_url")
_READ = ("title", "kind", "ref", "state", "listed_at", "expires_at", "review_by", "successor", "address_key")


@dataclass(frozen=True)
class PlannedChange:
    """What would become of one entry: the old and the new value in words, or why it stays as it is."""

    resource: Resource
    before: str = ""
    after: str = ""
    why_not: str = ""


@dataclass(frozen=True)
class Bulk:
    """One of the changes: what it does to an entry in words, and to all of them in statements.

    `reads` are the relations that `plan` needs.
    """

    plan: Callable[[Resource, Any, datetime], PlannedChange]
    do: Callable[[Collection[int], Any, datetime], None]
    reads: str = ""
    kind: AuditEntry.Kind = AuditEntry.Kind.CHANGED


@dataclass(frozen=True)
class BulkResult:
    """The entries that are another now; those that were left alone, each with the reason; and how many have gone.

    `entry_id` is the act in the history, by which it can be undone; None for what cannot, and where nothing was done.
    """

    changed: tuple[Resource, ...]
    left: tuple[PlannedChange, ...]
    gone: int
    entry_id: int | None = None


def plan_changes(bulk: Bulk, pks: Collection[int], value: Any, now: datetime) -> list[PlannedChange]:
    """What would become of these entries. At most three queries."""
    return [bulk.plan(resource, value, now) for resource in _entries(bulk).filter(pk__in=pks)]


@transaction.atomic
def apply_changes(
    bulk: Bulk, seen: Mapping[int, str], value: Any, *, by: User | None, now: datetime, comment: str
) -> BulkResult:
    """Do it to those of these entries that are still as they were `seen` (`tokens_now`), and keep it in the history.

    The same number of queries, however many they are.
    """
    locked = Resource.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=seen).order_by("pk")
    there = set(locked.values_list("pk", flat=True))
    tokens = tokens_now(Resource, list(there))
    others = _changes_since(pk for pk in there if tokens[pk] != seen[pk])
    changing, left = [], []
    for change in plan_changes(bulk, there, value, now):
        if tokens[change.resource.pk] != seen[change.resource.pk]:
            left.append(PlannedChange(change.resource, why_not=_who_changed(others.get(change.resource.pk), by)))
        elif change.why_not:
            left.append(change)
        else:
            changing.append(change.resource)
    pks = [resource.pk for resource in changing]
    if not pks:
        return BulkResult((), tuple(left), len(seen) - len(there))
    record_before(Resource, pks, now=now)
    act = OpenAuditEntry(Resource, bulk.kind, by, now)
    if bulk.kind == AuditEntry.Kind.DELETED:
        act.add(pks)
        bulk.do(pks, value, now)
    else:
        bulk.do(pks, value, now)
        Resource.objects.filter(pk__in=pks).update(updated_at=now)
        act.add(pks)
    act.close(comment)
    entry_id = None if bulk.kind == AuditEntry.Kind.DELETED else act.entry.pk
    return BulkResult(tuple(changing), tuple(left), len(seen) - len(there), entry_id)


def _changes_since(pks: Iterable[int]) -> dict[int, AuditEntry]:
    """The last act of each of these entries. One query; none where there are none."""
    wanted = list(pks)
    if not wanted:
        return {}
    entity_type = ContentType.objects.get_for_model(Resource)
    versions = Version.objects.filter(entity_type=entity_type, object_id__in=wanted).select_related("entry__user")
    last = versions.order_by("object_id", "-pk").distinct("object_id")
    return {version.object_id: version.entry for version in last}


def _who_changed(entry: AuditEntry | None, by: User | None) -> str:
    if entry is None or entry.user is None:
        return gettext("Someone changed it in the meantime.")
    moment = time_format(timezone.localtime(entry.created_at), "TIME_FORMAT")
    if entry.user == by:
        return gettext("You changed it at %s.") % moment
    return gettext("%(person)s changed it at %(moment)s.") % {"person": entry.user, "moment": moment}


def _entries(bulk: Bulk) -> Any:
    entries = Resource.objects.select_related("owner").order_by("pk")
    columns = (*_READ, *_ADDRESSES, "owner__username", "owner__first_name", "owner__last_name")
    return entries.only(*columns).prefetch_related(*filter(None, [bulk.reads]))


def _rows(pks: Collection[int]) -> Any:
    return Resource.objects.filter(pk__in=pks)


# Publishing and withdrawing


def _plan_publish(resource: Resource, _value: Any, now: datetime) -> PlannedChange:
    if resource.state == Resource.State.WITHDRAWN:
        return PlannedChange(
            resource, why_not=gettext("It’s withdrawn. To bring it back, open it and review its reason.")
        )
    if resource.state == Resource.State.PUBLISHED and not resource.is_listed(now):
        return PlannedChange(resource, why_not=gettext("It’s already scheduled. %s.") % _published_from(resource))
    if resource.state == Resource.State.PUBLISHED:
        return PlannedChange(resource, why_not=gettext("It’s already published."))
    if resource.expires_at and resource.expires_at <= now:
        return PlannedChange(resource, why_not=gettext("Its listing period has ended."))
    if resource.listed_at and resource.listed_at > now:
        return PlannedChange(resource, gettext("Draft"), _published_from(resource))
    return PlannedChange(resource, gettext("Draft"), gettext("Published"))


def _published_from(resource: Resource) -> str:
    moment: Any = resource.listed_at
    return gettext("Published starting %s") % date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def _publish(pks: Collection[int], _value: Any, now: datetime) -> None:
    _rows(pks).update(state=Resource.State.PUBLISHED, listed_at=Coalesce("listed_at", now), withdrawn_at=None)


@dataclass(frozen=True)
class Withdrawal:
    reason: str
    successor: Resource | None


def _plan_withdraw(resource: Resource, value: Withdrawal, now: datetime) -> PlannedChange:
    if resource.state == Resource.State.WITHDRAWN:
        return PlannedChange(resource, why_not=gettext("It’s already withdrawn."))
    if resource.state == Resource.State.DRAFT:
        return PlannedChange(resource, why_not=gettext("It’s a draft, so there’s nothing to withdraw."))
    if not resource.is_listed(now):
        return PlannedChange(resource, why_not=str(NOT_SEEN_YET))
    if value.successor and value.successor.pk == resource.pk:
        return PlannedChange(resource, why_not=gettext("A resource can’t replace itself."))
    after = gettext("Withdrawn: %s") % value.reason
    successor = value.successor or resource.successor
    replaced = " " + gettext("Replaced by “%s”.") % successor if successor else ""
    return PlannedChange(resource, gettext("Published"), after + replaced)


def _withdraw(pks: Collection[int], value: Withdrawal, now: datetime) -> None:
    successor = {"successor": value.successor} if value.successor else {}
    values = {"state": Resource.State.WITHDRAWN, "withdrawn_at": now, "withdrawn_reason": value.reason}
    _rows(pks).update(**values, **successor)


# Categories and tags


def _plan_add_category(resource: Resource, value: Category, _now: datetime) -> PlannedChange:
    had = list(resource.categories.all())
    if value in had:
        return PlannedChange(resource, why_not=gettext("It already has this category."))
    return PlannedChange(resource, _names(had), _names([*had, value]))


def _add_category(pks: Collection[int], value: Category, _now: datetime) -> None:
    through: Any = Resource.categories.through
    through.objects.bulk_create([through(resource_id=pk, category_id=value.pk) for pk in pks])


def _plan_remove_category(resource: Resource, value: Category, _now: datetime) -> PlannedChange:
    had = list(resource.categories.all())
    if value not in had:
        return PlannedChange(resource, why_not=gettext("It doesn’t have this category."))
    return PlannedChange(resource, _names(had), _names(other for other in had if other != value))


def _remove_category(pks: Collection[int], value: Category, _now: datetime) -> None:
    Resource.categories.through.objects.filter(resource__in=pks, category=value).delete()


def _plan_add_tag(resource: Resource, value: str, _now: datetime) -> PlannedChange:
    had = _tags(resource)
    if value.lower() in {name.lower() for name in had}:
        return PlannedChange(resource, why_not=gettext("It already has this tag."))
    if len(had) >= TAG_LIMIT:
        return PlannedChange(
            resource, why_not=gettext("It already has %d tags, the most an entry can have.") % TAG_LIMIT
        )
    return PlannedChange(resource, _names(had), _names([*had, value]))


def _add_tag(pks: Collection[int], value: str, _now: datetime) -> None:
    """The tag is made where it is missing."""
    tag = Tag.objects.filter(name__iexact=value).first() or Tag(name=value)
    if tag.pk is None:
        tag.save()
    TaggedResource.objects.bulk_create([TaggedResource(content_object_id=pk, tag=tag) for pk in pks])


def _plan_remove_tag(resource: Resource, value: str, _now: datetime) -> PlannedChange:
    had = _tags(resource)
    rest = [name for name in had if name.lower() != value.lower()]
    if rest == had:
        return PlannedChange(resource, why_not=gettext("It doesn’t have this tag."))
    return PlannedChange(resource, _names(had), _names(rest))


def _remove_tag(pks: Collection[int], value: str, _now: datetime) -> None:
    TaggedResource.objects.filter(content_object__in=pks, tag__name__iexact=value).delete()


def _tags(resource: Resource) -> list[str]:
    ties: Any = resource.tagged_items
    return sorted(tie.tag.name for tie in ties.all())


def _names(rows: Any) -> str:
    return ", ".join(sorted(map(str, rows))) or "–"


# Looking after them


def _plan_review(resource: Resource, value: date, _now: datetime) -> PlannedChange:
    if resource.review_by == value:
        return PlannedChange(resource, why_not=gettext("It already has this date."))
    before = date_format(resource.review_by) if resource.review_by else "–"
    return PlannedChange(resource, before, date_format(value))


def _set_review(pks: Collection[int], value: date, _now: datetime) -> None:
    _rows(pks).update(review_by=value)


def _plan_assign(resource: Resource, value: User | None, _now: datetime) -> PlannedChange:
    if resource.owner_id == (value.pk if value else None):
        return PlannedChange(
            resource, why_not=gettext("They already own it.") if value else gettext("It already has no owner.")
        )
    return PlannedChange(resource, str(resource.owner or gettext("No owner")), str(value or gettext("No owner")))


def _assign(pks: Collection[int], value: User | None, _now: datetime) -> None:
    _rows(pks).update(owner=value)


# Their addresses


@dataclass(frozen=True)
class NewUrls:
    """The new addresses of each of these entries by field, and by their keys the titles of others of those addresses.

    An address of a sound or a transcript may be that of another entry, too.
    """

    by_entry: Mapping[int, Mapping[str, str]]
    taken: Mapping[str, str]


def new_urls(by_entry: Mapping[int, Mapping[str, str]]) -> NewUrls:
    """With what stands in their way. One query."""
    keys = {address_key(addresses["url"]) for addresses in by_entry.values() if "url" in addresses}
    return NewUrls(by_entry, dict(Resource.objects.filter(address_key__in=keys).values_list("address_key", "title")))


def _plan_address(resource: Resource, value: NewUrls, _now: datetime) -> PlannedChange:
    addresses = value.by_entry[resource.pk]
    before = [getattr(resource, name) for name in addresses]
    if before == [*addresses.values()]:
        return PlannedChange(resource, why_not=gettext("It already has this address."))
    key = address_key(addresses.get("url", ""))
    if key in value.taken and key != resource.address_key:
        return PlannedChange(resource, why_not=gettext("“%s” already has this address.") % value.taken[key])
    return PlannedChange(resource, " ".join(before), " ".join(addresses.values()))


def _set_address(pks: Collection[int], value: NewUrls, _now: datetime) -> None:
    entries = list(_rows(pks).only(*_ADDRESSES))
    for entry in entries:
        for name, address in value.by_entry[entry.pk].items():
            setattr(entry, name, address)
        entry.address_key = address_key(entry.url)
    Resource.objects.bulk_update(entries, [*_ADDRESSES, "address_key"])


# Deleting


def _plan_delete(resource: Resource, _value: Any, now: datetime) -> PlannedChange:
    if resource.is_listed(now):
        return PlannedChange(
            resource, why_not=gettext("It’s been public, so it can’t be deleted. You can withdraw it.")
        )
    if resource.state != Resource.State.DRAFT:
        return PlannedChange(resource, why_not=gettext("It’s scheduled. Make it a draft first."))
    return PlannedChange(resource, gettext("Draft"), gettext("Deleted"))


def _delete(pks: Collection[int], _value: Any, _now: datetime) -> None:
    _rows(pks).delete()


BULKS = {
    "publish": Bulk(_plan_publish, _publish),
    "withdraw": Bulk(_plan_withdraw, _withdraw, "successor"),
    "add-category": Bulk(_plan_add_category, _add_category, "categories"),
    "remove-category": Bulk(_plan_remove_category, _remove_category, "categories"),
    "add-tag": Bulk(_plan_add_tag, _add_tag, "tagged_items__tag"),
    "remove-tag": Bulk(_plan_remove_tag, _remove_tag, "tagged_items__tag"),
    "review": Bulk(_plan_review, _set_review),
    "assign": Bulk(_plan_assign, _assign),
    "address": Bulk(_plan_address, _set_address),
    "delete-drafts": Bulk(_plan_delete, _delete, kind=AuditEntry.Kind.DELETED),
}
