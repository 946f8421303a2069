"""A podcast's feed to its episodes: RSS or Atom, bytes in, plain words out. No models.

`feedparser` reads it, in a process of its own (`feed_process`) with a limit of time, unless it has too much in it. What
comes of it is made inert: texts without markup, addresses of the web alone.
"""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path
from typing import Any

from django.utils.translation import gettext

from .markup import one_line, plain_text, text_of
from .web_pages import NAME_LIMIT, SUMMARY_LIMIT, TITLE_LIMIT, address_in

# Of processor time, and until it is ended even when the machine has much else to do: 3 MB take less than two.
CPU_SECONDS, SECONDS = 4, 7.5
# A podcast of 3,000 episodes has 42,000 of one and 34,000 of the other.
MARKUP_LIMIT, REFERENCE_LIMIT = 100_000, 200_000
_PROCESS = Path(__file__).with_name("feed_process.py")

FEED_LIMIT = 3_000_000  # bytes
EPISODE_LIMIT = 1000
GUID_LIMIT = 500  # characters, as many as `FeedEpisode` keeps
MINUTES_LIMIT = 6000
BYTES_LIMIT = 10**12

_SOUNDS = (".mp3", ".m4a", ".ogg", ".opus", ".aac", ".wav", ".flac")
_CLOCK = re.compile(r"(?:(?:([0-9]{1,7}):)?([0-9]{1,7}):)?([0-9]{1,7})(?:\.[0-9]{1,9})?")
_IN_WORDS = re.compile(r"([0-9]{1,5}) ?min(?:utes?|s)?\.?", re.IGNORECASE)
_ENDS = re.compile(r"</(?:[\w-]+:)?(?:item|entry)\s*>")


class UnreadableFeed(Exception):
    """Why nothing can be made of it, in words for people."""


@dataclass(frozen=True)
class Episode:
    """One episode as its feed tells it. `guid` is never empty; `url` and `audio_url` are, where there is none."""

    guid: str
    title: str
    url: str = ""
    summary: str = ""
    published_on: date | None = None
    audio_url: str = ""
    audio_bytes: int | None = None
    running_minutes: int | None = None


@dataclass(frozen=True)
class Feed:
    """A podcast and its episodes, the newest first; `episode_count` is how many the feed has, also beyond the limit.

    Not among these are `repeated` ones, and `nameless` ones that have no title, or nothing to know them by.
    """

    title: str
    description: str
    publisher: str
    language: str
    episodes: tuple[Episode, ...]
    episode_count: int
    repeated: int = 0
    nameless: int = 0


def is_feed(body: bytes) -> bool:
    return re.search(rb"<(?:rss|feed|rdf:RDF)[\s>]", body[:3000]) is not None


def read_feed(body: bytes, content_type: str = "", *, is_cut: bool = False) -> Feed:
    """The episodes of a feed; of one that `is_cut`, those that are whole. Raises UnreadableFeed."""
    text = text_of(body[:FEED_LIMIT], content_type)
    if b"<opml" in body[:3000].lower():
        raise UnreadableFeed(_list_of_feeds(text))
    if not is_feed(body) and not is_feed(text[:3000].encode(errors="replace")):
        raise UnreadableFeed(
            gettext("That isn’t a podcast feed. A feed’s address often ends in .xml or .rss, or says “feed”.")
        )
    if is_cut:
        text = _whole_episodes(text)
    if text.count("<") > MARKUP_LIMIT or text.count("&") > REFERENCE_LIMIT:
        raise UnreadableFeed(
            gettext(
                "This feed has far more in it than a podcast’s, so it wasn’t read. Check that its address is right."
            )
        )
    parsed = _parsed(_without_declaration(text))
    podcast, entries = parsed["feed"], parsed["entries"]
    read = [episode for entry in entries if (episode := _episode(entry, _string(podcast, "link")))]
    episodes = _once(read)
    return Feed(
        title=plain_text(_string(podcast, "title"), TITLE_LIMIT),
        description=plain_text(_string(podcast, "subtitle") or _string(podcast, "summary"), SUMMARY_LIMIT),
        publisher=plain_text(_string(podcast, "author") or _string(podcast, "publisher"), NAME_LIMIT),
        language=one_line(_string(podcast, "language"), 20),
        episodes=tuple(episodes[:EPISODE_LIMIT]),
        episode_count=len(episodes),
        repeated=len(read) - len(episodes),
        nameless=len(entries) - len(read),
    )


def _list_of_feeds(opml: str) -> str:
    """Why it's no feed, and the first of the feeds that it names."""
    named = re.findall(r"""\bxmlUrl\s*=\s*["']([^"'<>]{1,500})["']""", opml)
    addresses = [address for name in named[:5] if (address := address_in("", unescape(name)))]
    text = gettext("That’s a list of feeds (OPML), not a feed. Import them one at a time. %s")
    return (text % " ".join(addresses)).strip()


