"""A list of resources as a page shows it: every link text different, dated lists grouped by year."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from library.models import Resource
from library.models.kind import Kind
from library.search.text_query import as_written

from .markdown import as_elements, host_of, mark_found

# What tells two resources of one title apart, in the order in which it is tried.
_DISTINCTIONS: tuple[Callable[[Resource], str], ...] = (
    lambda resource: resource.published_label,
    lambda resource: gettext("with %s") % resource.speaker if resource.speaker else "",
    lambda resource: resource.publisher.name if resource.publisher else "",
    lambda resource: gettext("ref %s") % resource.ref,
)


@dataclass
class Entry:
    """One resource in a list, as plain words, with a link text that no other entry of the list has.

    A page may show hundreds: what a template would ask for again and again is worked out here, once.
    """

    resource: Resource
    link_text: str
    address: str
    facts: SafeString
    """What is known of it, in order, each in an element of its own."""
    summary: str | SafeString
    passage: SafeString
    """Where the words of a search stand in its text or transcript; empty where they do not."""

    @property
    def cells(self) -> tuple[str, ...]:
        """What the template prints of it, in its order; a text of its own stands in the place of the summary."""
        row = self.resource
        summary = "" if row.body_html else self.summary
        texts = (row.content_note, row.body_as_html, summary, self.passage, row.url)
        return self.address, self.link_text, self.facts, *texts


@dataclass(frozen=True)
class Year:
    """The entries of one year; `label` is empty in a list that is not grouped."""

    label: str
    entries: Sequence[Entry]


def entries_of(resources: Iterable[Resource]) -> list[Entry]:
    """The resources as entries. Where link texts are equal, date, speaker, publisher or ref are added, one by one."""
    words = _Words()
    entries = [words.entry(resource) for resource in resources]
    for distinction in _DISTINCTIONS:
        seen = Counter(entry.link_text.casefold() for entry in entries)
        for entry in entries:
            addition = distinction(entry.resource) if seen[entry.link_text.casefold()] > 1 else ""
            if addition:
                entry.link_text = f"{entry.link_text}, {addition}"
    return entries


class _Words:
    """What is the same for all entries of a list, looked up once."""

    def __init__(self) -> None:
        self.address = reverse("resource", args=["-"]).removesuffix("-/")
        self.kinds = {value: str(label) for value, label in Kind.choices}
        self.access = {value: str(label) for value, label in Resource.Access.choices}
        self.on_host = gettext("on %s")
        self.no_address = gettext("Address not known")

    def entry(self, resource: Resource) -> Entry:
        marked = as_written(resource.summary, getattr(resource, "marked_summary", ""))
        passage = mark_found(as_written(getattr(resource, "window", ""), getattr(resource, "passage", "")))
        return Entry(
            resource,
            resource.title,
            f"{self.address}{resource.slug}/",
            as_elements(self._facts(resource)),
            mark_found(marked) or resource.summary,
            passage if "<mark>" in passage else SafeString(),
        )

    def _facts(self, resource: Resource) -> Iterator[tuple[str, str]]:
        """Words that may be empty, and the date as a machine reads it where they are a date."""
        yield self.kinds[resource.kind], ""
        yield resource.publisher.name if resource.publisher else "", ""
        yield resource.published_label, resource.published_iso
        yield resource.course_length, ""
        if resource.running_minutes:
            minutes = resource.running_minutes
            yield ngettext("%(minutes)d minute", "%(minutes)d minutes", minutes) % {"minutes": minutes}, ""
        yield resource.place, ""
        yield self.on_host % host_of(resource.url) if resource.url else self.no_address, ""
        yield self.access[resource.access], ""
        yield resource.access_note, ""


def by_year(entries: Iterable[Entry]) -> list[Year]:
    """Entries that come newest first, in groups of one year; undated ones in a last group of their own."""
    groups = groupby(entries, key=lambda entry: entry.resource.published_on and entry.resource.published_on.year)
    return [Year(str(year) if year else gettext("Date not known"), list(members)) for year, members in groups]


def in_one_group(entries: Sequence[Entry]) -> list[Year]:
    """The same shape for a list that is not grouped."""
    return [Year("", entries)] if entries else []
