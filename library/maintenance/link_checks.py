"""All links of the library, looked at in their turn: from the tables, to the wire, and back.

One thread owns the database; others own the wire, one for each host that is visited. What a look has found is written
when its host’s sitting ends, with the state before it, so that looks of an hour in which our own network was at fault
are taken back. An entry is written only when its readers get other words.
"""

import random
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from library.identity.current import identity_of_now
from library.links.archive import ANSWER_SECONDS
from library.links.client import call, look
from library.links.copies import ArchiveVisit, CopyFindings
from library.links.evidence import PERIOD, SHORT_PERIOD, Evidence, LinkCondition, from_json
from library.links.naming import MEDIA_ENDINGS, domain_of
from library.links.network import SICK_WINDOW, HostResult, NetworkWatch, may_be_ours
from library.links.reading import fingerprint_from
from library.links.robots import Robots
from library.links.saving import Saver
from library.links.signals import Context, SignalKind
from library.links.sittings import Ask, Finding, Host, Sitting, Subject
from library.models import LibraryVersion, Link, LinkHost, LinkUse, Resource, User

from .alerts import alert, who_may
from .help_line_pages import newly_missing, numbers_by_key
from .link_copies import copies_to_find, record_copies, saves_pages
from .link_intake import add_links, sweep_links
from .link_moves import propose_moves
from .link_records import record_findings, take_back

CHECK_THREADS = 16
LINKS_OF_A_SITTING = 20
_DUE_READ = 2000  # links that wait longest, among which hosts are chosen
_STEADY_READ = 500  # links that were seen to work last
# Days between two looks. Libraries with fewer links are looked at twice as often: a death is said within ten days.
SMALL = 20_000
# What entries link to is asked for after an edit of the library, so often at most; of all of them, once an hour.
_UPDATE_AFTER, _SWEEP_AFTER = timedelta(minutes=1), timedelta(hours=1)
# An edit’s transaction may have begun so long before it could be seen.
_EDIT_TAKES = timedelta(minutes=5)
# For so long a host is nobody else’s, so that one whose answer ends the program holds up no other.
_LEASE = timedelta(hours=3)
_IDLE_SECONDS = 30.0
_LONG_AGO = datetime.min.replace(tzinfo=UTC) + timedelta(days=1)
_BETWEEN_MAILS = timedelta(hours=1)
# Every fifth look asks for the page itself, whatever its server says of its age.
_UNCONDITIONAL = 0.2


@dataclass(frozen=True)
class CheckReport:
    """What a run has done: `looks` at links, `changed` states, and how often its own network was at fault."""

    looks: int = 0
    changed: int = 0
    voids: int = 0


