"""All links of the library, looked at in their turn: from the tables, to the wire, and back.

One thread owns the database; others own the wire, one for each host that is visited. What a look has found is written
when its host’s sitting ends, with the state before it, so that looks of an hour in which our own network was at fault
are taken back. An entry is written only when its readers get other words.
"""

import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max, Min, Q
from django.utils import timezone

from library.links.client import look
from library.links.evidence import (
    LinkCondition,
    Sentence,
    confirm_by_person,
    from_json,
    reader_sentence,
    signature,
    to_json,
)
from library.links.network import SICK_WINDOW, HostResult, NetworkWatch, may_be_ours
from library.links.reading import PageFingerprint
from library.links.robots import Robots
from library.links.signals import Context, Reason, SignalKind, domain_of
from library.links.sittings import Ask, Finding, Host, Sitting, Subject
from library.models import Link, LinkChange, LinkHost, LinkLook, Resource, User
from library.models.link import KEEP_LOOKS, KEEP_UNUSED

CHECK_THREADS = 16
LINKS_OF_A_SITTING = 20
# Libraries with fewer links are looked at twice as often: a true death is said within ten days.
SMALL = 20_000
PERIODS = {True: timedelta(days=3), False: timedelta(days=6)}
_NEW_WITHIN = timedelta(minutes=5)
_IDLE_SECONDS = 30.0
# Every fifth look asks for the page itself, whatever its server says of its age.
_UNCONDITIONAL = 0.2
_WORDS = {
    Sentence.UNCHECKED: Resource.LinkState.UNCHECKED,
    Sentence.OPENED: Resource.LinkState.ALIVE,
    Sentence.ELSEWHERE: Resource.LinkState.MOVED,
    Sentence.WALL: Resource.LinkState.WALLED,
    Sentence.FAILING: Resource.LinkState.UNSURE,
    Sentence.CERTIFICATE: Resource.LinkState.INSECURE,
    Sentence.GONE: Resource.LinkState.DEAD,
    Sentence.CHANGED: Resource.LinkState.CHANGED,
    Sentence.ROBOTS: Resource.LinkState.ROBOTS,
    Sentence.BACK: Resource.LinkState.BACK,
}

# New addresses are looked at within minutes; of very many at once, each has its turn within a period.
_ADD = """
    INSERT INTO library_link (key, address, host, condition, reason, signature, next_at, evidence, page,
        etag, modified)
    SELECT DISTINCT ON (r.address_key) r.address_key, r.url,
        regexp_replace(lower(substring(r.url from '^https?://([^/?#:]+)')), '^www[.]', ''),
        'unchecked', '', '', %(now)s + random() * (%(spread)s)::interval, '{}', '{}', '', ''
    FROM library_resource AS r LEFT JOIN library_link AS l ON l.key = r.address_key
    WHERE r.address_key <> '' AND r.url ~* '^https?://[^/?#:]+([/?#]|$)' AND r.state = 'published' AND l.id IS NULL
    ORDER BY r.address_key, r.id
    ON CONFLICT (key) DO NOTHING"""
_MARK_UNUSED = """
    UPDATE library_link AS l SET unused_since = CASE WHEN l.unused_since IS NULL THEN %(now)s END
    WHERE (l.unused_since IS NULL) = NOT EXISTS (
        SELECT FROM library_resource AS r WHERE r.address_key = l.key AND r.state = 'published')"""
# A later month of the same words is no edit: no page is made anew for it before the next one.
_SET_MONTH = """
    UPDATE library_resource SET link_checked_on = %(day)s
    WHERE address_key = ANY(%(keys)s) AND link_state IN ('alive', 'moved', 'insecure')
        AND link_checked_on < date_trunc('month', %(day)s::date)"""


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
    report: CheckReport = field(default_factory=CheckReport)

    def __post_init__(self) -> None:
        self.asks = partial(self.ask, agent=self.agent)
        self.watch = NetworkWatch(self.asks, _canaries)

    def run(self, *, once: bool = False, is_stopped: Callable[[], bool] = lambda: False) -> CheckReport:
        """Look at whatever is due, until nothing is (`once`) or until it is stopped."""
        with ThreadPoolExecutor(self.threads) as pool:
            under_way: dict[Future[tuple[Host, list[Finding]]], str] = {}
            while not is_stopped():
                now = self.clock()
                if not under_way:
                    update_links(now)
                for host, subjects in self._due(now, set(under_way.values())):
                    sitting = Sitting(self.asks, self.pause, self.clock, period())
                    under_way[pool.submit(sitting.visit, host, subjects)] = host.name
                if not under_way:
                    if once:
                        break
                    self.pause(_IDLE_SECONDS)
                    continue
                for done in wait(under_way, return_when=FIRST_COMPLETED).done:
                    del under_way[done]
                    if not self._finish(*done.result()):
                        wait(under_way)  # what they find counts as little
                        under_way.clear()
                        seconds = self._void(self.clock())
                        if once:
                            return self.report
                        self.pause(seconds)
                        break
        return self.report

    def _due(self, now: datetime, busy: set[str]) -> list[tuple[Host, list[Subject]]]:
        """The hosts that may be visited now, those that wait longest first, and what is to be looked at there."""
        room = self.threads - len(busy)
        if room <= 0:
            return []
        resting = LinkHost.objects.filter(free_at__gt=now).values("name")
        due = Link.objects.due(now).exclude(host__in=busy).exclude(host__in=resting)
        names = due.values("host").annotate(first=Min("next_at")).order_by("first").values_list("host", flat=True)
        return [(_host(name), _subjects(due.filter(host=name))) for name in names[:room]]

    def _finish(self, host: Host, findings: list[Finding]) -> bool:
        """Write what a sitting has found; False, and nothing of it, where our own network is at fault."""
        now = self.clock()
        for finding in findings:
            self.watch.add(_host_result(host.name, finding))
        if any(_looks_like_ours(finding) for finding in findings) and self.watch.is_sick():
            return False
        if any(finding.signal.kind is SignalKind.GOOD for finding in findings):
            self.watch.is_well()
        changed = write(host, findings, now)
        self.report = replace(
            self.report, looks=self.report.looks + len(findings), changed=self.report.changed + changed
        )
        return True

    def _void(self, now: datetime) -> float:
        """Take back all of the last minutes; the seconds to wait until the next try."""
        self.report = replace(self.report, voids=self.report.voids + 1)
        rest = self.watch.rest()
        take_back(now - SICK_WINDOW, now + rest)
        return rest.total_seconds()


