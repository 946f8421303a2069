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
_REF = re.compile(r"(?:^|/r/)([a-z0-9]{4,12})/?$")
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

    def url_with(self, ref: str) -> str:
        """The address of the pack with one more entry at its end."""
        return pack_url([*self.refs, ref])

    def _part(self, place: int, card: Card) -> PackPart:
        before, ref, after = self.refs[:place], self.refs[place], self.refs[place + 1 :]
        up = pack_url([*before[:-1], ref, *before[-1:], *after]) if before else ""
        down = pack_url([*before, *after[:1], ref, *after[1:]]) if after else ""
        return PackPart(card, up, down, pack_url([*before, *after]))


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