@dataclass
class Checker:
    """`ask` and `pause` are the wire and its pauses; `clock` says when it is."""

    agent: str
    ask: Ask = look
    pause: Callable[[float], object] = time.sleep
    clock: Callable[[], datetime] = timezone.now
    threads: int = CHECK_THREADS

    def __post_init__(self) -> None:
        self.report = CheckReport()
        self.updated_at = self.swept_at = _LONG_AGO
        self.updated_to = 0  # the number of the edit up to which the links are known
        self.alarms: set[int] = set()  # links that show something else now, of which nobody was told yet
        self.lost_numbers = 0  # of help lines, of which nobody was told yet
        self.told_at: datetime | None = None
        self.asks = partial(self.ask, agent=self.agent)
        self.watch = NetworkWatch(self.asks, _canaries)

    def run(self, *, once: bool = False) -> CheckReport:
        """Look at whatever is due, for ever, or until nothing is (`once`)."""
        with ThreadPoolExecutor(self.threads) as pool:
            under_way: set[Future[Any]] = set()
            while True:
                now = self.clock()
                self._update(now)
                for host, subjects in _due(now, max(0, self.threads - len(under_way))):
                    sitting = Sitting(self.asks, self.pause, self.clock, period(), _spread(host.name, now))
                    under_way.add(pool.submit(sitting.visit, host, subjects))
                if wanted := copies_to_find(now):
                    under_way.add(pool.submit(self._archive_visit().visit, wanted))
                if not under_way:
                    if once:
                        return self.report
                    self.pause(_IDLE_SECONDS)
                    continue
                for done in wait(under_way, return_when=FIRST_COMPLETED).done:
                    under_way.remove(done)
                    if isinstance(done.result(), CopyFindings):
                        record_copies(done.result())
                        continue
                    is_believed = self._finish(*done.result())
                    self._tell(self.clock())
                    if not is_believed:
                        wait(under_way)  # what they find counts as little
                        under_way.clear()
                        seconds = self._void(self.clock())
                        if once:
                            return self.report
                        self.pause(seconds)
                        break

    def _archive_visit(self) -> ArchiveVisit:
        key = f"LOW {settings.ARCHIVE_KEY}"
        asks = partial(call, agent=self.agent, authorization=key, seconds=ANSWER_SECONDS)
        return ArchiveVisit(self.asks, self.pause, self.clock, Saver(asks, self.pause) if saves_pages() else None)

    def _update(self, now: datetime) -> None:
        """Take in what entries link to now, where the library has been edited; go through all of them once an hour."""
        if now - self.updated_at < _UPDATE_AFTER:
            return
        number = LibraryVersion.objects.values_list("number", flat=True).get()
        if now - self.swept_at >= _SWEEP_AFTER:
            sweep_links(now)
            propose_moves(now)
            self.swept_at = now
        elif number != self.updated_to:
            add_links(now, since=self.updated_at - _EDIT_TAKES)
        else:
            return
        self.updated_at, self.updated_to = now, number

    def _finish(self, host: Host, findings: list[Finding]) -> bool:
        """Write what a sitting has found; False, and nothing of it, where our own network is at fault."""
        now = self.clock()
        for finding in findings:
            self.watch.add(_host_result(host.name, finding))
        if self.watch.is_sick():
            return False
        if any(finding.signal.kind is SignalKind.GOOD for finding in findings):
            self.watch.is_well()
        changed = record_findings(host, findings, now)
        self.alarms |= {one.subject.pk for one in findings if _is_new_alarm(one)}
        self.lost_numbers += len(newly_missing([one.subject.pk for one in findings if one.shown is not None]))
        self.report = replace(
            self.report, looks=self.report.looks + len(findings), changed=self.report.changed + changed
        )
        return True

    def _tell(self, now: datetime) -> None:
        """Mail those who wish it that links show something else: at once, and all of an hour in one."""
        is_news = bool(self.alarms or self.lost_numbers)
        if not is_news or (self.told_at is not None and now - self.told_at < _BETWEEN_MAILS):
            return
        with identity_of_now(), transaction.atomic():
            if self.lost_numbers:
                _alert_of_numbers(self.lost_numbers)
            if self.alarms:
                _alert(self.alarms)
        self.alarms, self.lost_numbers, self.told_at = set(), 0, now

    def _void(self, now: datetime) -> float:
        """Take back all of the last minutes; the seconds to wait until the next try."""
        self.report = replace(self.report, voids=self.report.voids + 1)
        rest = self.watch.rest()
        take_back(now - SICK_WINDOW, now + rest)
        return rest.total_seconds()


def _is_new_alarm(finding: Finding) -> bool:
    """Whether readers are kept from a link since this look."""
    return finding.evidence.state is LinkCondition.CHANGED is not finding.subject.evidence.state


def _alert(links: Collection[int]) -> None:
    """Mail those who look after entries with these links, and those who publish, once the transaction holds."""
    keys = Link.objects.filter(pk__in=links).values("key")
    theirs = LinkUse.objects.of_resources().filter(link__in=links).values("object_id")
    entries = Resource.objects.filter(Q(address_key__in=keys) | Q(pk__in=theirs)).select_related("owner")
    text = ngettext(
        "A link of the library shows something else now. Readers aren’t sent there.",
        "Links of the library show something else now. Readers aren’t sent there.",
        len(links),
    )
    people = {*who_may("library.publish_resource", but=User()), *(entry.owner for entry in entries)}
    alert(people, text, f"{reverse('admin:library_resource_links')}#changed")


def _alert_of_numbers(number: int) -> None:
    text = ngettext(
        "The page of a help line no longer shows its number. Please check it now.",
        "Pages of help lines no longer show their numbers. Please check them now.",
        number,
    )
    alert(who_may("library.change_helpline", but=User()), text, f"{reverse('admin:library_resource_links')}#lines")


def period() -> timedelta:
    """The time between two looks at a link that works."""
    is_large = Link.objects.filter(unused_since=None).order_by("pk")[SMALL : SMALL + 1].exists()
    return PERIOD if is_large else SHORT_PERIOD


