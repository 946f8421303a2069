"""What checks have found that somebody may have to act on: one matter for each host, with its entries. Reads only."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, CharField, Count, Exists, Max, Min, OuterRef, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from library.links.evidence import LinkCondition
from library.links.signals import Reason
from library.maintenance.link_moves import GONE_REASONS
from library.models import Link, LinkChange, LinkMove, LinkUse, Resource
from library.models.link import OPENED_BY_PERSON

from .users import LinkUser, used_links, users_of

# More than anybody decides at one sitting; the rest comes up as these are done.
HOSTS_SHOWN = 50
ENTRIES_SHOWN = 25

_SOFT = (Reason.SAYS_NOT_FOUND, Reason.FRONT_PAGE, Reason.ONE_FOR_ALL, Reason.NO_FILE, Reason.EMPTY, Reason.NO_VIDEO)
_WALLS = (
    Reason.CHALLENGE,
    Reason.REFUSED,
    Reason.RATE,
    Reason.NAME,
    Reason.SIGN_IN,
    Reason.REGION,
    Reason.WHOLE_SITE,
    Reason.ROBOTS,
)
# By the day on which the state began, which is a day after the first check that failed.
_TROUBLE_FOR = timedelta(days=6)
_DISAGREE_FOR = timedelta(days=30)
_MEASURED_FOR = timedelta(days=365)
_SOON_BACK = timedelta(days=7)
_WORKS = (LinkCondition.ALIVE, LinkCondition.MOVED)
_OPENED = Q(evidence__has_key="person_at")
_UNSURE = Q(condition=LinkCondition.UNSURE)
# For their moves no change of many entries is proposed.
_OF_OTHERS = LinkUse.objects.filter(link=OuterRef("pk"), field__in=[LinkUse.Field.SERIES, LinkUse.Field.PUBLISHER])
_LOST = Q(reason__in=[*GONE_REASONS, *_SOFT])


@dataclass(frozen=True)
class MatterKind:
    """One sort of matter: what it is called, what to do about it in a sentence, and which links are of it at a time."""

    label: str | Promise
    advice: str | Promise
    links: Callable[[datetime], Q]


# In the order in which readers suffer from them.
KINDS: Mapping[str, MatterKind] = {
    "changed": MatterKind(
        _("Shows something else"),
        _("Readers aren’t sent there. Find a new address or withdraw the entry. If the page is right, say so."),
        lambda now: Q(condition__in=[LinkCondition.CHANGED, LinkCondition.BACK]),
    ),
    "gone": MatterKind(
        _("Gone"),
        _("Find a new address, or withdraw the entry and name its replacement."),
        lambda now: Q(condition=LinkCondition.DEAD),
    ),
    "probably-gone": MatterKind(
        _("Probably gone"),
        _("Nothing has opened there for a day or more. You can wait, or look for a new address now."),
        lambda now: _UNSURE & _LOST & ~_OPENED,
    ),
    "disagree": MatterKind(
        _("Someone opened these, but our checks still can’t"),
        _("Open them again. A check can be wrong, and a page can go."),
        lambda now: _UNSURE & _LOST & _OPENED & Q(since__lt=now - _DISAGREE_FOR),
    ),
    "blocked": MatterKind(
        _("Blocks our checks"),
        _("Only a person can tell whether these work. Open each link, then say so."),
        lambda now: _UNSURE & Q(reason__in=_WALLS) & ~_OPENED,
    ),
    "trouble": MatterKind(
        _("Hasn’t opened for a week or more"),
        _("Open one yourself. If it works for you, say so."),
        lambda now: _UNSURE & ~_LOST & ~Q(reason__in=_WALLS) & ~_OPENED & Q(since__lt=now - _TROUBLE_FOR),
    ),
    "moved-others": MatterKind(
        _("Moved: series and publishers"),
        _("The old addresses still lead on. Open each and change it by hand."),
        lambda now: Q(condition=LinkCondition.MOVED) & Q(Exists(_OF_OTHERS)),
    ),
}


# All of which some are of these kinds, in the words of the index for them.
NOT_WELL = ~Q(condition__in=[LinkCondition.ALIVE, LinkCondition.UNCHECKED])
# What readers can't open, and what nobody knows for sure; moves stand between them.
LOST = ("changed", "gone", "probably-gone")
UNCLEAR = tuple(name for name in KINDS if name not in LOST)


@dataclass(frozen=True)
class Matter:
    """What is the same for `number` links of a host, the first of them `since` then, and what leads to them."""

    host: str
    number: int
    since: datetime | None
    users: Sequence[LinkUser]


@dataclass(frozen=True)
class MovedHost:
    """`number` addresses of a host that now open on another one; or that of a counter, which is gone, on any."""

    host: str
    new_host: str
    number: int


def links_of_kind(name: str, now: datetime, pks: Collection[str]) -> list[Link]:
    """Those of these links to which this matter still belongs."""
    return list(used_links().filter(KINDS[name].links(now), pk__in=pks).order_by("pk")[:ENTRIES_SHOWN])


def matters_by_kind(now: datetime) -> dict[str, list[Matter]]:
    """The hosts with links of each kind, those with the most first. At most three queries, and those of `users_of`."""
    kinds = [When(kind.links(now), then=Value(name)) for name, kind in KINDS.items()]
    # Those behind a counter that is gone are one matter, among the moves.
    counted = LinkMove.objects.filter(is_counter=True, declined_at=None).values("link")
    links = (
        used_links()
        .filter(NOT_WELL)
        .exclude(pk__in=counted)
        .annotate(kind=Case(*kinds, output_field=CharField()))
        .exclude(kind=None)
    )
    hosts = links.values("kind", "host").annotate(number=Count("pk"), began=Min("since"))
    place = Window(RowNumber(), partition_by="kind", order_by=["-number", "host"])
    hosts = list(hosts.annotate(place=place).filter(place__lte=HOSTS_SHOWN).order_by("place"))
    place = Window(RowNumber(), partition_by=["kind", "host"], order_by="pk")
    shown = links.filter(host__in={row["host"] for row in hosts}).select_related("copy").defer("page", "before")
    users = users_of(shown.annotate(place=place).filter(place__lte=ENTRIES_SHOWN)) if hosts else []
    by_matter: dict[tuple[str, str], list[LinkUser]] = {}
    for user in users:
        by_matter.setdefault((user.link.kind, user.link.host), []).append(user)  # type: ignore[attr-defined]
    found: dict[str, list[Matter]] = {name: [] for name in KINDS}
    for row in hosts:
        of_it = by_matter.get((row["kind"], row["host"]), [])
        found[row["kind"]].append(Matter(row["host"], row["number"], row["began"], of_it))
    return found


def moved_hosts() -> list[MovedHost]:
    """Where addresses have gone, the most first. One query."""
    new_host = Case(When(is_counter=True, then=Value("")), default="target__host")
    moves = LinkMove.objects.filter(declined_at=None).values("link__host", new_host=new_host)
    rows = moves.annotate(number=Count("pk")).order_by("-number", "link__host", "new_host")
    return [MovedHost(row["link__host"], row["new_host"], row["number"]) for row in rows[:HOSTS_SHOWN]]


def links_to_https() -> Any:
    """Links that open with https, while their entries still say http."""
    entries = Resource.objects.filter(address_key=OuterRef("key"), state="published", url__startswith="http://")
    return Link.objects.filter(Exists(entries), unused_since=None, reason=Reason.HTTPS)


@dataclass(frozen=True)
class CheckHealth:
    """When a link was last checked, and of how many called gone within a year that was wrong."""

    last: datetime | None
    called_gone: int
    wrong: int


def check_health(now: datetime) -> CheckHealth:
    """Wrong is what a person opened after all, or what opened by itself within a week as the page it was."""
    deaths = LinkChange.objects.filter(after=LinkCondition.DEAD, changed_at__gte=now - _MEASURED_FOR)
    opened = LinkChange.objects.filter(
        Q(reason=OPENED_BY_PERSON) | Q(after__in=_WORKS, changed_at__lte=OuterRef("changed_at") + _SOON_BACK),
        link=OuterRef("link"),
        before=LinkCondition.DEAD,
        changed_at__gte=OuterRef("changed_at"),
    )
    looks = Link.objects.filter(unused_since=None).aggregate(last=Max("looked_at"))
    return CheckHealth(looks["last"], deaths.count(), deaths.filter(Exists(opened)).count())
