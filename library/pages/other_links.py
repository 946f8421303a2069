"""Where a page leads besides the address of its entry: what readers are told of a sound, a transcript and a series."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from library.models import LinkUse, Resource


@dataclass(frozen=True)
class OtherLink:
    """An address, perhaps empty; and what checks have found of it, where that is to be told, since `day`."""

    address: str = ""
    word: str = ""
    day: date | None = None

    @property
    def is_lost(self) -> bool:
        """Whether nothing is there, or something else."""
        return self.word in {LinkUse.Word.DEAD, LinkUse.Word.CHANGED}

    @property
    def open_url(self) -> str:
        """The address to which readers are sent without a word of warning; empty where there is none."""
        return "" if self.is_lost else self.address


@dataclass(frozen=True)
class OtherLinks:
    """Those of one entry."""

    audio: OtherLink
    transcript: OtherLink
    series: OtherLink


# By field and address: what is told of it, and since when.
Words = Mapping[tuple[str, str], tuple[str, date]]


def links_of(entry: Resource, words: Words) -> OtherLinks:
    """The other links of an entry. `words` of an address that it no longer has are left alone."""

    def link(field: LinkUse.Field, address: str) -> OtherLink:
        return OtherLink(address, *words.get((field, address), ()))

    series = entry.series.url if entry.series else ""
    return OtherLinks(
        audio=link(LinkUse.Field.AUDIO, entry.audio_url),
        transcript=link(LinkUse.Field.TRANSCRIPT, entry.transcript_url),
        series=link(LinkUse.Field.SERIES, series),
    )
