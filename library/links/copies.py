"""Which capture of a page is offered in its place: the last one before it was lost, compared with what was kept of it.

The newest is the wrong one: it shows what readers are kept from. No models.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from .archive import (
    ANSWER_SECONDS,
    REQUESTS_A_MINUTE,
    ArchiveUnavailable,
    Capture,
    captures_of,
    index_address,
    is_played,
    require_answer,
)
from .client import Answer
from .evidence import Evidence
from .reading import PageFingerprint, is_alike, read
from .saving import SAVES_OF_A_VISIT, Saver, is_old
from .signals import says_not_found
from .sittings import Ask
from .walls import is_challenge

# Captures of one page that are looked at.
_TRIED = 3
_PAUSE = 60 / REQUESTS_A_MINUTE
_LONGEST_VISIT = timedelta(hours=1)


class CopyVerdict(StrEnum):
    SAME = "same"  # as what was there when the link last worked
    UNCLEAR = "unclear"  # nothing is known to compare it with
    OTHER = "other"


@dataclass(frozen=True)
class CopySubject:
    """A link of which a copy is wanted: until which day (None: any, to know whether there is one), and how it was."""

    pk: int
    address: str
    until: date | None
    good: PageFingerprint | None
    content_type: str


@dataclass(frozen=True)
class CopyFinding:
    """The capture that was found, and how it compares: None where there is none, or where it wasn't compared.

    `is_answered`: the archive has said something of it. `again`: how long it won't take this page, if it says so.
    """

    subject: CopySubject
    asked_at: datetime
    capture: Capture | None = None
    verdict: CopyVerdict | None = None
    is_answered: bool = True
    again: timedelta | None = None


@dataclass(frozen=True)
class CopyFindings:
    """What a visit to the archive has found, and until when it is left alone."""

    findings: Sequence[CopyFinding]
    rests_until: datetime


def last_good_day(evidence: Evidence) -> date | None:
    """The last day on which a capture shows what readers were sent to; None of a link that works."""
    failed = [moment for moment in (evidence.failing_since, evidence.different_since) if moment is not None]
    if not failed:
        return None
    before = (min(failed) - timedelta(days=1)).date()
    return min(before, evidence.last_good.date()) if evidence.last_good else before


def captures_before(captures: Iterable[Capture], until: date) -> list[Capture]:
    """Those up to this day that opened, the last first."""
    fitting = [one for one in captures if one.taken_on <= until and one.status == "200"]
    return sorted(fitting, key=lambda one: one.timestamp, reverse=True)


def verdict_on(capture: Capture, answer: Answer, subject: CopySubject) -> CopyVerdict:
    """What this capture, as it was played, is beside what was kept of the page."""
    if not is_played(capture, answer) or is_challenge(answer):
        return CopyVerdict.OTHER
    if subject.content_type and _is_page(subject.content_type) is not _is_page(answer.content_type):
        return CopyVerdict.OTHER
    if not answer.is_readable:
        return CopyVerdict.UNCLEAR
    page = read(answer.body, answer.content_type, capture.original)
    if _is_page(answer.content_type) and says_not_found(page, capture.original):
        return CopyVerdict.OTHER
    if subject.good is None or not (subject.good.sketch or subject.good.title):
        return CopyVerdict.UNCLEAR
    return CopyVerdict.SAME if is_alike(subject.good, page) else CopyVerdict.OTHER


def _is_page(content_type: str) -> bool:
    return "html" in content_type.lower()


@dataclass
class ArchiveVisit:
    """One request after the other. `ask`, `pause` and `clock` as of a sitting; `saver` where pages are to be kept."""

    ask: Ask
    pause: Callable[[float], object]
    clock: Callable[[], datetime]
    saver: Saver | None = None
    saves: int = 0

    def visit(self, subjects: Sequence[CopySubject]) -> CopyFindings:
        """Ask for copies of these, for an hour at most, and until the archive gives no answer."""
        findings: list[CopyFinding] = []
        end = self.clock() + _LONGEST_VISIT
        for subject in subjects:
            if self.clock() >= end or self.saves >= SAVES_OF_A_VISIT:
                break
            try:
                findings.append(self._find(subject))
            except ArchiveUnavailable as none:
                findings.append(CopyFinding(subject, self.clock(), is_answered=False))
                return CopyFindings(findings, self.clock() + none.rest)
        return CopyFindings(findings, self.clock())

    def _find(self, subject: CopySubject) -> CopyFinding:
        captures = captures_of(self._get(index_address(subject.address, subject.until)))
        if subject.until is None:
            newest = max(captures, key=lambda one: one.timestamp, default=None)
            if self.saver is not None and is_old(newest, self.clock()):
                return self._save(self.saver, subject, newest)
            return CopyFinding(subject, self.clock(), newest)
        for capture in captures_before(captures, subject.until)[:_TRIED]:
            answer = self._get(capture.bytes_address)
            require_answer(answer)
            verdict = verdict_on(capture, answer, subject)
            if verdict is not CopyVerdict.OTHER:
                return CopyFinding(subject, self.clock(), capture, verdict)
        return CopyFinding(subject, self.clock())

    def _save(self, saver: Saver, subject: CopySubject, newest: Capture | None) -> CopyFinding:
        self.saves += 1
        saved = saver.save(subject.address)
        is_answered = saved.capture is not None or saved.again is not None
        return CopyFinding(subject, self.clock(), saved.capture or newest, None, is_answered, saved.again)

    def _get(self, address: str) -> Answer:
        answer = self.ask(address, seconds=ANSWER_SECONDS)
        self.pause(_PAUSE)
        return answer
