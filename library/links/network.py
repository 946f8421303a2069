"""Whether what fails is ours: a cut line, a resolver that is away, something that puts its own certificates in between.

Our own outage looks like everybody’s death. Where hosts that were fine fail one after the other, hosts that are known
to be steady are asked; when they fail too, nothing that was seen in that time counts.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from .client import Answer
from .faults import WireFault

SICK_WINDOW = timedelta(minutes=10)
_SHARE, _HOSTS, _IN_A_ROW, _CANARIES = 0.3, 8, 3, 3
# What can be ours. A status is an answer, and so is a name server’s word that there is no such name.
_OURS = {
    WireFault.NO_RESOLVER,
    WireFault.TIMEOUT,
    WireFault.UNREACHABLE,
    WireFault.RESET,
    WireFault.REFUSED,
    WireFault.TLS,
    WireFault.ISSUER,
    WireFault.EXPIRED,
    WireFault.OTHER_NAME,
    WireFault.NO_SUCH_NAME,
    WireFault.PRIVATE,
}


@dataclass(frozen=True)
class HostResult:
    """How one look at a host has ended. `was_good`: the one before had found its page. `portal`: where it sent us."""

    at: datetime
    host: str
    has_failed: bool
    was_good: bool = True
    portal: str = ""


def may_be_ours(fault: WireFault | None) -> bool:
    return fault in _OURS


@dataclass
class NetworkWatch:
    """The last ten minutes. `canaries` are addresses of hosts that work, the latest seen first."""

    ask: Callable[[str], Answer]
    canaries: Callable[[], Iterable[str]]
    results: deque[HostResult] = field(default_factory=deque)
    voids: int = 0

    def add(self, result: HostResult) -> None:
        self.results.append(result)
        while self.results and result.at - self.results[0].at > SICK_WINDOW:
            self.results.popleft()

    def is_sick(self) -> bool:
        """Whether our network is at fault. Asks three hosts that work, where that may be so, and nobody otherwise."""
        return self._has_portal() or (self._is_suspicious() and not self._reaches_anyone())

    def rest(self) -> timedelta:
        """How long to wait before the next try: an hour, then two, four, up to a day."""
        self.voids += 1
        self.results.clear()
        return min(timedelta(hours=2 ** (self.voids - 1)), timedelta(hours=24))

    def is_well(self) -> None:
        self.voids = 0

    def _is_suspicious(self) -> bool:
        """Nobody has answered lately; or of many hosts that were fine, a third is not."""
        latest = {result.host: result for result in self.results if result.was_good}
        failed = [result for result in latest.values() if result.has_failed]
        is_many = len(latest) >= _HOSTS and len(failed) >= _SHARE * len(latest)
        return is_many or all(result.has_failed for result in self.results)

    def _reaches_anyone(self) -> bool:
        failed = {result.host for result in self.results if result.has_failed}
        others = [address for address in self.canaries() if plain_host(address) not in failed][:_CANARIES]
        if not others:  # a library of one or two hosts, or a first run
            return len(failed) < _IN_A_ROW
        answers = map(self.ask, others)
        return any(answer.status is not None and not may_be_ours(answer.fault) for answer in answers)

    def _has_portal(self) -> bool:
        """Three hosts that all lead to one and the same other name: the page of a hotel, or of a guest network."""
        hosts: dict[str, set[str]] = {}
        for result in self.results:
            if result.portal:
                hosts.setdefault(result.portal, set()).add(result.host)
        return any(len(group) >= _IN_A_ROW for group in hosts.values())


def plain_host(address: str) -> str:
    """The host by which a link is known: without `www.`."""
    return (urlsplit(address).hostname or "").removeprefix("www.")