def _spread(host: str, now: datetime) -> float:
    """From 0 to 1, by host and day: what is looked at together is due together the next time, for one robots.txt."""
    return random.Random(f"{host} {now:%Y-%m-%d}").random()  # noqa: S311 - no secret


def _due(now: datetime, room: int) -> list[tuple[Host, list[Subject]]]:
    """The hosts that may be visited now, those that wait longest first, and what is to be looked at there.

    Each of them rests until its sitting ends, or for as long as the longest one takes.
    """
    resting = LinkHost.objects.filter(free_at__gt=now).values("name")
    due = Link.objects.due(now).exclude(host__in=resting)
    waiting = due.order_by("next_at").values_list("host", flat=True)[:_DUE_READ] if room else []
    names = list(dict.fromkeys(waiting))[:room]
    visits = [(_host(name), _subjects(due.filter(host=name))) for name in names]
    for host, _subjects_there in visits:
        LinkHost.objects.update_or_create(name=host.name, defaults={"free_at": now + _LEASE})
    return visits


def _canaries() -> Sequence[str]:
    """Addresses of hosts that work, one of each, those that were seen to last first."""
    steady = Link.objects.filter(unused_since=None, condition=LinkCondition.ALIVE).order_by("-looked_at")
    by_host: dict[str, str] = {}
    for host, address in steady.values_list("host", "address")[:_STEADY_READ]:
        by_host.setdefault(host, address)
    return list(by_host.values())


def _host(name: str) -> Host:
    row = LinkHost.objects.filter(name=name).first()
    if row is None:
        return Host(name)
    return Host(name, Robots(row.robots, row.robots_at, row.robots_failing_since), row.gap)


def _subjects(due: Any) -> list[Subject]:
    rows = list(due.order_by("next_at")[:LINKS_OF_A_SITTING])
    keys = [row.key for row in rows]
    publishers = dict(Resource.objects.filter(address_key__in=keys).values_list("address_key", "publisher__name"))
    # An address of a sound that is the page of an entry as well is that of a page.
    sounds = LinkUse.objects.filter(link__in=rows, field=LinkUse.Field.AUDIO).exclude(link__key__in=publishers)
    of_sounds = set(sounds.values_list("link", flat=True))
    numbers = numbers_by_key()
    return [
        _subject(row, publishers.get(row.key) or "", numbers.get(row.key, frozenset()), is_sound=row.pk in of_sounds)
        for row in rows
    ]


def _subject(row: Link, publisher: str, numbers: frozenset[str], *, is_sound: bool) -> Subject:
    evidence = from_json(row.evidence)
    content_type = row.page.get("content_type", "")
    good = fingerprint_from(row.page)
    sharing = 0
    if evidence.target:
        others = Link.objects.filter(host=row.host, evidence__target=evidence.target).exclude(pk=row.pk)
        sharing = others.count()
    is_conditional = good is not None and evidence.failing_since is None and random.random() > _UNCONDITIONAL  # noqa: S311
    ends_as_media = urlsplit(row.address).path.lower().endswith(MEDIA_ENDINGS)
    is_media = is_sound or ends_as_media or content_type.startswith(("audio/", "video/"))
    return Subject(
        pk=row.pk,
        address=row.address,
        evidence=evidence,
        context=Context(good, content_type, publisher, sharing=sharing, is_media=is_media, etag=row.etag),
        etag=row.etag if is_conditional else "",
        modified=row.modified if is_conditional else "",
        host_fails=not _has_good_neighbor(row, evidence),
        numbers=tuple(sorted(numbers)),
    )


def _has_good_neighbor(row: Link, evidence: Evidence) -> bool:
    """Whether another link of the host has opened since this one fails. Costs a query for one that does."""
    if evidence.failing_since is None:
        return False
    others = Link.objects.filter(host=row.host, unused_since=None, looked_at__gte=evidence.failing_since)
    return others.filter(condition__in=(LinkCondition.ALIVE, LinkCondition.MOVED)).exclude(pk=row.pk).exists()


def _host_result(name: str, finding: Finding) -> HostResult:
    signal = finding.signal
    final, own = domain_of(signal.final), domain_of(finding.subject.address)
    before = finding.subject.evidence
    was_good = before.last_good is not None and before.failing_since is None
    is_known = final in {"", own, domain_of(before.target)}
    portal = "" if is_known or not was_good else final
    return HostResult(finding.looked_at, name, _looks_like_ours(finding), was_good, portal)


def _looks_like_ours(finding: Finding) -> bool:
    return may_be_ours(finding.signal.fault)
