"""Videos: their pages answer 200 long after they were removed, so their providers’ oEmbed is asked instead. No models.

oEmbed refuses some videos that play (embedding is off); then the picture of the video says whether it is there.
Sources: oembed.com, section 2; how other checkers were wrong about both.
"""

import json
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urlsplit

from .client import Answer
from .reading import PageReading
from .signals import Reason, Signal, SignalKind

_YOUTUBE_ID = re.compile(r"[\w-]{6,20}", re.ASCII)
_YOUTUBE_PATH = re.compile(r"/(?:shorts|live|embed)/([\w-]{6,20})", re.ASCII)
_VIMEO_PATH = re.compile(r"/(?:video/)?[0-9]{5,12}(?:/[0-9a-f]{6,12})?", re.ASCII)
_YOUTUBE, _VIMEO = {"youtube.com", "m.youtube.com", "youtu.be"}, {"vimeo.com", "player.vimeo.com"}
_MISSING = {400, 404, 410}
_REFUSED = {401, 403}


@dataclass(frozen=True)
class Video:
    """Where to ask for a video; `picture` is empty where its provider shows none by its id."""

    oembed: str
    picture: str = ""


def video_at(address: str) -> Video | None:
    """What to ask instead of this address; None for any other page."""
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    if host in _YOUTUBE and (name := _youtube_id(host, parts.path, parts.query)):
        watch = quote(f"https://www.youtube.com/watch?v={name}", safe="")
        oembed = f"https://www.youtube.com/oembed?format=json&url={watch}"
        return Video(oembed, f"https://img.youtube.com/vi/{name}/0.jpg")
    if host in _VIMEO and _VIMEO_PATH.fullmatch(parts.path.rstrip("/")):
        return Video(f"https://vimeo.com/api/oembed.json?url={quote(address, safe='')}")
    return None


def _youtube_id(host: str, path: str, query: str) -> str:
    if host == "youtu.be":
        name = path.strip("/")
    elif path == "/watch":
        name = next(iter(parse_qs(query).get("v", [])), "")
    else:
        found = _YOUTUBE_PATH.match(path)
        name = found[1] if found else ""
    return name if _YOUTUBE_ID.fullmatch(name) else ""


def needs_picture(answer: Answer) -> bool:
    """Whether what oEmbed has said is not enough."""
    return answer.status in _MISSING | _REFUSED


def video_signal(answer: Answer, picture: Answer | None) -> Signal | None:
    """What oEmbed, and the picture where it was asked for, say; None where the answer is as that of any page."""
    if answer.status in _MISSING | _REFUSED:
        if picture is not None and picture.status == 200:
            return Signal(SignalKind.GOOD, Reason.OK, status=200, is_same=True)
        if answer.status in _MISSING and (picture is None or picture.status in _MISSING):
            return Signal(SignalKind.GONE, Reason.NO_VIDEO, status=answer.status)
        return Signal(SignalKind.WALLED, Reason.REFUSED, status=answer.status)
    if answer.status != 200:
        return None
    title = _title(answer.body)
    if title is None:
        return Signal(SignalKind.WALLED, Reason.REFUSED, status=200)
    return Signal(SignalKind.GOOD, Reason.OK, status=200, is_same=True, reading=PageReading(title=title))


def _title(body: bytes) -> str | None:
    """None where this is no answer of oEmbed, but a text that says “Forbidden”."""
    try:
        values = json.loads(body)
    except (ValueError, RecursionError):
        return None
    title = values.get("title") if isinstance(values, dict) else None
    return title[:300] if isinstance(title, str) else None
