"""From signals over days to a state: when a link is called dead, and when it never is. No models, no clock of its own.

One look proves nothing: what a failure says depends on its class. A 404 is rarely a short fault, a server error nearly
always is one, and a wall says nothing of the page. So the span that a death takes depends on the class, and one good
look ends it at any time.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from .faults import WireFault
from .signals import Reason, Signal, SignalKind


class LinkCondition(StrEnum):
    UNCHECKED = "unchecked"
    ALIVE = "alive"
    MOVED = "moved"
    UNSURE = "unsure"
    DEAD = "dead"
    CHANGED = "changed"
    BACK = "back"  # it answers again after a death, and nobody knows whether it is what it was


class Sentence(StrEnum):
    """What a reader gets; an entry keeps it as its `link_state`."""

    UNCHECKED = "unchecked"
    OPENED = "alive"
    ELSEWHERE = "moved"
    CERTIFICATE = "insecure"
    WALL = "walled"
    ROBOTS = "robots"
    FAILING = "unsure"
    BACK = "back"
    GONE = "dead"
    CHANGED = "changed"


# Between two looks at a link of a large library: at most a week, and not so often that it is more than one a week.
PERIOD = timedelta(days=6.2)
# The same of a library with few links.
SHORT_PERIOD = timedelta(days=3)
_FAILING = (SignalKind.GONE, SignalKind.SOFT, SignalKind.TROUBLE, SignalKind.WALLED)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
# After the first look that failed: soon, then at another hour of the day, then further and further apart.
_SOON = 26 * _HOUR
_AFTER_FAILURE = (_HOUR, _SOON, *(days * _DAY for days in (3, 6, 10, 14, 18, 23, 28)))
_AFTER_WALL = (_SOON, 3 * _DAY, 10 * _DAY)
_BETWEEN_WALLS = 14 * _DAY
_AFTER_DEATH = (7 * _DAY, 14 * _DAY, 30 * _DAY)
_PROOF_AFTER = 2 * _DAY
# How many looks, on how many days, over what span, make a death; for what says plainly that it is gone, for what says
# so with a status of 200, for trouble.
_DEATHS = {
    SignalKind.GONE: (5, 4, 6 * _DAY),
    SignalKind.SOFT: (5, 4, 10 * _DAY),
    SignalKind.TROUBLE: (8, 8, 28 * _DAY),
}
UNSURE_AFTER = {SignalKind.GONE: _DAY, SignalKind.SOFT: _DAY, SignalKind.TROUBLE: _DAY, SignalKind.WALLED: 2 * _DAY}
_RATE_UNSURE_AFTER = 14 * _DAY
# After so long without an answer, the name or the host may be somebody else’s.
_STRANGE_AFTER = 14 * _DAY
# How many looks in a row, over what span, make a move; by whether the redirect is for good. One that has led to two
# addresses is a fork, and may lead to the same one a few times by chance.
_SAME_TARGET = {True: (2, 6 * _DAY), False: (3, 14 * _DAY)}
_AFTER_A_FORK = 8
PERSON_HOLDS = 365 * _DAY
# A whole host that gives nothing but this may have shut out our network alone.
_PERHAPS_OURS = {WireFault.TIMEOUT, WireFault.RESET, WireFault.NOT_HTTP}


@dataclass(frozen=True)
class Tally:
    """Looks of one class in a run of failures: how many, on how many days, the first and the last of them."""

    looks: int
    days: int
    first: datetime
    last: datetime

    def with_look(self, now: datetime) -> "Tally":
        is_new_day = now.date() != self.last.date()
        return Tally(self.looks + 1, self.days + is_new_day, self.first, now)


@dataclass(frozen=True)
class Evidence:
    """All that is known of a link. `since`: when its state began; `failing_since`: the first look of a run of failures.

    `target` is where it leads, seen by `target_looks` from `target_since` on. `person_at`: somebody opened it, when
    the checks said `person_signature`.
    """

    state: LinkCondition = LinkCondition.UNCHECKED
    since: datetime | None = None
    reason: Reason | None = None
    fault: WireFault | None = None
    last_good: datetime | None = None
    failing_since: datetime | None = None
    tallies: Mapping[SignalKind, Tally] = field(default_factory=dict)
    failures: Tally | None = None  # of all of these classes together
    may_be_ours: bool = True  # all of the run of failures could have been our own network
    target: str = ""
    target_since: datetime | None = None
    target_looks: int = 0
    is_fork: bool = False  # it has led to two addresses
    different_since: datetime | None = None
    person_at: datetime | None = None
    person_signature: str = ""
    next_at: datetime | None = None


def advance(
    evidence: Evidence, signal: Signal, now: datetime, *, period: timedelta, spread: float, host_fails: bool = False
) -> Evidence:
    """What is known after a look that said `signal`.

    The next look at what is well comes after `period`, an eighth more or less by `spread` (from 0 to 1). `host_fails`:
    no other link of the host has opened since this one fails.
    """
    if signal.kind in _FAILING:
        after = _failed(evidence, signal, now, host_fails)
    elif signal.is_alarm:
        after = _different(evidence, signal, now)
    else:
        after = _opened(evidence, signal, now)
    after = _as_a_person_said(after, signal, now)
    if after.state is not evidence.state:
        after = replace(after, since=now)
    return replace(after, next_at=now + _wait(after, now, period, spread))


def needs_proof(evidence: Evidence, now: datetime) -> bool:
    """Whether the front page and an address that nobody has made are to be asked, too: before a death is declared."""
    is_failing = evidence.failing_since is not None and evidence.state is not LinkCondition.DEAD
    return is_failing and now - (evidence.failing_since or now) >= _PROOF_AFTER


def confirm_by_person(evidence: Evidence, said: str, now: datetime) -> Evidence:
    """Somebody opened it and found it right: that holds while the checks go on to say the same, by their signature."""
    state = LinkCondition.UNSURE if evidence.failing_since else LinkCondition.ALIVE
    confirmed = replace(evidence, person_at=now, person_signature=said, different_since=None, state=state)
    return replace(confirmed, since=now if state is not evidence.state else evidence.since)


def signature(signal: Signal) -> str:
    """By which one answer is the same as another: its class, its status, and where it came from."""
    host = signal.final.split("/")[2] if signal.final.count("/") > 1 else ""
    return f"{signal.kind} {signal.status or signal.fault or ''} {host}"


def reader_sentence(evidence: Evidence) -> Sentence:
    match evidence.state:
        case LinkCondition.UNCHECKED:
            return Sentence.UNCHECKED
        case LinkCondition.DEAD:
            return Sentence.GONE
        case LinkCondition.CHANGED:
            return Sentence.CHANGED
        case LinkCondition.BACK:
            return Sentence.BACK
        case LinkCondition.MOVED:
            return Sentence.ELSEWHERE
        case LinkCondition.UNSURE if evidence.reason is Reason.ROBOTS:
            return Sentence.ROBOTS
        case LinkCondition.UNSURE:
            is_wall = SignalKind.WALLED in evidence.tallies or evidence.person_at is not None
            return Sentence.WALL if is_wall else Sentence.FAILING
        case _:
            return Sentence.CERTIFICATE if evidence.reason is Reason.CERTIFICATE else Sentence.OPENED


def _opened(evidence: Evidence, signal: Signal, now: datetime) -> Evidence:
    """It opens: nothing of what was counted before counts any more, but where it may be somebody else’s by now."""
    if _may_be_strange(evidence, now) and not signal.is_same:
        return replace(evidence, state=LinkCondition.BACK, reason=signal.reason, fault=signal.fault, tallies={})
    fresh = replace(
        evidence,
        state=LinkCondition.ALIVE,
        reason=signal.reason,
        fault=signal.fault,
        last_good=now,
        failing_since=None,
        tallies={},
        failures=None,
        may_be_ours=True,
        different_since=None,
    )
    if signal.kind is not SignalKind.ELSEWHERE or signal.is_same is False:
        return replace(fresh, target="", target_since=None, target_looks=0)
    if evidence.target != signal.final or evidence.target_since is None:
        is_fork = evidence.is_fork or bool(evidence.target)
        return replace(fresh, target=signal.final, target_since=now, target_looks=1, is_fork=is_fork)
    looks = evidence.target_looks + 1
    least, span = _SAME_TARGET[signal.is_permanent]
    is_proven = looks >= (_AFTER_A_FORK if evidence.is_fork else least) and now - evidence.target_since >= span
    return replace(fresh, target_looks=looks, state=LinkCondition.MOVED if is_proven else LinkCondition.ALIVE)


def _may_be_strange(evidence: Evidence, now: datetime) -> bool:
    if evidence.state is LinkCondition.BACK:
        return True
    was_gone = (
        evidence.state is LinkCondition.DEAD
        or SignalKind.GONE in evidence.tallies
        or SignalKind.SOFT in evidence.tallies
    )
    return was_gone and evidence.failing_since is not None and now - evidence.failing_since >= _STRANGE_AFTER


def _different(evidence: Evidence, signal: Signal, now: datetime) -> Evidence:
    """Something else: readers are kept from it as soon as a second look, an hour later, says so too."""
    first = evidence.different_since or now
    is_sure = evidence.state is LinkCondition.CHANGED or (
        evidence.different_since is not None and now - first >= _HOUR / 2
    )
    state = LinkCondition.CHANGED if is_sure else evidence.state
    return replace(evidence, state=state, different_since=first, reason=signal.reason, fault=signal.fault)


def _failed(evidence: Evidence, signal: Signal, now: datetime, host_fails: bool) -> Evidence:
    began = evidence.failing_since or now
    tally = evidence.tallies.get(signal.kind)
    tallies = {**evidence.tallies, signal.kind: tally.with_look(now) if tally else Tally(1, 1, now, now)}
    failures = evidence.failures.with_look(now) if evidence.failures else Tally(1, 1, now, now)
    may_be_ours = evidence.may_be_ours and host_fails and signal.fault in _PERHAPS_OURS
    after = replace(
        evidence,
        reason=signal.reason,
        fault=signal.fault,
        failing_since=began,
        tallies=tallies,
        failures=failures,
        may_be_ours=may_be_ours,
        target="",
        target_since=None,
        target_looks=0,
    )
    if evidence.state in {LinkCondition.DEAD, LinkCondition.CHANGED}:
        return after
    if _is_dead(after):
        return replace(after, state=LinkCondition.DEAD)
    patience = _RATE_UNSURE_AFTER if signal.reason is Reason.RATE else UNSURE_AFTER[signal.kind]
    return replace(after, state=LinkCondition.UNSURE) if now - began >= patience else after


def _is_dead(evidence: Evidence) -> bool:
    """Whether the looks are enough for the slowest of their classes. One of its class alone counts for nothing."""
    often, seen = _often(evidence), evidence.failures
    if not _has_failed_long(evidence) or seen is None:
        return False
    looks, days, _span = _DEATHS[max(often, key=_FAILING.index)]
    alone = len(evidence.tallies) - len(often)
    return seen.looks - alone >= looks and seen.days - alone >= days


def _has_failed_long(evidence: Evidence) -> bool:
    """Whether it has failed for the span of a death, however often it was looked at, and for what can be one."""
    often = _often(evidence)
    is_ours = evidence.may_be_ours and evidence.last_good is not None
    if not often or SignalKind.WALLED in often or is_ours:
        return False
    _looks, _days, span = _DEATHS[max(often, key=_FAILING.index)]
    last = max(evidence.tallies[kind].last for kind in often)
    return last - min(evidence.tallies[kind].first for kind in often) >= span


def _counted_looks(evidence: Evidence) -> int:
    looks = evidence.failures.looks if evidence.failures else 0
    return looks - (len(evidence.tallies) - len(_often(evidence))) if looks > 1 else looks


def _often(evidence: Evidence) -> list[SignalKind]:
    return [kind for kind, tally in evidence.tallies.items() if tally.looks > 1]


def _as_a_person_said(evidence: Evidence, signal: Signal, now: datetime) -> Evidence:
    """What somebody saw with their own eyes goes before what checks say, until these say something else."""
    if evidence.person_at is None:
        return evidence
    if now - evidence.person_at >= PERSON_HOLDS or signature(signal) != evidence.person_signature:
        return replace(evidence, person_at=None, person_signature="")
    if evidence.state in {LinkCondition.DEAD, LinkCondition.CHANGED, LinkCondition.BACK}:
        return replace(evidence, state=LinkCondition.UNSURE if signal.kind in _FAILING else LinkCondition.ALIVE)
    return evidence


def _wait(evidence: Evidence, now: datetime, period: timedelta, spread: float) -> timedelta:
    """Until the next look."""
    if evidence.different_since is not None and evidence.state is not LinkCondition.CHANGED:
        return _HOUR
    if evidence.failing_since is None or evidence.state in {LinkCondition.BACK, LinkCondition.CHANGED}:
        return period * (7 / 8 + spread / 4)
    if evidence.state is LinkCondition.DEAD and evidence.since is not None:
        return _next(_AFTER_DEATH, evidence.since, now, _AFTER_DEATH[-1])
    if set(evidence.tallies) == {SignalKind.WALLED}:
        return _next(_AFTER_WALL, evidence.failing_since, now, _BETWEEN_WALLS)
    if _has_failed_long(evidence):  # only looks are missing, which an outage of our own has taken back
        return _SOON
    wait = _next(_AFTER_FAILURE, evidence.failing_since, now, 7 * _DAY)
    # One that was taken back, came too late, or counts for nothing is made up for: it would cost days at the end.
    passed = sum(now - evidence.failing_since >= offset for offset in _AFTER_FAILURE)
    return min(wait, _SOON) if _counted_looks(evidence) <= passed else wait


def _next(offsets: tuple[timedelta, ...], began: datetime, now: datetime, then: timedelta) -> timedelta:
    """Until the first of the moments after `began` that is still to come; after the last of them, `then`."""
    return next((began + offset - now for offset in offsets if began + offset - now >= _HOUR / 2), then)


_MOMENTS = ("since", "last_good", "failing_since", "target_since", "different_since", "person_at", "next_at")


def to_json(evidence: Evidence) -> dict[str, Any]:
    """The evidence as JSON can hold it; what is empty is left out."""
    return {name: _plain_value(value) for name, value in asdict(evidence).items() if value or value is False}


def _plain_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(name): _plain_value(inner) for name, inner in value.items()}
    return value


def from_json(values: Mapping[str, Any]) -> Evidence:
    """What `to_json` has made of it."""
    moments = {name: datetime.fromisoformat(values[name]) for name in _MOMENTS if name in values}
    named: dict[str, Any] = {}
    for name, kind in (("state", LinkCondition), ("reason", Reason), ("fault", WireFault)):
        if name in values:
            named[name] = kind(values[name])
    if "tallies" in values:
        named["tallies"] = {SignalKind(kind): _tally(inner) for kind, inner in values["tallies"].items()}
    if "failures" in values:
        named["failures"] = _tally(values["failures"])
    return Evidence(**{**values, **moments, **named})


def _tally(values: Mapping[str, Any]) -> Tally:
    first, last = (datetime.fromisoformat(values[name]) for name in ("first", "last"))
    return Tally(values["looks"], values["days"], first, last)
