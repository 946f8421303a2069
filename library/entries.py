"""A list of resources as a page shows it: every link text different, dated lists grouped by year."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext

from library.models import Resource

# What tells two resources of one title apart, in the order in which it is tried.
_DISTINCTIONS: tuple[Callable[[Resource], str], ...] = (
    lambda resource: resource.published_label,
    lambda resource: gettext("with %s") % resource.speaker if resource.speaker else "",
    lambda resource: resource.publisher.name if resource.publisher else "",
    lambda resource: gettext("ref %s") % resource.ref,
)


@dataclass
class Entry:
    """One resource in a list, with a link text that no other entry of the list has."""

    resource: Resource
    link_text: str


@dataclass(frozen=True)
class Year:
    """The entries of one year; `label` is empty in a list that is not grouped."""

    label: str
    entries: Sequence[Entry]


def entries_of(resources: Iterable[Resource]) -> list[Entry]:
    """The resources as entries. Where link texts are equal, date, speaker, publisher or ref are added, one by one."""
    entries = [Entry(resource, resource.title) for resource in resources]
    for distinction in _DISTINCTIONS:
        seen = Counter(entry.link_text.casefold() for entry in entries)
        for entry in entries:
            addition = distinction(entry.resource) if seen[entry.link_text.casefold()] > 1 else ""
            if addition:
                entry.link_text = f"{entry.link_text}, {addition}"
    return entries


def by_year(entries: Iterable[Entry]) -> list[Year]:
    """Entries that come newest first, in groups of one year; undated ones in a last group of their own."""
    groups = groupby(entries, key=lambda entry: entry.resource.published_on and entry.resource.published_on.year)
    return [Year(str(year) if year else gettext("Date not known"), list(members)) for year, members in groups]


def in_one_group(entries: Sequence[Entry]) -> list[Year]:
    """The same shape for a list that is not grouped."""
    return [Year("", entries)] if entries else []
