"""One host, one link after the other: with pauses, and an end as soon as it turns us away. No models, no threads.

A sitting is made of values and gives values, so that whoever owns the database needs to know nothing of the wire.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from .client import Answer
from .evidence import Evidence, LinkCondition, advance, needs_proof
from .numbers import ShownNumbers, shown_numbers
from .robots import Robots, robots_of
from .signals import Context, Reason, Signal, SignalKind, signal_of
from .videos import Video, needs_picture, video_at, video_signal

GAP = 3.0  # seconds
LONGEST_GAP = 60.0
_WALLS = 3  # one after the other, and the sitting ends
_REST = timedelta(hours=24)
_SEEN = (SignalKind.GOOD, SignalKind.ELSEWHERE)
_NO_SUCH_PAGE = "/a-page-that-nobody-has-made-7201988"
Ask = Callable[..., Answer]


@dataclass(frozen=True)
class Subject:
    """A link as it is known before a sitting."""

    pk: int
    address: str
    evidence: Evidence
    context: Context
    etag: str
    modified: str
    host_fails: bool  # no other link of the host has opened since this one fails
    numbers: tuple[str, ...] = ()  # of help lines, as digits, which the page is to show


@dataclass(frozen=True)
class Finding:
    """What a look has found: the signal, what is known after it, and what to send with the next one.

    `shown`: which of the subject’s numbers the page shows; None where nobody can tell.
    """

    subject: Subject
    signal: Signal
    evidence: Evidence
    looked_at: datetime
    etag: str
    modified: str
    content_type: str
    shown: ShownNumbers | None = None


@dataclass(frozen=True)
class Host:
    """A host as it is known: its robots.txt and the pause for which it has asked; `rests_until` after a sitting."""

    name: str
    robots: Robots = field(default_factory=Robots)
    gap: float = 0.0
    rests_until: datetime | None = None


def gap_of(host: Host) -> float:
    """The seconds between the end of an answer and the next request."""
    return max(GAP, host.gap, host.robots.delay())


@dataclass
class Sitting:
    """`ask` gets an address and what else `client.look` takes; `pause` waits for seconds; `clock` says when it is."""

    ask: Ask
    pause: Callable[[float], object]
    clock: Callable[[], datetime]
    period: timedelta
    spread: float  # of the next looks, from 0 to 1

    def visit(self, host: Host, subjects: Sequence[Subject]) -> tuple[Host, list[Finding]]:
        """Look at these links of the host, in turn. What it asks us to leave alone is left alone."""
        host = self._with_robots(host, subjects[0].address)
        findings: list[Finding] = []
        walls = 0
        if host.robots.is_closed(self.clock()):
            return replace(host, rests_until=self.clock() + _REST), findings
        for subject in subjects:
            signal, answer = self._look(host, subject)
            now = self.clock()
            host = self._after(host, answer, now)
            walls = walls + 1 if signal.kind is SignalKind.WALLED and answer is not None else 0
            ways: Any = {"period": self.period, "spread": self.spread, "host_fails": subject.host_fails}
            evidence = advance(subject.evidence, signal, now, **ways)
            findings.append(_finding(subject, signal, evidence, now, answer))
            if walls >= _WALLS:
                return replace(host, rests_until=now + _REST), findings
            if host.rests_until is not None and host.rests_until > now + timedelta(minutes=2):
                return host, findings
        return host, findings

    def _with_robots(self, host: Host, address: str) -> Host:
        now = self.clock()
        if host.robots.is_fresh(now):
            return host
        answer = self._ask(host, _on_same_host(address, "/robots.txt"))
        return replace(host, robots=robots_of(answer, host.robots, self.clock()))

    def _look(self, host: Host, subject: Subject) -> tuple[Signal, Answer | None]:
        if not host.robots.allows(subject.address):
            return Signal(SignalKind.WALLED, Reason.ROBOTS), None
        if video := video_at(subject.address):
            return self._look_at_video(host, subject, video)
        context = subject.context
        options: dict[str, Any] = {"is_media": context.is_media, "etag": subject.etag, "modified": subject.modified}
        answer = self._ask(host, subject.address, **options)
        signal = signal_of(subject.address, answer, context)
        if self._wants_proof(subject, signal):
            root = self._ask(host, _on_same_host(subject.address, "/"))
            sibling = self._ask(host, _on_same_host(subject.address, _NO_SUCH_PAGE))
            signal = signal_of(subject.address, answer, replace(context, root=root, sibling=sibling))
        return signal, answer

    def _look_at_video(self, host: Host, subject: Subject, video: Video) -> tuple[Signal, Answer | None]:
        answer = self._ask(host, video.oembed)
        picture = self._ask(host, video.picture) if video.picture and needs_picture(answer) else None
        return video_signal(answer, picture) or signal_of(subject.address, answer, subject.context), answer

    def _ask(self, host: Host, address: str, **options: Any) -> Answer:
        """Ask, and wait until the host may be asked again."""
        answer = self.ask(address, **options)
        self.pause(gap_of(host))
        return answer

    def _wants_proof(self, subject: Subject, signal: Signal) -> bool:
        """A death needs it, and so does the first doubt about a page of which nothing is known."""
        is_gone = signal.kind in {SignalKind.GONE, SignalKind.SOFT} and signal.reason is not Reason.NO_SUCH_NAME
        is_unknown = subject.context.good is None and subject.evidence.state is LinkCondition.UNCHECKED
        is_doubtful = is_unknown and signal.kind is SignalKind.GOOD and signal.may_be_lost
        return (is_gone and needs_proof(subject.evidence, self.clock())) or is_doubtful

    def _after(self, host: Host, answer: Answer | None, now: datetime) -> Host:
        """Twice the pause after a host has said that it is too much; half of it after an answer."""
        if answer is None:
            return host
        if answer.status in {429, 503}:
            rest = retry_after(answer.headers.get("retry-after", ""))
            return replace(host, gap=min(LONGEST_GAP, 2 * gap_of(host)), rests_until=now + rest if rest else None)
        return replace(host, gap=host.gap / 2 if host.gap > GAP else 0.0)


def _finding(subject: Subject, signal: Signal, evidence: Evidence, now: datetime, answer: Answer | None) -> Finding:
    found = Finding(subject, signal, evidence, now, subject.etag, subject.modified, subject.context.content_type)
    if answer is None or signal.status == 304:
        return found
    headers = answer.headers
    return replace(
        found,
        etag=headers.get("etag", ""),
        modified=headers.get("last-modified", ""),
        content_type=answer.content_type,
        shown=shown_numbers(answer, subject.numbers) if subject.numbers and signal.kind in _SEEN else None,
    )


def retry_after(text: str) -> timedelta | None:
    """A day at most; dates are taken for an hour."""
    if not text:
        return None
    seconds = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 3600
    return min(timedelta(seconds=seconds), _REST)


def _on_same_host(address: str, path: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}{path}"
