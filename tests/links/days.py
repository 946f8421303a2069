"""Sixty days in the life of a link, without a wire: answers of a site by the day, and what is known after each look."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from library.links.client import Answer, Hop
from library.links.evidence import Evidence, LinkCondition, Sentence, advance, needs_proof, reader_sentence
from library.links.faults import WireFault
from library.links.reading import PageFingerprint
from library.links.signals import Context, Signal, signal_of

ADDRESS = "https://www.example.gov/wellness/guide"
PUBLISHER = "Office of Example Policing"
START = datetime(2026, 3, 2, 4, tzinfo=UTC)
DAY = timedelta(days=1)
TOPICS = ("sleep", "shift", "stress", "peer", "family", "training", "chief", "wellness", "fitness", "trauma")


_FRAMES = (
    "The {} of officer {} is for that unit, and you are with the {} team in year {}.",
    "This is what {} has to do with {}: from it the {} of every station can be seen in {}.",
    "In {} there are {} of those that ask for {} and of that number {} were at work with us.",
    "You can read of {} and the {} on this page, with all that {} says of the {} plans.",
)


def text(*topics: str, words: int = 400, seed: int = 0) -> str:
    """English of about so many words, about these things; in other sentences for another seed."""
    topics = topics or TOPICS
    frame = _FRAMES[seed % len(_FRAMES)]
    parts = (
        frame.format(
            topics[(number * 7 + seed) % len(topics)],
            number * 31 + seed,
            topics[(number * 3 + seed) % len(topics)],
            topics[number % len(topics)],
        )
        for number in range(words // 18)
    )
    return " ".join(parts)


def page(title: str = "Officer wellness guide", body: str = "", **more: object) -> Answer:
    """A page with a title and a text, at the address where it belongs; `more` is of the answer."""
    given: dict[str, object] = {
        "url": ADDRESS,
        "status": 200,
        "headers": {"content-type": "text/html; charset=utf-8"},
        "body": f"<title>{title}</title><h1>{title}</h1><p>{body or text()}</p><p>{PUBLISHER}</p>".encode(),
    }
    return Answer(**given | more)  # type: ignore[arg-type]


def status(number: int, body: str = "", **headers: str) -> Answer:
    return Answer(ADDRESS, number, headers={"content-type": "text/html", **headers}, body=body.encode())


def nothing(fault: WireFault) -> Answer:
    return Answer(ADDRESS, fault=fault)


def moved(answer: Answer, to: str, *statuses: int) -> Answer:
    """The answer at another address, after redirects with these statuses."""
    hops = [Hop(ADDRESS, number, to) for number in statuses or (301,)]
    return replace(answer, url=to, hops=tuple(hops))


GOOD = page()
FRONT = page("Example Policing", "Welcome to the office.", url="https://www.example.gov/")
NOT_FOUND = status(404, "<title>Not found</title>")
Site = Callable[[float], Answer]


def from_day(changes: Mapping[float, Answer]) -> Site:
    """A site that gives each of these answers from its day on, until the next one."""
    return lambda day: changes[max(start for start in changes if start <= day + 1e-9)]


@dataclass(frozen=True)
class Seen:
    """What is known after one look: `day` counts from the first look that was not the good one."""

    day: float
    signal: Signal
    evidence: Evidence

    @property
    def state(self) -> LinkCondition:
        return self.evidence.state

    @property
    def sentence(self) -> Sentence:
        return reader_sentence(self.evidence)


@dataclass(frozen=True)
class Place:
    """A link, and what is around it. `root`, `sibling`: what its site gives for its front page, and for nothing."""

    site: Site
    address: str = ADDRESS
    root: Answer = FRONT
    sibling: Answer = NOT_FOUND
    good: Answer | None = GOOD
    sharing: int = 0
    is_media: bool = False
    host_fails: bool = False


def looks(place: Place, days: float = 60) -> Iterator[Seen]:
    """Every look at a link that was good a week before, by the days after the first."""
    good: PageFingerprint | None = None
    kept = Context(publisher=PUBLISHER, sharing=place.sharing, is_media=place.is_media)
    evidence = Evidence()
    if place.good is not None:
        first = signal_of(place.address, place.good, kept)
        good = first.reading
        evidence = advance(evidence, first, START - 6 * DAY, period=6 * DAY, spread=0.5)
        kept = replace(
            kept,
            good=good,
            content_type=place.good.content_type,
            etag=place.good.headers.get("etag", ""),
        )
    now = START
    while now <= START + days * DAY:
        asked = replace(kept, root=place.root, sibling=place.sibling) if needs_proof(evidence, now) else kept
        day = (now - START) / DAY
        signal = signal_of(place.address, place.site(day), asked)
        evidence = advance(evidence, signal, now, period=6 * DAY, spread=0.5, host_fails=place.host_fails)
        yield Seen(day, signal, evidence)
        assert evidence.next_at is not None
        now = evidence.next_at


def first_day(seen: list[Seen], state: LinkCondition) -> float | None:
    """The day of the first look after which it is in this state."""
    return next((round(one.day, 2) for one in seen if one.state is state), None)
