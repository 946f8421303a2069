"""A roll-call pack as one object: chosen entries in an order of somebody's own, kept in the address alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import ngettext

from library.models import Resource

from .cards import Card, cards_of

# Refs that are read of an address; the rest is left out, and the page says so.
REF_LIMIT = 30
# The code of an entry: alone, or at the end of its short address. Else the end of the address of its page.
REF_PATTERN = r"[a-z0-9]{4,12}"
_REF = re.compile(rf"(?:^|/r/)({REF_PATTERN})/?$")
# What stands between the refs of a pack in the address of an entry.
_BETWEEN = "."
_SLUG = re.compile(r"/resources/([a-z0-9_-]{1,100})/?$")


@dataclass(frozen=True)
class PackPart:
    """The card of an entry in a pack, and the addresses of the pack without it, and with it one place up or down.

    `up` is empty for the first one, `down` for the last one.
    """

    card: Card
    up: str
    down: str
    without: str


class Pack:
    """What `?r=<ref>&r=<ref>` chooses, as readers may see it at `now`. Making it costs one query at most."""

    def __init__(self, parameters: QueryDict, *, now: datetime) -> None:
        typed = dict.fromkeys(pasted_name(raw) for raw in parameters.getlist("r") if raw.strip())
        names = list(typed)[:REF_LIMIT]
        listed = list(Resource.objects.listed(now).with_names(names))
        by_name = {row.slug: row for row in listed} | {row.ref: row for row in listed}
        known = list(dict.fromkeys(by_name[name] for name in names if name in by_name))
        chosen = [row for row in known if not row.is_gone(now)]
        self.refs = [row.ref for row in chosen]
        self.withdrawn = [row for row in known if row.is_gone(now)]
        self.unknown = sum(name not in by_name for name in names)
        """How many codes lead to nothing that readers may see."""
        self.is_cut = len(typed) > REF_LIMIT
        self.is_full = len(chosen) == REF_LIMIT
        self.parts = [self._part(place, card) for place, card in enumerate(cards_of(chosen))]
        minutes = [row.running_minutes for row in chosen if row.running_minutes]
        self.running_time = in_hours(sum(minutes))
        """Of all entries whose running time is known, in words; empty when none is."""
        self.without_time = len(chosen) - len(minutes)

    @property
    def url(self) -> str:
        return pack_url(self.refs)

    @property
    def query(self) -> str:
        """What the address of an entry ends with that is opened from this pack; empty for an empty one."""
        return f"?pack={_BETWEEN.join(self.refs)}" if self.refs else ""

    def url_with(self, ref: str) -> str:
        """The address of the pack with one more entry at its end."""
        return pack_url([*self.refs, ref])

    def _part(self, place: int, card: Card) -> PackPart:
        before, ref, after = self.refs[:place], self.refs[place], self.refs[place + 1 :]
        up = pack_url([*before[:-1], ref, *before[-1:], *after]) if before else ""
        down = pack_url([*before, *after[:1], ref, *after[1:]]) if after else ""
        return PackPart(card, up, down, pack_url([*before, *after]))


@dataclass(frozen=True)
class OpenedPack:
    """The pack that an entry was opened from, as its address says: that of the pack, and that of it with the entry.

    `url_with` is empty where the entry is in it, or there is no room for it.
    """

    url: str
    url_with: str


def pack_opened_from(parameters: QueryDict, ref: str) -> OpenedPack | None:
    """The pack in `?pack=<ref>.<ref>` of the page of an entry; None without one. Its refs are not looked up."""
    refs = list(dict.fromkeys(parameters.get("pack", "").split(_BETWEEN)[: REF_LIMIT + 1]))
    if len(refs) > REF_LIMIT or not all(re.fullmatch(REF_PATTERN, one) for one in refs):
        return None
    has_room = ref not in refs and len(refs) < REF_LIMIT
    return OpenedPack(pack_url(refs), pack_url([*refs, ref]) if has_room else "")


def pasted_name(raw: str) -> str:
    """What names an entry in what somebody typed or pasted; empty without anything that could.

    Its code of `https://library.example.org/r/bpr2345/`, or what ends the address of its page.
    """
    text = raw.strip()[-200:].lower()
    match = _REF.search(text) or _SLUG.search(text)
    return match[1] if match else ""


def pack_url(refs: Sequence[str]) -> str:
    query = urlencode([("r", ref) for ref in refs])
    return f"{reverse('pack')}?{query}" if query else reverse("pack")


def in_hours(minutes: int) -> str:
    """“2 hours 10 minutes”; empty for none."""
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(hours)d hour", "%(hours)d hours", hours) % {"hours": hours})
    if rest:
        parts.append(ngettext("%(minutes)d minute", "%(minutes)d minutes", rest) % {"minutes": rest})
    return " ".join(parts)
