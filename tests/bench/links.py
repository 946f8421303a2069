"""`make bench-links`: a made-up Internet for sixty days, and how often the link checker is right about it.

3,000 links on 900 hosts, in roles that are more frequent than in life; three outages of our own. Played at the pace of
a large library, and at that of a small one. What is true of each
link at each hour, the world knows and the checker doesn't. Signals come from answers as in the product, once for each
pair of answer and page; days, states and the watch over our own network are the product's own.
"""

import heapq
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random

from library.links.client import Answer
from library.links.evidence import PERIOD, SHORT_PERIOD, Evidence, LinkCondition, advance, needs_proof
from library.links.faults import WireFault
from library.links.network import SICK_WINDOW, HostResult, NetworkWatch, may_be_ours
from library.links.signals import Context, Signal, SignalKind, signal_of
from tests.links.days import ADDRESS, FRONT, GOOD, NOT_FOUND, PUBLISHER, moved, nothing, page, status
from tests.links.test_changed_links import BUSINESS, CASINO
from tests.links.test_good_links import WALLS

START = datetime(2026, 3, 2, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
DAYS = 60
# The world's answers by name, so that a signal is made once for each.
ANSWERS: dict[str, Answer] = {
    "good": GOOD,
    "404": NOT_FOUND,
    "410": status(410),
    "no name": nothing(WireFault.NO_SUCH_NAME),
    "503": status(503),
    "timeout": nothing(WireFault.TIMEOUT),
    "refused": nothing(WireFault.REFUSED),
    "soft": page("Page not found", "We could not find it."),
    "front": moved(FRONT, "https://www.example.gov/"),
    "empty": status(200),
    "casino": CASINO,
    "for sale": page("example.org", "This domain is for sale. Buy this domain."),
    "owner": moved(BUSINESS, "https://bakery.example.com/"),
    "moved": moved(GOOD, "https://www.example.gov/new/guide"),
    "moved for now": moved(GOOD, "https://www.example.gov/new/guide", 302),
    "moved elsewhere": moved(GOOD, "https://www.example.gov/other/guide", 302),
    "session": moved(GOOD, "https://www.example.gov/session/9f3a1b2c3d4e5f60/guide", 302),
    "sign in": moved(page("Sign in", '<input type="password">'), "https://www.example.gov/login?next=/guide", 302),
    "expired": replace(GOOD, fault=WireFault.EXPIRED),
    "redesign": page(body="The new roster is for every station that you work with, and it is from this year. " * 30),
    "no resolver": nothing(WireFault.NO_RESOLVER),
    "unreachable": nothing(WireFault.UNREACHABLE),
    "proxy": replace(page("Blocked", "Our network."), fault=WireFault.ISSUER),
    **WALLS,
}
SHARES = {
    "steady": 52,
    "flapping": 10,
    "walled": 8,
    "walled later": 3,
    "gone": 6,
    "no name": 2,
    "taken over": 1,
    "soft": 3,
    "errors": 2,
    "outage": 4,
    "moved": 4,
    "leads on": 2,
    "certificate": 1,
    "redesign": 2,
}
OURS = ((11.0, 11.25, "unreachable"), (27.4, 27.525, "no resolver"), (44.0, 45.0, "proxy"))


@cache
def signal(name: str, is_proven: bool, is_wall: bool) -> Signal:
    good = signal_of(ADDRESS, GOOD, Context(publisher=PUBLISHER)).reading
    root = ANSWERS[name] if is_wall else FRONT
    proof = {"root": root, "sibling": NOT_FOUND if name != "soft" else ANSWERS[name]} if is_proven else {}
    return signal_of(ADDRESS, ANSWERS[name], Context(good, "text/html", PUBLISHER, **proof))  # type: ignore[arg-type]


@dataclass
class Life:
    """A link: what it answers by the day, whether a person gets the thing then, and what is known of it."""

    host: str
    role: str
    answer: Callable[[float], str]
    is_there: Callable[[float], bool]
    event: float = 0.0  # the day on which it died, or was taken over
    evidence: Evidence = field(default_factory=Evidence)
    is_withheld: bool = False  # readers were kept from it, since it was taken over


def life(rng: Random, host: str, role: str) -> Life:
    day = rng.uniform(2, DAYS - 30)
    always: Callable[[float], bool] = lambda _day: True  # noqa: E731
    until: Callable[[float], bool] = lambda now: now < day  # noqa: E731
    match role:
        case "flapping":
            share, bad = rng.uniform(0.01, 0.1), rng.choice(["503", "timeout"])
            return Life(host, role, lambda _day: bad if rng.random() < share else "good", always)
        case "walled" | "walled later":
            wall, start = rng.choice([*WALLS, "404"]), 0.0 if role == "walled" else day
            return Life(host, role, lambda now: wall if now >= start else "good", always, start)
        case "gone":
            gone = rng.choice(["404", "404", "410"])
            return Life(host, role, lambda now: gone if now >= day else "good", until, day)
        case "no name":
            again = day + rng.uniform(20, 40)
            new = rng.choice(["casino", "for sale", "owner", "no name", "no name", "no name"])
            return Life(host, role, lambda now: "good" if now < day else "no name" if now < again else new, until, day)
        case "taken over":
            new = rng.choice(["casino", "for sale", "owner"])
            return Life(host, role, lambda now: new if now >= day else "good", until, day)
        case "soft":
            soft = rng.choice(["soft", "front", "empty"])
            return Life(host, role, lambda now: soft if now >= day else "good", until, day)
        case "errors":
            bad = rng.choice(["503", "refused"])
            return Life(host, role, lambda now: bad if now >= day else "good", until, day)
        case "outage":
            end = day + min(rng.lognormvariate(-1.2, 1.6), 12)
            bad = rng.choice(["503", "timeout", "refused", "503", "404"])
            inside: Callable[[float], bool] = lambda now: day <= now < end  # noqa: E731
            return Life(host, role, lambda now: bad if inside(now) else "good", lambda now: not inside(now), day)
        case "moved":
            way = rng.choice(["moved", "moved for now"])
            return Life(host, role, lambda now: way if now >= day else "good", always, day)
        case "leads on":  # somewhere that nobody should put into an entry
            ways = rng.choice([["session"], ["sign in"], ["front"], ["moved for now", "moved elsewhere"]])
            still: Callable[[float], bool] = until if "front" in ways else always
            return Life(host, role, lambda now: rng.choice(ways) if now >= day else "good", still, day)
        case "certificate":
            return Life(host, role, lambda now: "expired" if day <= now < day + 9 else "good", always, day)
        case "redesign":
            return Life(host, role, lambda now: "redesign" if now >= day else "good", always, day)
        case _:
            return Life(host, role, lambda _day: "good", always)


def world(rng: Random, links: int) -> list[Life]:
    """One host of two in fifteen of the links, some of twenty, and most of one."""
    hosts = [f"host{number}.example" for number in range(max(links * 3 // 10, 1))]
    weights = [1 / (place + 1) for place in range(len(hosts))]
    roles = rng.choices([*SHARES], [*SHARES.values()], k=links)
    return [life(rng, rng.choices(hosts, weights)[0], role) for role in roles]


@dataclass
class Score:
    """What came of one world."""

    looks: int = 0
    requests: int = 0  # looks with their redirects, robots.txt, and what is asked before a death
    voids: int = 0
    dead: int = 0
    wrong: list[str] = field(default_factory=list)
    alarms: int = 0
    false_alarms: list[str] = field(default_factory=list)
    rows: list[float] = field(default_factory=list)  # days from a death by 404 to the desk
    words: list[float] = field(default_factory=list)  # and to readers
    taken_over: int = 0
    withheld: list[float] = field(default_factory=list)  # days until readers were kept from it
    moved: int = 0  # and have been for three weeks
    proposed: list[str] = field(default_factory=list)  # the roles of links for which a new address was proposed
    again: int = 0  # gone, and then somebody else’s
    linked: int = 0  # of these, as good as before


def play(seed: int, links: int, period: timedelta = PERIOD) -> Score:
    rng, score = Random(seed), Score()
    lives = world(rng, links)
    visits: dict[
        str, tuple[datetime, float]
    ] = {}  # by host, when its robots.txt was read, and the spread of that visit
    now = START

    def at(one: Life, when: datetime) -> str:
        day = (when - START) / DAY
        ours = next((fault for start, end, fault in OURS if start <= day < end), "")
        return ours or one.answer(day)

    watch = NetworkWatch(
        lambda address: ANSWERS[at(next(one for one in lives if one.host in address), now)],
        lambda: [f"https://{one.host}/" for one in lives if one.role == "steady"][:3],
    )
    start = {one.host: START + rng.random() * period for one in lives}
    queue = [(start[one.host], number) for number, one in enumerate(lives)]
    heapq.heapify(queue)
    free = START
    recent: deque[tuple[datetime, int, Evidence]] = deque()
    due_at = {number: due for due, number in queue}
    while queue and queue[0][0] <= START + DAYS * DAY:
        due, number = heapq.heappop(queue)
        if due != due_at[number]:  # its last look was taken back
            continue
        now = max(due, free)
        one = lives[number]
        name = at(one, now)
        is_proven = needs_proof(one.evidence, now)
        said = signal(name, is_proven, one.role.startswith("walled"))
        is_visit = one.host not in visits or now - visits[one.host][0] >= DAY
        if is_visit:
            visits[one.host] = now, rng.random()
        after = advance(one.evidence, said, now, period=period, spread=visits[one.host][1])
        was_good = one.evidence.last_good is not None and one.evidence.failing_since is None
        watch.add(HostResult(now, one.host, may_be_ours(said.fault), was_good))
        score.looks += 1
        proofs = 2 * (is_proven and said.kind in {SignalKind.GONE, SignalKind.SOFT})
        score.requests += 1 + len(ANSWERS[name].hops) + proofs + is_visit
        if may_be_ours(said.fault) and watch.is_sick():
            score.voids += 1
            free = now + watch.rest()
            for _at, other, known in reversed(recent):
                lives[other].evidence = known
            for again in {number, *(other for _at, other, _known in recent)}:
                due_at[again] = free
                heapq.heappush(queue, (free, again))
            recent.clear()
            continue
        if said.kind is SignalKind.GOOD:
            watch.is_well()
        recent.append((now, number, one.evidence))
        while now - recent[0][0] > SICK_WINDOW:
            recent.popleft()
        _judge(one, after, now, score)
        one.evidence = after
        due_at[number] = after.next_at or now + DAY
        heapq.heappush(queue, (due_at[number], number))
    for one in lives:
        score.taken_over += one.role == "taken over"
        score.moved += one.role == "moved" and one.event < DAYS - 21
        if one.role == "no name" and one.answer(DAYS) != "no name":
            score.again += 1
            score.linked += one.evidence.state in {LinkCondition.ALIVE, LinkCondition.MOVED}
    return score


def _judge(one: Life, after: Evidence, now: datetime, score: Score) -> None:
    day, before = (now - START) / DAY, one.evidence.state
    if after.state is before:
        return
    if after.state is LinkCondition.UNSURE and one.role == "gone":
        score.rows.append(day - one.event)
    if after.state is LinkCondition.DEAD:
        score.dead += 1
        if any(one.is_there(day - hours / 24) for hours in range(25)):
            score.wrong.append(one.role)
        elif one.role == "gone":
            score.words.append(day - one.event)
    if after.state is LinkCondition.MOVED:
        score.proposed.append(one.role)
    if after.state is LinkCondition.CHANGED:
        score.alarms += 1
        if one.is_there(day):
            score.false_alarms.append(one.role)
        elif one.role == "taken over" and not one.is_withheld:
            one.is_withheld = True
            score.withheld.append(day - one.event)


def report(scores: list[Score], links: int) -> Iterator[str]:
    total = Score(
        looks=sum(score.looks for score in scores),
        requests=sum(score.requests for score in scores),
        dead=sum(score.dead for score in scores),
        wrong=[role for score in scores for role in score.wrong],
        false_alarms=[role for score in scores for role in score.false_alarms],
        rows=sorted(day for score in scores for day in score.rows),
        words=sorted(day for score in scores for day in score.words),
        taken_over=sum(score.taken_over for score in scores),
        withheld=[days for score in scores for days in score.withheld],
        moved=sum(score.moved for score in scores),
        proposed=[role for score in scores for role in score.proposed],
        again=sum(score.again for score in scores),
        linked=sum(score.linked for score in scores),
    )
    weeks = DAYS / 7 * links * len(scores)
    yield f"Worlds: {len(scores)} of {links} links, {DAYS} days, three outages of our own each"
    yield f"Said to be gone: {total.dead}; wrongly: {len(total.wrong)} {dict(Counter(total.wrong))} (goal: 1 in 500)"
    yield f"404 to the desk: median {_median(total.rows):.1f} days, longest {max(total.rows):.1f} (goal: 5, 9)"
    words = total.words
    yield f"404 to readers: median {_median(words):.1f} days, longest {max(words):.1f} (goal: 10, 14; if small, 10)"
    yield f"Of {len(words)}, later than 10 days: {sum(day > 10 for day in words)}, 14: {sum(day > 14 for day in words)}"
    in_time = sum(days <= 7 + 1 / 24 for days in total.withheld)
    yield f"Taken over: {total.taken_over}; readers kept from it within 7 days and an hour: {in_time} (goal: 95 %)"
    yield f"Gone, and then somebody else's: {total.again}; called alive again: {total.linked} (goal: none)"
    yield f"False alarms: {len(total.false_alarms)} {dict(Counter(total.false_alarms))} (goal: 1 in 1,000 link-years)"
    right = total.proposed.count("moved")
    yield f"Moved: {total.moved}; new addresses proposed: {len(total.proposed)}, rightly: {right} (goal: 98 %)"
    yield f"Looks per link and week: {total.looks / weeks:.2f} (goal: 1.15)"
    yield f"Requests per link and week: {total.requests / weeks:.2f} (goal: 1.5)"
    yield f"Runs voided: {sum(score.voids for score in scores)}"


def _median(days: list[float]) -> float:
    return days[len(days) // 2]


if __name__ == "__main__":
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    for name, period in (("A large library", PERIOD), ("A small library", SHORT_PERIOD)):
        print(f"{name}: a look every {period / DAY:.1f} days")
        for line in report([play(seed, 3000, period) for seed in range(seeds)], 3000):
            print(line)
