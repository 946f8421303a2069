"""From an answer to a signal: what one look at an address says of it, beside what was there when it was good.

The order of the questions matters: a wall before the status, the status before the words, and those before a
comparison. What a signal comes to, over days, is for `evidence` to say. No models, no wire.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from .client import Answer
from .faults import OF_CERTIFICATES, WireFault
from .naming import address_behind, domain_of, is_lasting, lasting_address, plain_address
from .reading import PageFingerprint, PageReading, read, similarity, title_likeness
from .walls import SIGN_IN_PATHS, WALLED, is_challenge, names_region


class SignalKind(StrEnum):
    """What a look counts towards."""

    GOOD = "good"
    GONE = "gone"
    SOFT = "gone, with a status of 200"
    TROUBLE = "trouble"
    WALLED = "turned away"
    ELSEWHERE = "elsewhere"
    DIFFERENT = "different"


class Reason(StrEnum):
    """Why, for the desk and for readers. What went wrong on the wire is beside it, as a `WireFault`."""

    OK = "ok"
    TIDY = "the same address, written another way"
    HTTPS = "the same address, with https"
    PAYWALL = "most of the text is gone"
    NEW_EDITION = "another file"
    CERTIFICATE = "a faulty certificate"
    CHAIN = "an incomplete chain of certificates"
    NOT_FOUND = "not found"
    REMOVED = "removed"
    NO_SUCH_NAME = "no such name"
    NO_SUCH_SITE = "no such site"
    SAYS_NOT_FOUND = "says that it is not found"
    FRONT_PAGE = "leads to the front page"
    ONE_FOR_ALL = "one page for many addresses"
    NO_FILE = "a page in place of a file"
    EMPTY = "empty"
    NO_VIDEO = "the video was removed"
    SERVER_ERROR = "server error"
    ODD_STATUS = "a status that means nothing here"
    WIRE = "nothing came"
    BROKEN_OFF = "broken off"
    OTHER_SITE = "the host no longer knows the site"
    CHALLENGE = "a test for machines"
    REFUSED = "refused"
    RATE = "too many requests"
    NAME = "asks for a name and password"
    SIGN_IN = "now asks for a login"
    REGION = "not in this region"
    WHOLE_SITE = "the whole site turns us away"
    ROBOTS = "asks machines to keep out"
    MOVED = "moved"
    ANOTHER_DOCUMENT = "another document"
    TAKEN_OVER = "taken over"
    FOR_SALE = "for sale"
    ANOTHER_OWNER = "another owner"
    NEW_LINKS = "new links to what has nothing to do with it"
    JUMP = "a script that leads away"


@dataclass(frozen=True)
class Signal:
    """What one look says. `final`: where it ended; of a page, without what changes from look to look."""

    kind: SignalKind
    reason: Reason
    fault: WireFault | None = None
    status: int | None = None
    final: str = ""
    is_permanent: bool = False
    is_same: bool | None = None  # as what was there when it was good; None where nothing is known of that
    reading: PageReading | None = None  # of a page that may be kept as the good one

    @property
    def may_be_lost(self) -> bool:
        """Whether a page of which nothing is known yet says that something isn’t found."""
        return self.reading is not None and says_not_found(self.reading, self.final)

    @property
    def is_alarm(self) -> bool:
        """Whether readers are to be kept from it, once a second look says the same."""
        return self.kind is SignalKind.DIFFERENT and self.reason is not Reason.ANOTHER_DOCUMENT


@dataclass(frozen=True)
class Context:
    """What is known beside the answer.

    `good` is what the last good look left, `content_type` its own. `root` and `sibling` are answers of the site's front
    page and of an address that nobody has made, where they were asked: before a death is declared. `sharing` is how
    many other addresses of the host lead to the same page now. `is_media`: the address is that of a sound or a film.
    """

    good: PageFingerprint | None = None
    content_type: str = ""
    publisher: str = ""
    root: Answer | None = None
    sibling: Answer | None = None
    sharing: int = 0
    is_media: bool = False
    etag: str = ""


SOFT_WORDS = re.compile(
    r"\b(?:page|document|file|article|resource|content|site|episode)\b[^.!?]{0,30}\b"
    r"(?:not? (?:be )?(?:found|available)|no longer (?:exists?|available)|does(?: not|n[’']t) exist|"
    r"could(?: not|n[’']t) be found|(?:has been|was) removed)|"
    r"\b(?:404|410)\b[^.!?]{0,20}\b(?:error|not found)|\berror 404\b|\bnot found\b",
    re.IGNORECASE,
)
_SOFT_PATH = re.compile(r"/(?:404|error|errors|not-?found|notfound|page-?not-?found)(?:[./]|$)", re.IGNORECASE)
# A text with more words than these is about something: a changelog may well say that a page was removed.
SOFT_WITHIN = 500
_NO_SUCH_SITE = re.compile(
    r"There isn[’']t a GitHub Pages site here|<Code>NoSuchBucket</Code>|No such app|DEPLOYMENT_(?:DISABLED|NOT_FOUND)|"
    r"Site Not Found|Domain (?:is )?not configured|project not found",
    re.IGNORECASE,
)
_FOR_SALE = re.compile(
    r"\bdomain (?:name )?(?:is|may be) for sale|\bbuy this domain\b|\bthis domain (?:has|was) (?:expired|parked)|"
    r"\bdomain parking\b|\binquire about this domain\b",
    re.IGNORECASE,
)
_MARKETS = ("sedo.com", "sedoparking.com", "hugedomains.com", "dan.com", "afternic.com", "bodis.com", "parkingcrew.net")
# Names that nobody can buy: three families of signs, not two, before readers are kept from one.
_RESTRICTED = (".gov", ".mil", ".edu", ".police.uk")


def signal_of(address: str, answer: Answer, context: Context) -> Signal:
    """What this answer says of this address."""
    if answer.status is not None and is_challenge(answer):
        return _signal(SignalKind.WALLED, Reason.CHALLENGE, answer)
    if answer.status is None:
        return _without_answer(answer)
    if answer.status == 304:
        return _placed(address, answer, None, context)
    if not 200 <= answer.status < 300 and not 300 <= answer.status < 310:
        return _by_status(answer, context)
    if answer.fault is WireFault.OTHER_NAME:
        return _under_other_name(answer, context)
    return _by_content(address, answer, context)


def _signal(kind: SignalKind, reason: Reason, answer: Answer, **more: object) -> Signal:
    return Signal(kind, reason, answer.fault, answer.status, **{"final": answer.url} | more)  # type: ignore[arg-type]


def _without_answer(answer: Answer) -> Signal:
    if answer.fault is WireFault.NO_SUCH_NAME:
        return _signal(SignalKind.GONE, Reason.NO_SUCH_NAME, answer)
    return _signal(SignalKind.TROUBLE, Reason.WIRE, answer)


def _by_status(answer: Answer, context: Context) -> Signal:
    status = answer.status or 0
    if status in {404, 410}:
        if _NO_SUCH_SITE.search(answer.body.decode("latin-1")):
            return _signal(SignalKind.GONE, Reason.NO_SUCH_SITE, answer)
        if context.root is not None and _turns_away(context.root):
            return _signal(SignalKind.WALLED, Reason.WHOLE_SITE, answer)
        return _signal(SignalKind.GONE, Reason.REMOVED if status == 410 else Reason.NOT_FOUND, answer)
    if status in WALLED:
        reasons = {401: Reason.NAME, 429: Reason.RATE}
        return _signal(SignalKind.WALLED, reasons.get(status, Reason.REFUSED), answer)
    return _signal(SignalKind.TROUBLE, Reason.SERVER_ERROR if status >= 500 else Reason.ODD_STATUS, answer)


def _turns_away(root: Answer) -> bool:
    """Whether even the front page gives a machine no page: then its 404 elsewhere means nothing."""
    return root.status is not None and (is_challenge(root) or root.status in {404, 410, *WALLED})


def _under_other_name(answer: Answer, context: Context) -> Signal:
    """A certificate of another name: the page that was there, or what a host shows for any name it doesn’t know."""
    reading = read(answer.body, answer.content_type, answer.url, context.publisher)
    if context.good and similarity(reading, context.good) >= 0.5:
        return _signal(SignalKind.GOOD, Reason.CERTIFICATE, answer)
    return _signal(SignalKind.TROUBLE, Reason.OTHER_SITE, answer)


def _by_content(address: str, answer: Answer, context: Context) -> Signal:
    is_page = "html" in answer.content_type or (not answer.content_type and b"<" in answer.body[:200])
    if context.is_media and is_page:
        return _signal(SignalKind.SOFT, Reason.NO_FILE, answer)
    if not answer.is_whole and answer.fault is not None and len(answer.body) < 4096 and b"<title" not in answer.body:
        return _signal(SignalKind.TROUBLE, Reason.BROKEN_OFF, answer)
    if not answer.body and answer.is_readable and answer.status != 204 and not context.is_media:
        return _signal(SignalKind.SOFT, Reason.EMPTY, answer)
    if not is_page or not answer.is_readable:
        return _file(address, answer, context)
    reading = read(answer.body, answer.content_type, answer.url, context.publisher)
    return (
        _walled_page(answer, reading, context)
        or _not_found_page(address, answer, reading, context)
        or _page_of_others(address, answer, reading, context)
        or _front_page(address, answer, reading, context)
        or _good_page(address, answer, reading, context)
    )


def _file(address: str, answer: Answer, context: Context) -> Signal:
    reading = PageReading(size=_size(answer))
    is_new = bool(context.etag and context.good and answer.headers.get("etag", context.etag) != context.etag)
    if is_new and context.good and context.good.size != reading.size:
        return _signal(SignalKind.GOOD, Reason.NEW_EDITION, answer, reading=reading)
    return _placed(address, answer, reading, context)


def _size(answer: Answer) -> int:
    """The bytes of the whole file, also where only its first ones were asked for (RFC 9110, 14.4)."""
    part = re.fullmatch(r"bytes [0-9]+-[0-9]+/([0-9]{1,15})", answer.headers.get("content-range", ""))
    length = part[1] if part else answer.headers.get("content-length", "")
    return int(length) if re.fullmatch(r"[0-9]{1,15}", length) else len(answer.body)


def _walled_page(answer: Answer, reading: PageReading, context: Context) -> Signal | None:
    path = urlsplit(answer.url).path.lower()
    was_open = context.good is None or similarity(reading, context.good) < 0.5
    if reading.asks_password and answer.hops and was_open and path.startswith(SIGN_IN_PATHS):
        return _signal(SignalKind.WALLED, Reason.SIGN_IN, answer)
    is_short = context.good is None or reading.size < context.good.size / 5
    if names_region(reading.text) and is_short:
        return _signal(SignalKind.WALLED, Reason.REGION, answer)
    return None


def _not_found_page(address: str, answer: Answer, reading: PageReading, context: Context) -> Signal | None:
    """A page that is gone though its status says otherwise. Two signs that don’t depend on each other."""
    asked = urlsplit(address)
    if domain_of(address) == domain_of(answer.url) and (front_page := _front_page(address, answer, reading, context)):
        return front_page
    if answer.hops and context.sharing >= 2 and not _is_as_before(reading, context):
        return _signal(SignalKind.SOFT, Reason.ONE_FOR_ALL, answer)
    if asked.path.lower().endswith(".pdf") or "pdf" in context.content_type:
        return _signal(SignalKind.SOFT, Reason.NO_FILE, answer)
    if not asked.path.strip("/") or _is_as_before(reading, context):
        return None
    if says_not_found(reading, answer.url) and _is_proven(reading, context):
        return _signal(SignalKind.SOFT, Reason.SAYS_NOT_FOUND, answer)
    return None


def says_not_found(reading: PageReading, address: str) -> bool:
    """By its title, its heading, or all of a short text; or by where it is."""
    told = f"{reading.title} . {reading.heading} . {reading.text if reading.words < SOFT_WITHIN else ''}"
    return bool(SOFT_WORDS.search(told) or _SOFT_PATH.search(urlsplit(address).path))


def _front_page(address: str, answer: Answer, reading: PageReading, context: Context) -> Signal | None:
    """Where everybody is sent to a front page, this page is gone; that of another owner is looked at before."""
    final = urlsplit(answer.url)
    is_sent = bool(answer.hops and urlsplit(address).path.strip("/")) and not final.path.strip("/") and not final.query
    return (
        _signal(SignalKind.SOFT, Reason.FRONT_PAGE, answer) if is_sent and not _is_as_before(reading, context) else None
    )


def _is_as_before(reading: PageReading, context: Context) -> bool:
    good = context.good
    return good is not None and bool(good.title) and title_likeness(good.title, reading.title) >= 80


def _is_proven(reading: PageReading, context: Context) -> bool:
    """By what was there, or by what the site shows for an address that nobody has made; by neither: not yet."""
    if context.sibling is not None:
        sibling = context.sibling
        made_up = read(sibling.body, sibling.content_type, sibling.url)
        return sibling.status in {404, 410} or similarity(made_up, reading) >= 0.8 or made_up.title == reading.title
    return context.good is not None


def _page_of_others(address: str, answer: Answer, reading: PageReading, context: Context) -> Signal | None:
    """A page that isn’t what it was, by what it was; and a name that is for sale, by its own words."""
    host = urlsplit(answer.url).hostname or ""
    is_offer = _FOR_SALE.search(reading.text[:3000]) or host.endswith(_MARKETS) or host.startswith(("ww1.", "ww25."))
    if is_offer and not _is_as_before(reading, context):
        return _signal(SignalKind.DIFFERENT, Reason.FOR_SALE, answer)
    good = context.good
    if good is None:
        return None
    if reading.is_jump and not good.words < 20:
        return _signal(SignalKind.DIFFERENT, Reason.JUMP, answer)
    alike = similarity(reading, good)
    if alike >= 0.5:
        has_new = reading.spam_links >= good.spam_links + 2
        return _signal(SignalKind.DIFFERENT, Reason.NEW_LINKS, answer) if has_new else None
    is_elsewhere = domain_of(address) != domain_of(answer.url)
    families = _families(reading, good, alike)
    lost_publisher = good.names_publisher and not reading.names_publisher
    needed = 3 if host.endswith(_RESTRICTED) else 2
    if len(families) >= needed and ("spam" in families or "language" in families):
        return _signal(SignalKind.DIFFERENT, Reason.TAKEN_OVER, answer)
    if is_elsewhere and lost_publisher and alike < 0.1:
        return _signal(SignalKind.DIFFERENT, Reason.ANOTHER_OWNER, answer)
    if len(families) >= 3 and lost_publisher and not host.endswith(_RESTRICTED):
        return _signal(SignalKind.DIFFERENT, Reason.TAKEN_OVER, answer)
    if {"title", "words"} <= families and not is_elsewhere:
        return _signal(SignalKind.DIFFERENT, Reason.ANOTHER_DOCUMENT, answer, reading=reading)
    return None


def _families(reading: PageReading, good: PageFingerprint, alike: float) -> set[str]:
    """In what a page is another one: its title, its words, its publisher’s name, its language, or spam."""
    signs = {
        "title": bool(good.title) and title_likeness(good.title, reading.title) < 40,
        "words": good.words >= 20 and reading.words >= 20 and alike < 0.1,
        "publisher": good.names_publisher and not reading.names_publisher,
        "language": bool(good.language and reading.language) and good.language != reading.language,
        "spam": reading.spam_words + reading.spam_links >= 3 + 2 * (good.spam_words + good.spam_links),
    }
    return {name for name, is_so in signs.items() if is_so}


def _good_page(address: str, answer: Answer, reading: PageReading, context: Context) -> Signal:
    good = context.good
    if good and good.words >= 100 and reading.words < good.words / 5 and _is_as_before(reading, context):
        return _signal(SignalKind.GOOD, Reason.PAYWALL, answer, is_same=True)
    return _placed(address, answer, reading, context)


def _placed(address: str, answer: Answer, reading: PageReading | None, context: Context) -> Signal:
    """Good, at this address or at another one; a way that leads elsewhere each time is none that can be proposed.

    Without a `reading` the site has said that its page is the one we know.
    """
    kind, reason, final = SignalKind.GOOD, Reason.OK, answer.url
    if answer.fault in OF_CERTIFICATES:
        reason = Reason.CERTIFICATE
    elif answer.fault is WireFault.CHAIN:
        reason = Reason.CHAIN
    elif _leads_on(address, answer, context) and (lasting := lasting_address(answer.url)) not in {"", address}:
        final = lasting
        kind, reason = SignalKind.ELSEWHERE, Reason.MOVED
        if plain_address(final) == plain_address(address):
            is_secure = address.startswith("http://") and final.startswith("https://")
            kind, reason = SignalKind.GOOD, Reason.HTTPS if is_secure else Reason.TIDY
    is_same = _is_same(reading, context)
    return _signal(
        kind, reason, answer, final=final, is_permanent=_is_permanent(answer), is_same=is_same, reading=reading
    )


def _leads_on(address: str, answer: Answer, context: Context) -> bool:
    """Whether it leads elsewhere, and isn’t meant to: sounds come from another server each time, behind counters."""
    if not answer.hops or is_lasting(address):
        return False
    return not context.is_media or (_is_permanent(answer) and not address_behind(address))


def _is_permanent(answer: Answer) -> bool:
    return all(hop.status in {301, 308} for hop in answer.hops)


def _is_same(reading: PageReading | None, context: Context) -> bool | None:
    if reading is None:
        return True
    if context.good is None:
        return None
    if not context.good.words:  # a file: its size is all that is known
        return not reading.words
    return similarity(reading, context.good) >= 0.5 or _is_as_before(reading, context)