def period() -> timedelta:
    """The days between two looks at a link that works."""
    is_small = not Link.objects.filter(unused_since=None).order_by("pk")[SMALL : SMALL + 1].exists()
    return PERIODS[is_small]


def update_links(now: datetime) -> None:
    """Take in what entries have come to link to, and lay aside what none of them links to any more."""
    spread = PERIODS[True] if _is_large() and not Link.objects.exists() else _NEW_WITHIN
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ADD, {"now": now, "spread": str(spread)})
        cursor.execute(_MARK_UNUSED, {"now": now})
        Link.objects.filter(unused_since__lt=now - KEEP_UNUSED).delete()
        LinkLook.objects.filter(looked_at__lt=now - KEEP_LOOKS).delete()


def _is_large() -> bool:
    return bool(Resource.objects.order_by("pk")[1000:1001].exists())


def _canaries() -> Sequence[str]:
    """Addresses of hosts that work, those that were seen to last first."""
    steady = Link.objects.filter(unused_since=None, condition=LinkCondition.ALIVE).order_by("-looked_at")
    by_host = steady.values("host").annotate(last=Max("looked_at"), address=Max("address")).order_by("-last")
    return list(by_host.values_list("address", flat=True)[:20])


def _host(name: str) -> Host:
    row = LinkHost.objects.filter(name=name).first()
    if row is None:
        return Host(name)
    return Host(name, Robots(row.robots, row.robots_at, row.robots_failing_since), row.gap)


def _subjects(due: Any) -> list[Subject]:
    rows = list(due.order_by("next_at")[:LINKS_OF_A_SITTING])
    publishers = dict(
        Resource.objects.filter(address_key__in=[row.key for row in rows], publisher__isnull=False).values_list(
            "address_key", "publisher__name"
        )
    )
    return [_subject(row, publishers.get(row.key, "")) for row in rows]


def _subject(row: Link, publisher: str) -> Subject:
    evidence = from_json(row.evidence)
    page = dict(row.page)
    content_type = page.pop("content_type", "")
    good = PageFingerprint(**{**page, "sketch": tuple(page["sketch"])}) if page else None
    sharing = 0
    if evidence.target:
        others = Link.objects.filter(host=row.host, evidence__target=evidence.target).exclude(pk=row.pk)
        sharing = others.count()
    is_conditional = good is not None and evidence.failing_since is None and random.random() > _UNCONDITIONAL  # noqa: S311
    return Subject(
        pk=row.pk,
        address=row.address,
        evidence=evidence,
        context=Context(good, content_type, publisher, sharing=sharing, etag=row.etag),
        etag=row.etag if is_conditional else "",
        modified=row.modified if is_conditional else "",
        spread=random.random(),  # noqa: S311 - no secret
    )


def _host_result(name: str, finding: Finding) -> HostResult:
    signal = finding.signal
    final, own = domain_of(signal.final), domain_of(finding.subject.address)
    before = finding.subject.evidence
    was_good = before.last_good is not None and before.failing_since is None
    portal = final if was_good and final not in {"", own} else ""
    return HostResult(finding.looked_at, name, _looks_like_ours(finding), was_good, portal)


def _looks_like_ours(finding: Finding) -> bool:
    return may_be_ours(finding.signal.fault)


