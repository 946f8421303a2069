"""The pages of help lines: whether they open, and still show the numbers that the library gives.

A wrong number harms someone. So a number that has gone from its owner's page is the first thing a curator hears of.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.links.numbers import LOOKS_MISSING, missing_numbers
from library.models import HelpLine, Link
from library.models.web_address import address_key
from library.pages.markdown import digits_of

# What of a page is worth a curator's day, in the words of the desk.
_LOST = {
    Link.Condition.CHANGED: _("This page now shows something else."),
    Link.Condition.BACK: _("This page opens again, but may have changed."),
    Link.Condition.DEAD: _("This page is gone."),
}


@dataclass(frozen=True)
class LineMatter:
    """A help line whose page has something to look at. `number`: the one that the page doesn't show any more."""

    line: HelpLine
    link: Link
    number: str
    text: str


def numbers_by_key() -> dict[str, frozenset[str]]:
    """By the key of each page of a help line, the digits of the numbers that it should show. One query."""
    numbers: dict[str, frozenset[str]] = {}
    for line in HelpLine.objects.all():
        of_line = {digits for number in _numbers(line) if (digits := digits_of(number))}
        for address in (line.url, line.source_url):
            if address:
                key = address_key(address)
                numbers[key] = numbers.get(key, frozenset()) | of_line
    return numbers


def line_matters() -> Sequence[LineMatter]:
    """What is to be looked at, numbers first. Two queries."""
    lines = list(HelpLine.objects.order_by("position", "name"))
    keys = {address_key(address) for line in lines for address in _addresses(line)}
    links = {link.key: link for link in Link.objects.filter(key__in=keys, unused_since=None)}
    found = [
        matter
        for line in lines
        for key in dict.fromkeys(map(address_key, _addresses(line)))
        if key in links and (matter := _matter(line, links[key]))
    ]
    return sorted(found, key=lambda matter: not matter.number)


def newly_missing(links: Collection[int]) -> list[Link]:
    """Those of these links whose last look was the one after which a number counts as missing."""
    rows = Link.objects.filter(pk__in=links)
    return [link for link in rows if any(known.get("looks") == LOOKS_MISSING for known in link.numbers.values())]


def number_is_right(link: Link) -> None:
    """Somebody has looked: the number holds, and is missed again only after the page has shown it once more."""
    Link.objects.filter(pk=link.pk).update(numbers={})


def _matter(line: HelpLine, link: Link) -> LineMatter | None:
    missing = missing_numbers(link.numbers)
    number = next((number for number in _numbers(line) if digits_of(number) in missing), "")
    if number:
        return LineMatter(line, link, number, gettext("This page no longer shows %s.") % number)
    text = _LOST.get(Link.Condition(link.condition))
    return LineMatter(line, link, "", str(text)) if text else None


def _numbers(line: HelpLine) -> list[str]:
    return [number for number in (line.call_number, line.text_number, line.tty_number) if number]


def _addresses(line: HelpLine) -> list[str]:
    return [address for address in (line.url, line.source_url, line.chat_url) if address]