def _without_declaration(text: str) -> str:
    """Without what says another encoding than the one in which it is handed on, and without a document type."""
    text = re.sub(r"\A\s*<\?xml[^>]{0,200}\?>\s*", "", text.lstrip("\ufeff"))
    text = re.sub(r"\A<!DOCTYPE[^<>\[]*>", "", text)
    return re.sub(r"<!(?=DOCTYPE|ENTITY)", "", text, flags=re.IGNORECASE)


def _whole_episodes(text: str) -> str:
    ends = [match.end() for match in _ENDS.finditer(text)]
    if not ends:
        return text
    root = "</feed>" if "<feed" in text[:3000] else "</channel></rss>"
    return text[: ends[-1]] + root


def _parsed(text: str) -> dict[str, Any]:
    """What `feedparser` makes of it. Raises UnreadableFeed where that takes too long or too much."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", _PROCESS, str(CPU_SECONDS)],
            input=text.encode(errors="replace"),
            capture_output=True,
            timeout=SECONDS,
            check=True,
            env={},
        )
        parsed: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        message = gettext(
            "This feed took too long or too much memory to read, so we stopped. Check that its address is right."
        )
        raise UnreadableFeed(message) from error
    return parsed


def _once(read: list[Episode]) -> list[Episode]:
    """Each episode once, newest first; those without a date come last."""
    addresses: dict[str, int] = {}
    for episode in read:
        addresses[episode.url] = addresses.get(episode.url, 0) + 1
    once: dict[str, Episode] = {}
    for episode in read:
        # An address of several is that of the podcast, and no episode's own.
        shared = bool(episode.url) and addresses[episode.url] > 1
        own = Episode(**vars(episode) | {"url": ""}) if shared else episode
        once.setdefault(own.guid, own)
    return sorted(once.values(), key=lambda episode: episode.published_on or date.min, reverse=True)


def _episode(entry: Any, link: str) -> Episode | None:
    """An entry that can be told from others and heard or read; None for any other. `link` is the podcast's page."""
    base = address_in(link, _string(entry, "base")) or link
    sound: Any = next((link for link in entry.get("enclosures", [])[:20] if _is_sound(link)), {})
    audio = address_in(base, _string(sound, "href").strip().replace(" ", "%20"))
    url = address_in(base, _string(entry, "link"))
    guid = one_line(_string(entry, "id"), GUID_LIMIT) or url or audio
    title = plain_text(_string(entry, "title") or _string(entry, "itunes_title"), TITLE_LIMIT)
    if not guid or not title:
        return None
    return Episode(
        guid=guid[:GUID_LIMIT],
        title=title,
        url=url,
        summary=plain_text(_string(entry, "summary") or _string(entry, "subtitle"), SUMMARY_LIMIT),
        published_on=_day(entry),
        audio_url=audio,
        audio_bytes=_number(_string(sound, "length"), BYTES_LIMIT) if audio else None,
        running_minutes=_minutes(_string(entry, "itunes_duration")),
    )


def _is_sound(link: Any) -> bool:
    """Feeds call sound “audio/mpeg”, “x-audio/mp3”, “mp3”, or nothing that says so."""
    kind, path = _string(link, "type").lower(), _string(link, "href").lower().partition("?")[0].strip()
    return "audio" in kind or "mp3" in kind or path.endswith(_SOUNDS)


def _string(values: Any, name: str) -> str:
    value = values.get(name, "")
    return value if isinstance(value, str) else ""


def _day(entry: Any) -> date | None:
    """The day on which it came out, where it came out: not that of Greenwich."""
    text = _string(entry, "published").strip()[:100]
    if re.search(r"[A-Za-z]{3} 00[0-9]{2}\b", text):
        return None  # read as one of this century
    try:
        day: date | None = parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        parts = entry["day"]
        written = re.match(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])", text)
        try:
            day = date(*map(int, written.groups())) if written else date(*parts) if parts else None
        except (ValueError, TypeError):
            return None
    return day if day and 1800 <= day.year <= 2100 else None


def _number(text: str, most: int) -> int | None:
    text = text.strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else 0
    return number if 0 < number <= most else None


def _minutes(text: str) -> int | None:
    """`1:02:03`, `62:03`, seconds, or `62 min` as whole minutes, a begun one counted; parts of a second are not."""
    if words := _IN_WORDS.fullmatch(text.strip()):
        return _number(words[1], MINUTES_LIMIT)
    parts = _CLOCK.fullmatch(text.strip())
    if parts is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in parts.groups())
    return _number(str(-(-((hours * 60 + minutes) * 60 + seconds) // 60)), MINUTES_LIMIT)