@transaction.atomic
def write(host: Host, findings: Sequence[Finding], now: datetime) -> int:
    """Write what a sitting has found; how many links have another state now. At most one edit of the library."""
    gap = timedelta(seconds=max(host.gap, host.robots.delay(), 3.0))
    robots = {
        "robots": host.robots.text,
        "robots_at": host.robots.read_at,
        "robots_failing_since": host.robots.failing_since,
    }
    free_at = host.rests_until or now + gap
    LinkHost.objects.update_or_create(name=host.name, defaults={"free_at": free_at, "gap": host.gap, **robots})
    changed = 0
    fresh: list[str] = []
    keys = dict(Link.objects.filter(pk__in=[one.subject.pk for one in findings]).values_list("pk", "key"))
    for finding in findings:
        if finding.subject.pk not in keys:  # no entry links there any more
            continue
        _write_link(finding)
        key, word = keys[finding.subject.pk], _WORDS[reader_sentence(finding.evidence)]
        changed += _record(finding)
        since = finding.evidence.failing_since if word == Resource.LinkState.UNSURE else None
        _set_words(key, word, timezone.localdate(since or finding.looked_at))
        fresh.append(key)
    _set_month(fresh, timezone.localdate(now))
    return changed


def _write_link(finding: Finding) -> None:
    evidence, signal = finding.evidence, finding.signal
    values: dict[str, Any] = {
        "before": F("evidence"),
        "evidence": to_json(evidence),
        "condition": evidence.state,
        "reason": evidence.reason or "",
        "signature": signature(signal)[:300],
        "since": evidence.since,
        "looked_at": finding.looked_at,
        "next_at": evidence.next_at,
    }
    if signal.kind in {SignalKind.GOOD, SignalKind.ELSEWHERE}:
        values |= {"etag": finding.etag[:200], "modified": finding.modified[:100]}
    if signal.reading is not None and signal.is_same is not False and signal.reason is not Reason.ANOTHER_DOCUMENT:
        names = PageFingerprint.__dataclass_fields__
        page = {name: getattr(signal.reading, name) for name in names} | {"content_type": finding.content_type}
        values["page"] = page
    Link.objects.filter(pk=finding.subject.pk).update(**values)


def _record(finding: Finding) -> bool:
    """Keep the proof of what isn’t well, and of each change; whether there is one."""
    signal, before, after = finding.signal, finding.subject.evidence, finding.evidence
    if signal.kind not in {SignalKind.GOOD, SignalKind.ELSEWHERE}:
        LinkLook.objects.create(
            link_id=finding.subject.pk,
            looked_at=finding.looked_at,
            signal=signal.kind,
            reason=signal.reason,
            status=signal.status,
            fault=signal.fault or "",
        )
    if before.state is after.state:
        return False
    LinkChange.objects.create(
        link_id=finding.subject.pk,
        changed_at=finding.looked_at,
        before=before.state,
        after=after.state,
        reason=after.reason or "",
    )
    return True


def _set_words(key: str, word: str, day: date) -> None:
    """Give the readers of these entries their words. Nothing is written where they have them: that would be an edit."""
    entries = list(Resource.objects.filter(address_key=key).exclude(link_state=word).values_list("pk", flat=True))
    if entries:
        checked_on = None if word == Resource.LinkState.UNCHECKED else day
        Resource.objects.filter(pk__in=entries).update(link_state=word, link_checked_on=checked_on)


def _set_month(keys: list[str], day: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('library.settling', 'on', true)")
        cursor.execute(_SET_MONTH, {"keys": keys, "day": day})
        cursor.execute("SELECT set_config('library.settling', '', true)")


@transaction.atomic
def confirm(link: Link, by: User, now: datetime) -> None:
    """Somebody has opened the link and found it right. What is there now is what it will be compared with."""
    row = Link.objects.select_for_update().get(pk=link.pk)
    evidence = confirm_by_person(from_json(row.evidence), row.signature, now)
    page = row.page if evidence.failing_since else {}
    Link.objects.filter(pk=row.pk).update(
        evidence=to_json(evidence), condition=evidence.state, since=evidence.since, confirmed_by=by, page=page
    )
    _set_words(row.key, _WORDS[reader_sentence(evidence)], timezone.localdate(now))


def look_soon(link: Link, now: datetime) -> None:
    """Have the program that checks links look at this one next. It keeps its pauses all the same."""
    Link.objects.filter(pk=link.pk, next_at__gt=now).update(next_at=now)


@transaction.atomic
def take_back(since: datetime, next_at: datetime) -> int:
    """Forget the looks since then: each link is again as it was before its last one. How many those were."""
    rows = Link.objects.filter(looked_at__gte=since, before__isnull=False).select_for_update()
    count = 0
    for row in rows:
        evidence = from_json(row.before or {})
        later = LinkLook.objects.filter(link=row, looked_at__gte=since)
        later.delete()
        LinkChange.objects.filter(link=row, changed_at__gte=since).delete()
        Link.objects.filter(pk=row.pk).update(
            evidence=to_json(evidence),
            before=None,
            condition=evidence.state,
            reason=evidence.reason or "",
            since=evidence.since,
            looked_at=evidence.last_good,
            next_at=next_at,
        )
        _set_words(row.key, _WORDS[reader_sentence(evidence)], timezone.localdate(since))
        count += 1
    Link.objects.filter(Q(next_at__lt=next_at), unused_since=None).update(next_at=next_at)
    return count
