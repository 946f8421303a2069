"""Which column of a file is which of ours, guessed by the names that people and other systems give their columns."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from library.exports.columns import COLUMNS, EXTRAS, LISTS, NEEDED

# Of each column what it may be called, best name first, as `_plain` writes it.
_SYNONYMS: dict[str, tuple[str, ...]] = {
    "title": ("title", "name", "resource", "headline"),
    "kind": ("kind", "type", "media type", "content type"),
    "section": ("section", "section name"),
    "url": ("url", "link", "website", "web site", "web address", "address", "href", "web link", "uri", "permalink"),
    "summary": (
        "summary",
        "description",
        "short description",
        "abstract",
        "abstract note",
        "excerpt",
        "about",
        "blurb",
    ),
    "publisher": ("publisher", "organization", "organisation", "provider", "vendor", "source", "producer"),
    "published": (
        *("published", "publication date", "publish date", "published date", "date published", "published on"),
        *("release date", "date issued", "issued", "date", "pub date", "year", "publication year"),
    ),
    "categories": ("categories", "category", "topics", "topic"),
    "tags": ("tags", "tag", "keywords", "keyword", "manual tags", "subjects", "subject", "labels"),
    "ref": ("ref",),
}
# What other systems put before the name of a column: “Dublin Core:Title”, “Item Type”, “Link URL”.
_PREFIXES = ("dublin core", "dcterms", "dc", "item type metadata", "item", "resource", "link", "asset", "post", "entry")
_WORDS = re.compile(r"[^\W_]+")
SAMPLE_ROWS, SAMPLE_COUNT, SAMPLE_LENGTH, HEADER_LENGTH = 20, 3, 60, 100


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """For each column of a file its header, a few of its values, and the column of ours that it is: “” for none.

    `kind` and `section` are what a new entry gets whose row has none; `notes` are sentences about the file.
    """

    headers: tuple[str, ...]
    targets: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...] = ()
    kind: str = ""
    section: str = ""
    notes: tuple[str, ...] = ()

    @property
    def missing(self) -> list[str]:
        """The columns that every file needs, and this one neither has nor makes up for."""
        return [name for name in NEEDED if name not in self.targets and not self.defaults.get(name)]

    @property
    def defaults(self) -> dict[str, str]:
        """What a new entry gets where its row is silent, by its column."""
        return {name: value for name, value in (("kind", self.kind), ("section", self.section)) if value}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "ColumnPlan":
        """The plan that `dataclasses.asdict` made, as it comes back from the database."""
        lists = {name: tuple(kept.get(name, ())) for name in ("headers", "targets", "notes")}
        return cls(**kept | lists | {"samples": tuple(map(tuple, kept["samples"]))})


def guess_plan(header: list[str], rows: Iterable[list[str]] = ()) -> ColumnPlan:
    """What the columns below this header seem to be. Of two that could be one, the one with the better name is it."""
    best: dict[str, tuple[int, int]] = {}
    for place, name in enumerate(header):
        target, rank = guess(name)
        if target:
            best[target] = min(best.get(target, (rank, place)), (rank, place))
    targets = {place: target for target, (_rank, place) in best.items()}
    few = list(islice(rows, SAMPLE_ROWS))
    return ColumnPlan(
        headers=tuple(_shown(name, HEADER_LENGTH) for name in header),
        targets=tuple(targets.get(place, "") for place in range(len(header))),
        samples=tuple(_samples(few, place) for place in range(len(header))),
    )


@cache
def _ranks() -> dict[str, tuple[str, int]]:
    return {name: (target, rank) for target, names in _SYNONYMS.items() for rank, name in enumerate(names, start=1)}


def guess(header: str) -> tuple[str, int]:
    """The column of ours that is called so, and how sure that is: 0 is best. “” where there is none."""
    if (own := header.strip().lower()) in COLUMNS:
        return own, 0
    if own in EXTRAS:
        return "", 0
    words = " ".join(_WORDS.findall(header[:HEADER_LENGTH].casefold()))
    if words in _ranks():
        return _ranks()[words]
    for prefix in _PREFIXES:
        rest = words.removeprefix(f"{prefix} ")
        if rest != words and rest in _ranks():
            target, rank = _ranks()[rest]
            return target, rank + 100
    return "", 0


def repeatable(column: str) -> bool:
    """Whether several columns of a file may be this one."""
    return column in {"", *LISTS}


def _samples(rows: list[list[str]], place: int) -> tuple[str, ...]:
    texts = (_shown(row[place], SAMPLE_LENGTH) for row in rows if place < len(row))
    return tuple(dict.fromkeys(filter(None, texts)))[:SAMPLE_COUNT]


def _shown(text: str, most: int) -> str:
    """The beginning of a text on one line, as any page and the database can take it."""
    words = " ".join(text[: most * 4].split())
    shown = "".join(character if character.isprintable() else "�" for character in words[: most + 1])
    return shown if len(shown) <= most else f"{shown[:most]}…"
