"""What an address says by itself: whose name it has, whether it lasts, and what is behind a counter. No models."""

import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from publicsuffixlist import PublicSuffixList

# Endings of sounds and films.
MEDIA_ENDINGS = (".mp3", ".m4a", ".ogg", ".opus", ".wav", ".mp4", ".webm")

_LASTING = ("doi.org", "hdl.handle.net", "purl.org", "purl.fdlp.gov", "n2t.net", "w3id.org")
_PASSING = re.compile(r"(?:utm_\w+|fbclid|gclid|jsessionid|phpsessid|sid|session(?:id)?|cfid|cftoken)$", re.IGNORECASE)
_SIGNED = re.compile(r"(?:x-amz-\w+|signature|expires|token|policy|key-pair-id|se|sig)$", re.IGNORECASE)
_MATRIX = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#]*", re.IGNORECASE)
# A part of a path that was made for one visit: long, with letters and digits mixed.
_ONE_VISIT = re.compile(r"/(?=[^/]*\d)(?=[^/]*[a-f])[0-9a-f]{12,}(?:/|$)", re.IGNORECASE)
# A whole address within a path, or its host alone.
_WITHIN = re.compile(r"/(https?)(?::|%3a)(?:/|%2f){1,2}([^/].*)$", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
_SUFFIXES = PublicSuffixList()


def domain_of(address: str) -> str:
    """The name that somebody has registered: `example.gov` of `www.a.example.gov`."""
    host = urlsplit(address).hostname or ""
    return _SUFFIXES.privatesuffix(host) or host


def is_lasting(address: str) -> bool:
    """Whether it is meant to lead on, for as long as there is an Internet: a DOI, a handle, a PURL."""
    host = (urlsplit(address).hostname or "").removeprefix("www.").removeprefix("dx.")
    return host in _LASTING


def lasting_address(address: str) -> str:
    """The address without what was made for one visit; empty where nothing that lasts is left of it."""
    parts = urlsplit(address)
    query = parse_qsl(parts.query, keep_blank_values=True)
    if any(_SIGNED.match(name) for name, _value in query) or _ONE_VISIT.search(parts.path):
        return ""
    kept = [(name, value) for name, value in query if not _PASSING.match(name)]
    path = _MATRIX.sub("", parts.path)
    return urlunsplit((parts.scheme, parts.netloc, path, urlencode(kept) if kept != query else parts.query, ""))


def address_behind(address: str) -> str:
    """What a counter in front of a file leads to; empty where there is no counter.

    Podcasts put one or more before the address of a sound, as `https://counter.example/redirect.mp3/host.example/a.mp3`
    or with the whole address in the path. Only the first of them is taken off: the others may be of the publisher.
    """
    parts = urlsplit(address)
    query = f"?{parts.query}" if parts.query else ""
    if within := _WITHIN.search(parts.path):
        rest = unquote(within[2]) if "%2f" in within[0].lower() else within[2]
        return f"{within[1].lower()}://{rest}{query}" if _is_host(rest.partition("/")[0]) else ""
    segments = parts.path.split("/")
    for place, segment in enumerate(segments[:-1]):
        if _is_host(segment) and segments[place + 1]:
            return f"{parts.scheme}://{'/'.join(segments[place:])}{query}"
    return ""


def _is_host(text: str) -> bool:
    """Whether this part of a path is the name of a host: one under a suffix that exists, and not of a file."""
    is_file = text.lower().endswith(MEDIA_ENDINGS)
    return not is_file and bool(_HOST.fullmatch(text)) and bool(_SUFFIXES.privatesuffix(text.lower(), False))


def plain_address(address: str) -> str:
    """What two spellings of one address share: neither scheme nor `www`, case, index file nor slash at the end."""
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    path = re.sub(r"/(?:index|default)\.(?:html?|php|aspx?)$", "/", parts.path.lower()).rstrip("/")
    return f"{host}{path}?{parts.query}"
