"""The query string as one validated object: which resources, in which words, at which address.

Section pages and the list of all resources are built from it; feeds and exports will be. Values that it does
not know are ignored and never repeated, so that no address can make the site say something of its own.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import QueryDict
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet

from library.models import Category, Publisher, Resource, Section, Tag
from library.models.resource.kinds import PLURALS, Kind

from .fields import SORTS, KnownChoicesFilter, KnownRowsFilter, SortFilter, WordsFilter, YearsFilter
from .index.bitmaps import Scope
from .text_query import Query, Synonyms, query_for, wide_query_for
from .vocabulary.lookup import load_synonyms

TYPED_LIMIT = 1_000

# The order of parameters in every address that the site makes; `page` comes last.
FACETS = ("kind", "category", "tag", "publisher", "year", "access")


@dataclass(frozen=True)
class Chosen:
    """A filter in force, in words, and the address of the list without it."""

    label: str
    url_without: str


class ResourceFilter(FilterSet):
    """Which published resources a query string asks for, in a section or in the whole library.

    `resources`, `query`, `title` and the addresses are all of the same question; `results` answers it. Making one costs
    a query for each of category, tag and publisher that the query string names, and at most two more for each where
    it names one that has no row any more.
    """

    q = WordsFilter(method="keep_all")
    kind = KnownChoicesFilter(lookup_expr="in", choices=Kind.choices)
    category = KnownRowsFilter(method="filter_categories", queryset=Category.objects.all())
    tag = KnownRowsFilter(method="filter_tags", queryset=Tag.objects.order_by("name"))
    publisher = KnownRowsFilter(lookup_expr="in", queryset=Publisher.objects.all())
    year = YearsFilter(method="filter_years")
    access = KnownChoicesFilter(lookup_expr="in", choices=Resource.Access.choices)
    sort = SortFilter(method="keep_all")

    def __init__(self, parameters: QueryDict, *, now: datetime, section: Section | None = None) -> None:
        self.section = section
        self.now = now
        everything = Resource.objects.published(now)
        super().__init__(parameters, everything.in_section(section) if section else everything)

    # What each parameter asks of the queryset.

    def filter_categories(self, resources: Any, _name: str, categories: list[Category]) -> Any:
        return resources.in_categories(categories)

    def filter_tags(self, resources: Any, _name: str, tags: list[Tag]) -> Any:
        return resources.with_tags(tags)

    def filter_years(self, resources: Any, _name: str, years: list[int]) -> Any:
        return resources.published_in(years)

    def keep_all(self, resources: Any, _name: str, _value: str) -> Any:
        return resources

    # The question, understood.

    @cached_property
    def values(self) -> dict[str, Any]:
        """The values that were understood, by parameter; empty ones for what was not asked."""
        self.form.is_valid()
        return dict(self.form.cleaned_data)

    @cached_property
    def gone(self) -> list[str]:
        """What to tell readers of filters that the address names and that were deleted since: they are left out."""
        fields: Any = self.form.fields
        return [str(sentence) for name, sentence in GONE.items() if name in self.values and fields[name].has_gone]

    @property
    def words(self) -> str:
        return str(self.values["q"])

    @property
    def typed(self) -> str:
        """What a reader has typed, as far as words of a crisis are looked for: further than it is searched."""
        return str(self.data.get("q", ""))[:TYPED_LIMIT]

    @property
    def default_order(self) -> str:
        return "relevance" if self.words else self.order_without_words

    @property
    def order_without_words(self) -> str:
        manual = self.section is not None and self.section.order == Section.Order.MANUAL
        return "library" if manual else "newest"

    @property
    def order(self) -> str:
        """The order in force: the one asked for where it makes sense here, else the list's own."""
        asked = str(self.values["sort"])
        return asked if asked in dict(self.orders) else self.default_order

    @cached_property
    def orders(self) -> list[tuple[str, str]]:
        """The orders that make sense for this list, with their labels."""
        manual = self.section is not None and self.section.order == Section.Order.MANUAL
        offered = {"relevance": bool(self.words), "library": manual, "newest": True, "title": True}
        return [(sort, str(label)) for sort, label in SORTS.items() if offered[sort]]

    @property
    def is_one_of_many(self) -> bool:
        """Whether it is one of the endless combinations that search engines need not keep: words, or two filters."""
        return bool(self.words) or sum(len(self.values[facet]) for facet in FACETS) > 1

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is asked that leaves resources out."""
        return bool(self.words) or any(self.values[facet] for facet in FACETS)

    @cached_property
    def query(self) -> Query | None:
        """What the words ask of the texts; None without words, and where there is no word in them."""
        return query_for(self.words, self._synonyms) if self.words else None

    @cached_property
    def wide_query(self) -> Query | None:
        """See `search.wide_query_for`."""
        return wide_query_for(self.words, self._synonyms)

    @cached_property
    def _synonyms(self) -> Synonyms:
        """Costs one query."""
        return load_synonyms()

    # Its resources.

    def resources(self, *, without: str = "") -> Any:
        """The resources that all the facets leave, or all but the facet `without`; whatever the words are."""
        found: Any = self.queryset
        for name in FACETS:
            if name != without and self.values[name]:
                found = self.filters[name].filter(found, self.values[name])
        return found

    def keys(self, *, without: str = "") -> dict[str, list[str]]:
        """The values that are chosen, as the database keeps them, by facet; `without` one of them, as above."""
        named = [name for name in FACETS if name != without and self.values[name]]
        return {name: [key_of(value) for value in self.values[name]] for name in named}

    @property
    def scope(self) -> Scope:
        """Where it is asked, whatever is chosen."""
        return Scope(self.section.pk if self.section else None, self.now)

    def newest(self, resources: Any) -> Any:
        """`resources`, newest first, in the order that an index serves."""
        return resources.newest_of_section() if self.section else resources.newest_first()

    def in_order(self, resources: Any) -> Any:
        """`resources` in the order in force; best match first is the work of `results`."""
        match self.order:
            case "library":
                return resources.in_library_order()
            case "title":
                return resources.order_by("title", "id")
            case _:
                return self.newest(resources)

    # Its words.

    @cached_property
    def title(self) -> str:
        """The question as a phrase: “Podcast episodes about peer support, from 2018, matching “sleep”, by title”."""
        parts = [self._subject()]
        phrases: list[tuple[str, str]] = [
            ("category", gettext("about %s")),
            ("tag", gettext("tagged %s")),
            ("publisher", gettext("by %s")),
            ("year", gettext("from %s")),
        ]
        for name, phrase in phrases:
            if self.values[name]:
                parts.append(phrase % any_of(in_a_sentence(name, value) for value in self.values[name]))
        if self.values["access"]:
            labels = dict(Resource.Access.choices)
            parts.append("(" + any_of(str(labels[value]).lower() for value in self.values["access"]) + ")")
        if self.words:
            parts.append(gettext("matching “%s”") % self.words)
        title = " ".join(parts)
        if self.order != self.default_order:
            title += ", " + str(SORTS[self.order]).lower()
        return title

    def _subject(self) -> str:
        kinds = self.values["kind"]
        if kinds:
            return capfirst(any_of(str(PLURALS[Kind(kind)]) for kind in kinds))
        return gettext("Resources") if self.is_narrowed else gettext("All resources")

    @cached_property
    def chosen(self) -> list[Chosen]:
        """Each filter in force, with the way out of it, in the order of the parameters."""
        found = []
        if self.words:
            found.append(Chosen(gettext("Words: %s") % self.words, self.url_without("q")))
        for name, value in self._chosen_values():
            label = f"{LEGENDS[name]}: {label_of(name, value)}"
            found.append(Chosen(label, self.url_without(name, slug_of(value))))
        return found

    def _chosen_values(self) -> Iterator[tuple[str, Any]]:
        for name in FACETS:
            for value in self.values[name]:
                yield name, value

    # Its addresses.

    @property
    def path(self) -> str:
        return reverse("section", args=[self.section.anchor]) if self.section else reverse("resource-list")

    @cached_property
    def url(self) -> str:
        """The one address of this list: parameters in a fixed order, no default, page 1."""
        return self._address(self._parameters())

    @property
    def url_of_everything(self) -> str:
        """The address of the list with nothing left out; the order stays."""
        kept = [pair for pair in self._parameters() if pair[0] == "sort"]
        return self._address(self._without_best_match(kept))

    def url_without(self, name: str, value: str | None = None) -> str:
        """The address of this list without a value of a facet, or without the parameter; back on page 1."""
        kept = [pair for pair in self._parameters() if pair[0] != name or value not in (None, pair[1])]
        return self._address(self._without_best_match(kept) if name == "q" else kept)

    def url_of_page(self, number: int) -> str:
        return self._address(self._parameters() + ([("page", str(number))] if number > 1 else []))

    def at(self, url: str) -> "ResourceFilter":
        """What another address of this same list asks, e.g. `url_without("q")`."""
        return ResourceFilter(QueryDict(urlsplit(url).query), now=self.now, section=self.section)

    def url_with_words(self, words: str) -> str:
        """The address of this list with other words; back on page 1."""
        return self._address([("q", words), *(pair for pair in self._parameters() if pair[0] != "q")])

    def _without_best_match(self, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """The parameters of a list without words: no best match, and its own order goes without saying."""
        return [pair for pair in pairs if pair not in {("sort", "relevance"), ("sort", self.order_without_words)}]

    def _parameters(self) -> list[tuple[str, str]]:
        pairs = [("q", self.words)] if self.words else []
        pairs += [(name, slug_of(value)) for name, value in self._chosen_values()]
        return pairs + ([("sort", self.order)] if self.order != self.default_order else [])

    def _address(self, pairs: list[tuple[str, str]]) -> str:
        order = ("q", *FACETS, "sort", "page")
        query = urlencode(sorted(pairs, key=lambda pair: (order.index(pair[0]), pair[1])))
        return f"{self.path}?{query}" if query else self.path


LEGENDS = {
    "kind": _("Kind"),
    "category": _("Category"),
    "tag": _("Tag"),
    "publisher": _("Publisher"),
    "year": _("Year"),
    "access": _("Access"),
}

GONE = {
    "category": _("The library no longer has the category that this address names. Here is the list without it."),
    "tag": _("The library no longer has the tag that this address names. Here is the list without it."),
    "publisher": _("The library no longer has the publisher that this address names. Here is the list without it."),
}


def slug_of(value: Any) -> str:
    """How a value stands in an address."""
    return value.slug if isinstance(value, Category | Tag | Publisher) else str(value)


def key_of(value: Any) -> str:
    """How the database keeps a value in its facets."""
    return str(value.pk) if isinstance(value, Category | Tag | Publisher) else str(value)


def label_of(name: str, value: Any) -> str:
    """How a value is called on the page."""
    labels: dict[str, dict[str, Any]] = {"kind": dict(Kind.choices), "access": dict(Resource.Access.choices)}
    return str(labels[name][value] if name in labels else value)


def in_a_sentence(name: str, value: Any) -> str:
    """How a value reads inside a phrase: categories begin with a small letter there, unless with an abbreviation."""
    label = str(value)
    return label[:1].lower() + label[1:] if name == "category" and label[1:2].islower() else label


def any_of(labels: Iterable[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    words = list(labels)
    if len(words) < 2:
        return "".join(words)
    return gettext("%(all_but_last)s or %(last)s") % {"all_but_last": ", ".join(words[:-1]), "last": words[-1]}
