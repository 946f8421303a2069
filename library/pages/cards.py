"""A list of resources as a page shows it: every link text different, dated lists grouped by year."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from library.models import Resource
from library.models.resource.card_row import CardRow
from library.models.resource.kinds import Kind
from library.search.text_query import as_written

from .markdown import as_elements, highlight, host_of

Listed = Resource | CardRow
# What tells two resources of one title apart, in the order in which it is tried.
_DISTINCTIONS: tuple[Callable[[Listed], str | None], ...] = (
    lambda resource: resource.published_label,
    lambda resource: gettext("with %s") % resource.speaker if resource.speaker else "",
    lambda resource: resource.publisher_name,
    lambda resource: gettext("ref %s") % resource.ref,
)


@dataclass(frozen=True)
class Card:
    """One resource in a list, as finished values, with a link text that no other card of the list has.

    A page may show hundreds: what a template would ask for again and again is worked out here, once.
    """

    ref: str
    kind: str
    year: int | None
    address: str
    link_text: str
    facts: SafeString
    """What is known of it, in order, each in an element of its own."""
    content_note: str
    body: SafeString
    """A text of its own, which a list shows in the place of the summary; empty without one."""
    summary: str | SafeString
    passage: SafeString
    """Where the words of a search stand in its text or transcript; empty where they do not."""
    url: str


@dataclass(frozen=True)
class Year:
    """The cards of one year; `label` is empty in a list that is not grouped."""

    label: str
    cards: Sequence[Card]


def cards_of(resources: Iterable[Listed]) -> list[Card]:
    """The resources as cards, in their order. Card rows cost no query, nor do resources `with_card_relations`."""
    rows = list(resources)
    words = _Words()
    return [words.card(resource, text) for resource, text in zip(rows, link_texts(rows), strict=True)]


def link_texts(resources: Sequence[Listed]) -> list[str]:
    """A text for each. Where titles are equal, date, speaker, publisher or ref are added, one by one."""
    texts = [resource.title for resource in resources]
    for distinction in _DISTINCTIONS:
        seen = Counter(text.casefold() for text in texts)
        for place, resource in enumerate(resources):
            addition = distinction(resource) if seen[texts[place].casefold()] > 1 else ""
            if addition:
                texts[place] = f"{texts[place]}, {addition}"
    return texts


class _Words:
    """What is the same for all cards of a list, looked up once."""

    def __init__(self) -> None:
        self.address = reverse("resource", args=["-"]).removesuffix("-/")
        self.kinds = {value: str(label) for value, label in Kind.choices}
        # What a reader needs to open it; what needs nothing, or nobody has checked, its own page says once.
        asks = {Resource.Access.ACCOUNT, Resource.Access.AGENCY_EMAIL}
        self.access = {value: str(label) for value, label in Resource.Access.choices if value in asks}
        self.transcript_on_host = gettext("transcript on %s")
        self.in_series = gettext("in %s’s episode list")

    def card(self, resource: Listed, link_text: str) -> Card:
        marked, passage = resource.marked_summary, SafeString()
        if resource.passage:
            passage = highlight(as_written(resource.window, resource.passage))
        return Card(
            ref=resource.ref,
            kind=resource.kind,
            year=resource.published_on.year if resource.published_on else None,
            address=f"{self.address}{resource.slug}/",
            link_text=link_text,
            facts=as_elements(self._facts(resource)),
            content_note=resource.content_note,
            body=resource.body_as_html,
            summary=highlight(as_written(resource.summary, marked)) if marked else resource.summary,
            passage=passage if "<mark>" in passage else SafeString(),
            url=resource.open_url,
        )

    def _facts(self, resource: Listed) -> Iterator[tuple[str, str]]:
        """Words that may be empty, and the date as a machine reads it where they are a date."""
        yield self.kinds[resource.kind], ""
        yield resource.publisher_name or "", ""
        yield resource.published_label, resource.published_iso
        yield resource.course_length, ""
        if resource.running_minutes:
            minutes = resource.running_minutes
            yield ngettext("%(minutes)d minute", "%(minutes)d minutes", minutes) % {"minutes": minutes}, ""
        yield resource.place, ""
        yield self._where(resource), ""
        yield self.access.get(resource.access, ""), ""
        yield resource.access_note, ""

    def _where(self, resource: Listed) -> str:
        """Where to find what has no address of its own; empty where that is not known."""
        if resource.url or resource.audio_url:
            return ""
        if resource.transcript_url:
            return self.transcript_on_host % host_of(resource.transcript_url)
        return self.in_series % resource.series_title if resource.series_title else ""


def by_year(cards: Iterable[Card]) -> list[Year]:
    """Cards that come newest first, in groups of one year; undated ones in a last group of their own."""
    groups = groupby(cards, key=lambda card: card.year)
    return [Year(str(year) if year else gettext("Undated"), list(members)) for year, members in groups]


def in_one_group(cards: Sequence[Card]) -> list[Year]:
    """The same shape for a list that is not grouped."""
    return [Year("", cards)] if cards else []
