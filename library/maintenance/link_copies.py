"""Copies of lost pages: which links need one, what the Internet Archive answered, and what readers are offered.

Only addresses that readers see in published entries are asked for, and only where the site's identity says so.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q

from library.links.archive import ARCHIVE_HOST
from library.links.copies import CopyFinding, CopyFindings, CopySubject, CopyVerdict, last_good_day
from library.links.evidence import LinkCondition, from_json
from library.links.reading import fingerprint_from
from library.links.signals import SignalKind
from library.models import Link, LinkCopy, LinkHost, Resource, SiteIdentity

# Of one visit, which takes four minutes or more: to find them among a million links takes seconds.
LINKS_OF_A_VISIT = 100
# For so long the archive is nobody else's, and for so long nothing is looked for where nothing was due.
_LEASE, _QUIET = timedelta(hours=3), timedelta(minutes=10)
# Until it is asked again: for a page without a copy, for one that works and has one, and where it said nothing.
_UNFOUND_AGAIN, _ALIVE_AGAIN, _UNANSWERED = timedelta(days=30), timedelta(days=365), timedelta(days=1)
_STANDINGS = {CopyVerdict.SAME: LinkCopy.Standing.VERIFIED, CopyVerdict.UNCLEAR: LinkCopy.Standing.UNCLEAR}
_ALIVE = Q(condition__in=[LinkCondition.ALIVE, LinkCondition.MOVED])
_LOST = Q(condition__in=[LinkCondition.DEAD, LinkCondition.CHANGED])
_DOUBTFUL = Q(condition=LinkCondition.UNSURE, evidence__tallies__has_any_keys=[SignalKind.GONE, SignalKind.SOFT])
_NEVER, _OFFERED = Q(copy=None), Q(copy__standing__in=LinkCopy.OFFERED)
_UNKNOWN = Q(copy__standing__in=[LinkCopy.Standing.NONE, LinkCopy.Standing.SEEN])
# Entries that don't offer the copy of their lost page yet.
_TO_SHOW = """
    SELECT r.id FROM library_linkcopy AS c JOIN library_link AS l ON l.id = c.link_id
    JOIN library_resource AS r ON r.address_key = l.key
    WHERE c.standing IN ('verified', 'approved', 'by-hand') AND r.link_state IN ('dead', 'changed')
        AND (r.copy_url, r.copy_taken_on) IS DISTINCT FROM (c.address, c.taken_on)"""
_SHOW = """
    UPDATE library_resource AS r SET copy_url = c.address, copy_taken_on = c.taken_on
    FROM library_linkcopy AS c JOIN library_link AS l ON l.id = c.link_id
    WHERE r.id = ANY(%(entries)s) AND r.address_key = l.key"""


def copies_to_find(now: datetime) -> Sequence[CopySubject]:
    """The links of one visit: lost pages first, then those that work. Until its end, the archive is nobody else's."""
    if not SiteIdentity.objects.filter(asks_archive=True).exists():
        return []
    if LinkHost.objects.filter(name=ARCHIVE_HOST, free_at__gt=now).exists():
        return []
    shown = Resource.objects.published(now).filter(address_key=OuterRef("key"))
    links = Link.objects.filter(Exists(shown), unused_since=None).exclude(host=ARCHIVE_HOST)
    is_due, has_begun = Q(copy__next_at__lte=now), Q(copy__asked_at__lt=F("since"))
    lost, alive = _NEVER | (_UNKNOWN & (is_due | has_begun)), _NEVER | (is_due & ~_OFFERED)
    due: list[Link] = []
    for sort in (_LOST & lost, _DOUBTFUL & lost, _ALIVE & alive):
        due += links.filter(sort).order_by("pk")[: LINKS_OF_A_VISIT - len(due)]
    _rest(now + (_LEASE if due else _QUIET))
    return [_subject(link) for link in due]


def saves_pages() -> bool:
    """Whether the archive is to keep the pages that it has no copy of. Needs its key."""
    return bool(settings.ARCHIVE_KEY) and SiteIdentity.objects.filter(saves_to_archive=True).exists()


def _rest(until: datetime) -> None:
    """Ask nothing of the archive until then."""
    LinkHost.objects.update_or_create(name=ARCHIVE_HOST, defaults={"free_at": until})


def _subject(link: Link) -> CopySubject:
    works = link.condition in {LinkCondition.ALIVE, LinkCondition.MOVED}
    until = None if works else last_good_day(from_json(link.evidence))
    return CopySubject(link.pk, link.address, until, fingerprint_from(link.page), link.page.get("content_type", ""))


@transaction.atomic
def record_copies(found: CopyFindings) -> None:
    """Write what a visit has found, and offer readers what is proven to be the page that they miss."""
    _rest(found.rests_until)
    wanted = Link.objects.filter(pk__in=[one.subject.pk for one in found.findings]).exclude(_OFFERED)
    still = set(wanted.values_list("pk", flat=True))  # without what curators have done or deleted meanwhile
    for finding in found.findings:
        if finding.subject.pk in still:
            _record(finding)
    show_copies()


def _record(finding: CopyFinding) -> None:
    is_settled = finding.subject.until is None and finding.capture is not None
    again = finding.again or (_ALIVE_AGAIN if is_settled else _UNFOUND_AGAIN)
    next_at = finding.asked_at + (again if finding.is_answered else _UNANSWERED)
    values: dict[str, Any] = {"asked_at": finding.asked_at, "next_at": next_at}
    capture = finding.capture
    if finding.is_answered:
        unnamed = LinkCopy.Standing.SEEN if capture else LinkCopy.Standing.NONE
        values["standing"] = _STANDINGS[finding.verdict] if finding.verdict else unnamed
        values |= {"address": capture.address if capture else "", "taken_on": capture.taken_on if capture else None}
    new = {"standing": LinkCopy.Standing.NONE} | values
    LinkCopy.objects.update_or_create(link_id=finding.subject.pk, defaults=values, create_defaults=new)


def show_copies() -> None:
    """Offer the copies that are right on the pages of entries whose link is lost. An edit only where one is new."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TO_SHOW)
        if entries := [pk for (pk,) in cursor.fetchall()]:
            cursor.execute(_SHOW, {"entries": entries})


@transaction.atomic
def add_copy(link: Link, address: str, taken_on: date | None, now: datetime) -> None:
    """A curator knows of a copy: it goes before whatever the archive has."""
    values = {"address": address, "taken_on": taken_on, "standing": LinkCopy.Standing.BY_HAND}
    LinkCopy.objects.update_or_create(link=link, defaults=values | {"asked_at": now, "next_at": now})
    show_copies()


@transaction.atomic
def approve_copy(copy: LinkCopy) -> None:
    """A curator found it right."""
    LinkCopy.objects.filter(pk=copy.pk).update(standing=LinkCopy.Standing.APPROVED)
    show_copies()


@transaction.atomic
def decline_copy(copy: LinkCopy) -> None:
    """A curator found it wrong: no reader gets it."""
    LinkCopy.objects.filter(pk=copy.pk).update(standing=LinkCopy.Standing.DECLINED)
    Resource.objects.filter(address_key=copy.link.key).update(copy_url="", copy_taken_on=None)
