"""What looks at links have found, written: evidence, proof, and the words of readers where these have become others."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from library.links.evidence import Sentence, confirm_by_person, from_json, reader_sentence, signature, to_json
from library.links.numbers import after_look, is_doubtful
from library.links.reading import PageFingerprint
from library.links.signals import Reason, SignalKind
from library.links.sittings import Finding, Host, gap_of
from library.models import Link, LinkChange, LinkHost, LinkLook, Resource, User
from library.models.link import OPENED_BY_PERSON

from .link_copies import show_copies
from .link_uses import set_use_words

# A number that a help line’s page has shown and doesn’t is asked for again within the hour.
_LOOK_AGAIN_AFTER = timedelta(hours=1)
# A later month of the same words is no edit: no page is made anew for it before the next one.
_SET_MONTH = """
    UPDATE library_resource SET link_checked_on = %(day)s
    WHERE address_key = ANY(%(keys)s) AND link_state IN ('alive', 'moved', 'insecure')
        AND link_checked_on < date_trunc('month', %(day)s::date)"""


@transaction.atomic
def record_findings(host: Host, findings: Sequence[Finding], now: datetime) -> int:
    """Write what a sitting has found; how many links have another state now. At most one edit of the library."""
    robots = {
        "robots": host.robots.text,
        "robots_at": host.robots.read_at,
        "robots_failing_since": host.robots.failing_since,
    }
    free_at = host.rests_until or now + timedelta(seconds=gap_of(host))
    LinkHost.objects.update_or_create(name=host.name, defaults={"free_at": free_at, "gap": host.gap, **robots})
    changed = 0
    fresh: list[str] = []
    keys = dict(Link.objects.filter(pk__in=[one.subject.pk for one in findings]).values_list("pk", "key"))
    for finding in findings:
        if finding.subject.pk not in keys:  # no entry links there any more
            continue
        _write_link(finding)
        key, word = keys[finding.subject.pk], reader_sentence(finding.evidence)
        changed += _record(finding)
        since = finding.evidence.failing_since if word is Sentence.FAILING else None
        _set_words(finding.subject.pk, key, word, timezone.localdate(since or finding.looked_at))
        fresh.append(key)
    _set_month(fresh, timezone.localdate(now))
    show_copies()
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
        names = [each.name for each in fields(PageFingerprint)]
        page = {name: getattr(signal.reading, name) for name in names} | {"content_type": finding.content_type}
        values["page"] = page
    if finding.shown is not None:
        known = Link.objects.values_list("numbers", flat=True).get(pk=finding.subject.pk)
        values["numbers"] = after_look(known, finding.subject.numbers, finding.shown, finding.looked_at)
        if is_doubtful(values["numbers"]):
            values["next_at"] = min(values["next_at"], finding.looked_at + _LOOK_AGAIN_AFTER)
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


def _set_words(link: int, key: str, word: Sentence, day: date) -> None:
    """Give the readers of what leads there their words. Nothing is written where they have them: that would be an edit.

    Entries whose own address it is have the word of that; what else leads there has its own.
    """
    set_use_words(link, word, day)
    entries = list(Resource.objects.filter(address_key=key).exclude(link_state=word).values_list("pk", flat=True))
    if entries:
        checked_on = None if word is Sentence.UNCHECKED else day
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
    if row.condition != evidence.state:
        LinkChange.objects.create(
            link=row, changed_at=now, before=row.condition, after=evidence.state, reason=OPENED_BY_PERSON
        )
    _set_words(row.pk, row.key, reader_sentence(evidence), timezone.localdate(now))


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
        LinkLook.objects.filter(link=row, looked_at__gte=since).delete()
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
        _set_words(row.pk, row.key, reader_sentence(evidence), timezone.localdate(since))
        count += 1
    Link.objects.filter(next_at__lt=next_at, unused_since=None).update(next_at=next_at)
    return count
