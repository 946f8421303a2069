"""New addresses for links, proposed: where they lead now, and where those whose owner forgot to redirect them may be.

Each proposal is a link of its own, so that the checks have opened it before a curator decides.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q

from library.links.addresses import site_host
from library.links.evidence import LinkCondition
from library.links.moves import LEAST_MOVES, rule_of
from library.links.naming import address_behind
from library.links.reading import fingerprint_from, is_alike
from library.links.signals import Reason
from library.models import Link, LinkMove, LinkUse, Resource
from library.models.web_address import address_key

GONE_REASONS = (Reason.NOT_FOUND, Reason.REMOVED, Reason.NO_SUCH_NAME, Reason.NO_SUCH_SITE)
# So many at once; the others have their turn an hour later.
_AT_ONCE = 500
# Of a link that leads elsewhere now, or opens again, or that no entry has any more.
_DROP_OUTDATED = """
    DELETE FROM library_linkmove AS m USING library_link AS l
    WHERE l.id = m.link_id AND (l.unused_since IS NOT NULL
        OR NOT m.is_guess AND (l.condition <> 'moved' OR l.evidence ->> 'target' IS DISTINCT FROM m.address)
        OR m.is_guess AND l.condition NOT IN ('unsure', 'dead'))"""
_MOVES_READ = 200  # of which a rule is made
_LOST = Q(condition__in=[LinkCondition.UNSURE, LinkCondition.DEAD])
# A path in which a host may stand, for the database to look through.
_HAS_HOST_WITHIN = r"^https?://[^/]+/.*\.[a-z]{2,}(/|%2f)"


class MoveProof(StrEnum):
    """What the checks say of a proposed address."""

    SAME = "same"
    OTHER = "other"  # it opens, and nobody knows whether it is the same page
    CLOSED = "closed"
    UNCHECKED = "unchecked"


def propose_moves(now: datetime) -> None:
    """Propose what is new, and drop what is proposed no more: for links of published entries and their sounds."""
    with connection.cursor() as cursor:
        cursor.execute(_DROP_OUTDATED)
    entries = Resource.objects.filter(address_key=OuterRef("key"), state=Resource.State.PUBLISHED)
    entries = entries.exclude(address_key="")  # as the index has it
    uses = LinkUse.objects.of_resources().filter(link=OuterRef("pk"))
    open_links = Link.objects.filter(Exists(entries) | Exists(uses), unused_since=None, move=None).order_by("pk")
    _propose_without_counters(open_links, now)
    for link in open_links.filter(condition=LinkCondition.MOVED)[:_AT_ONCE]:
        _propose(link, link.evidence.get("target", ""), now)
    moves = LinkMove.objects.filter(is_guess=False)
    hosts = moves.values("link__host").annotate(number=Count("pk")).filter(number__gte=LEAST_MOVES)
    lost = open_links.filter(_LOST, reason__in=GONE_REASONS, host__in=hosts.values("link__host"))
    for host in lost.order_by("host").values_list("host", flat=True).distinct()[:_AT_ONCE]:
        known = moves.filter(link__host=host).values_list("link__address", "address")[:_MOVES_READ]
        rule = rule_of(list(known))
        for link in lost.filter(host=host)[:_AT_ONCE] if rule else ():
            _propose(link, rule.new_address(link.address) if rule else "", now, is_guess=True)


def _propose_without_counters(open_links: Any, now: datetime) -> None:
    """Sounds whose counter no longer exists, though the file behind it may well be there."""
    sounds = LinkUse.objects.filter(link=OuterRef("pk"), field=LinkUse.Field.AUDIO)
    lost = open_links.filter(_LOST, Exists(sounds), reason=Reason.NO_SUCH_NAME, address__iregex=_HAS_HOST_WITHIN)
    for link in lost[:_AT_ONCE]:
        _propose(link, address_behind(link.address), now, is_guess=True, is_counter=True)


def proof_of(move: LinkMove) -> MoveProof:
    """Whether the new address opens, and what was there when the old one last did."""
    target = move.target
    if target.looked_at is None or target.condition == LinkCondition.UNCHECKED:
        return MoveProof.UNCHECKED
    if target.condition != LinkCondition.ALIVE:
        return MoveProof.CLOSED
    if move.is_counter:  # it has always been this file
        is_file = "html" not in target.page.get("content_type", "")
        return MoveProof.SAME if is_file else MoveProof.OTHER
    was, now = fingerprint_from(move.link.page), fingerprint_from(target.page)
    if was is None or now is None:
        # Checks of the old address came here and found it good; a guess stands on nothing.
        return MoveProof.OTHER if move.is_guess else MoveProof.SAME
    return MoveProof.SAME if is_alike(was, now) else MoveProof.OTHER


def _propose(link: Link, address: str, now: datetime, **kind: bool) -> None:
    key = address_key(address)
    if not address or key == link.key:
        return
    target, _is_new = Link.objects.get_or_create(
        key=key, defaults={"address": address, "host": site_host(address), "next_at": now}
    )
    Link.objects.filter(pk=target.pk).exclude(unused_since=None).update(unused_since=None, next_at=now)
    LinkMove.objects.create(link=link, target=target, address=address, **kind)
