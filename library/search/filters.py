"""The parameters of a list's address, each declared once, and the query that they make.

django-filter declares them and reads a query string into their cleaned values. Nothing is filtered through it: a list
is also counted without one of its facets, and found by bitmaps, so `resources_of` narrows by the values themselves.

Values that are not known are ignored and never repeated, so that no address makes the site say something of its own.

To add a facet, called `language`, say, of a column of `Resource`:

1. Declare it in `ListFilters`; its place there is its place in addresses and on the page.
2. Name its values in `db/sql/library_facets_of.sql`. A facet has at most 10 characters, a value 20 (`FacetBlock`).
3. Name the column in both lists of `db/sql/library_note_resources.sql`, or edits of it change no count. A table
   between, as categories have, gets triggers like `db/sql/library_resource_categories_triggers.sql` instead.
4. Add the migration that runs both files (`db/sql_files.py` says how), and run `manage.py rebuild_search` where a
   library exists already.

`tests/search/test_facets.py` says when the declaration and the database differ; its `values_of` counts by hand. Rows
that can be renamed and merged, as tags can, also need a line in `models.redirects.FACET_OF` and its triggers.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import reduce
from heapq import nsmallest
from operator import or_
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_filters import Filter, FilterSet

from library.models import Category, Publisher, Resource, Section, Tag
from library.models.resource.facts import Audience, Length
from library.models.resource.kinds import Kind

from .fields import KnownChoicesField, KnownRows, KnownRowsField, OrderField, WordsField, YearsField
from .pagination import page_number
from .query import FacetValue, ListQuery

TYPED_LIMIT = 1_000
# Of a long facet so many of the most used values are offered, and so many years, besides the chosen ones.
OPTION_LIMIT = 20
YEAR_LIMIT = 60

Text = str | Promise
# How many resources have each value of a facet, as the database keeps it.
Numbers = Mapping[str | None, int]
# Of some resources those that have any of the rows with these ids.
Narrowing = Callable[[Any, Collection[int]], Any]
# Slug and name of each row of a facet by its key.
Rows = Mapping[str, tuple[str, str]]


class FacetFilter(Filter):
    """A facet: its parameter, its legend (the label), what it asks of resources, its values and their words.

    `phrase` is what it adds to the title of a list; one without is the subject of the title.
    """

    def __init__(self, legend: Text, *, phrase: Text = "", deleted: Text = "", **options: Any) -> None:
        super().__init__(label=legend, **options)
        self.phrase = phrase
        self.deleted = deleted
        """What readers are told when the address names a value that was deleted."""

    def read(self, cleaned: Any) -> Iterator[FacetValue]:
        """The values that the field has understood."""
        raise NotImplementedError

    def has_deleted(self, cleaned: Any) -> bool:
        return False

    def narrow(self, resources: Any, keys: Collection[str]) -> Any:
        """Those of the resources that have any of the values."""
        return resources.filter(**{f"{self.field_name}__in": keys})

    def offered(self, numbers: Numbers, chosen: Sequence[str]) -> list[str] | None:
        """The keys of the values that a list offers whose resources have these, in order; None for every row, by name.

        Those that are `chosen` are among them.
        """
        raise NotImplementedError

    def named(self, key: str, rows: Rows) -> tuple[str, str] | None:
        """Slug and label of the value of this key, None where its row has gone. `rows` are those that are offered."""
        return key, key

    def in_a_title(self, label: str) -> str:
        """How a value reads inside a title."""
        return label


class ChoiceFacet(FacetFilter):
    """A facet of a field with choices: all of them are offered."""

    field_class = KnownChoicesField

    def __init__(self, legend: Text, *, choices: Sequence[tuple[str, Text]], **options: Any) -> None:
        super().__init__(legend, choices=choices, **options)
        self.labels = dict(choices)

    def read(self, cleaned: list[str]) -> Iterator[FacetValue]:
        return (FacetValue(self.field_name, key, key, str(self.labels[key])) for key in cleaned)

    def offered(self, numbers: Numbers, chosen: Sequence[str]) -> list[str] | None:
        return list(self.labels)

    def named(self, key: str, rows: Rows) -> tuple[str, str] | None:
        return key, str(self.labels[key])

    def in_a_title(self, label: str) -> str:
        return label.lower()


class AudienceFacet(ChoiceFacet):
    """A facet of a column with several values."""

    def narrow(self, resources: Any, keys: Collection[str]) -> Any:
        return resources.filter(audience__overlap=list(keys))


class LengthFacet(ChoiceFacet):
    """A facet of minutes, which few kinds of resources have."""

    def narrow(self, resources: Any, keys: Collection[str]) -> Any:
        minutes = {"under-20": Q(running_minutes__range=(1, 19)), "20-or-more": Q(running_minutes__gt=19)}
        return resources.filter(reduce(or_, (minutes[key] for key in keys)))


class RowFacet(FacetFilter):
    """A facet of rows that curators name: all of them are offered by name, or `most` by how much they are used.

    `narrowed_by` is the question of the queryset that takes their ids.
    """

    field_class = KnownRowsField

    def __init__(self, legend: Text, narrowed_by: Narrowing, *, most: int | None = None, **options: Any) -> None:
        super().__init__(legend, **options)
        self.narrowed_by = narrowed_by
        self.most = most

    @property
    def table(self) -> str:
        return str(self.extra["queryset"].model._meta.db_table)

    def read(self, cleaned: KnownRows) -> Iterator[FacetValue]:
        return (FacetValue(self.field_name, str(row.pk), row.slug, str(row)) for row in cleaned.rows)

    def has_deleted(self, cleaned: KnownRows) -> bool:
        return cleaned.has_deleted

    def narrow(self, resources: Any, keys: Collection[str]) -> Any:
        return self.narrowed_by(resources, [int(key) for key in keys])

    def offered(self, numbers: Numbers, chosen: Sequence[str]) -> list[str] | None:
        if self.most is None:
            return None
        used = [(number, key) for key, number in numbers.items() if key and number]
        most = [key for _number, key in nsmallest(self.most, used, key=lambda pair: (-pair[0], int(pair[1])))]
        return list(dict.fromkeys([*most, *chosen]))

    def named(self, key: str, rows: Rows) -> tuple[str, str] | None:
        return rows.get(key)


class CategoryFacet(RowFacet):
    """Categories begin with a small letter inside a phrase, unless with an abbreviation."""

    def in_a_title(self, label: str) -> str:
        return label[:1].lower() + label[1:] if label[1:2].islower() else label


class YearFacet(FacetFilter):
    """The years that resources were brought out in: the newest that any are of are offered, and the chosen ones."""

    field_class = YearsField

    def read(self, cleaned: list[int]) -> Iterator[FacetValue]:
        return (FacetValue(self.field_name, str(year), str(year), str(year)) for year in cleaned)

    def narrow(self, resources: Any, keys: Collection[str]) -> Any:
        return resources.published_in([int(key) for key in keys])

    def offered(self, numbers: Numbers, chosen: Sequence[str]) -> list[str] | None:
        used = sorted((year for year, number in numbers.items() if year and number), reverse=True)
        return sorted({*used[:YEAR_LIMIT], *chosen}, reverse=True)


class WordsFilter(Filter):
    field_class = WordsField


class OrderFilter(Filter):
    field_class = OrderField


class ListFilters(FilterSet):
    """The parameters, in the order in which every address that the site makes has them."""

    q = WordsFilter()
    kind = ChoiceFacet(_("Type"), choices=Kind.choices)
    category = CategoryFacet(
        _("Topic"),
        lambda resources, ids: resources.in_categories(ids),
        queryset=Category.objects.all(),
        phrase=_("about %s"),
        deleted=_("That topic was removed, so we’ve left it out of this list."),
    )
    tag = RowFacet(
        _("Tag"),
        lambda resources, ids: resources.with_tags(ids),
        queryset=Tag.objects.order_by("name"),
        most=OPTION_LIMIT,
        phrase=_("tagged %s"),
        deleted=_("That tag was removed, so we’ve left it out of this list."),
    )
    publisher = RowFacet(
        _("Publisher"),
        lambda resources, ids: resources.filter(publisher__in=ids),
        queryset=Publisher.objects.all(),
        most=OPTION_LIMIT,
        phrase=_("by %s"),
        deleted=_("That publisher was removed, so we’ve left it out of this list."),
    )
    audience = AudienceFacet(_("Audience"), choices=Audience.choices, phrase=_("for %s"))
    year = YearFacet(_("Year"), phrase=_("from %s"))
    access = ChoiceFacet(_("Access"), choices=Resource.Access.choices, phrase="(%s)")
    length = LengthFacet(_("Length"), choices=Length.choices, phrase="(%s)")
    sort = OrderFilter()


FACETS: dict[str, FacetFilter] = {
    name: declared for name, declared in ListFilters.base_filters.items() if isinstance(declared, FacetFilter)
}

# Of a form made once. Making one for each address takes longer than reading the address.
_FIELDS = ListFilters(queryset=Resource.objects.none()).get_form_class().base_fields


def read_query(parameters: QueryDict, section: Section | None = None) -> ListQuery:
    """What a query string asks for, of one section or of the whole library.

    Costs a query for each of category, tag and publisher that it names, and at most two more for each where it names
    one that has no row any more.
    """
    # No value is an error: what is not known is ignored.
    cleaned: dict[str, Any] = {
        name: field.clean(field.widget.value_from_datadict(parameters, {}, name)) for name, field in _FIELDS.items()
    }
    return ListQuery(
        words=cleaned["q"],
        chosen=tuple(value for name, facet in FACETS.items() for value in facet.read(cleaned[name])),
        section=section,
        sort=cleaned["sort"],
        page=page_number(parameters.get("page")),
        typed=parameters.get("q", "")[:TYPED_LIMIT],
        deleted=tuple(name for name, facet in FACETS.items() if facet.has_deleted(cleaned[name])),
    )


def resources_of(query: ListQuery, now: datetime, *, without: str | None = None) -> Any:
    """The resources that all facets of a query leave, or all but the facet `without`; whatever its words are."""
    resources: Any = Resource.objects.published(now)
    if query.section:
        resources = resources.in_section(query.section)
    for name, keys in query.keys_by_facet(without=without).items():
        resources = FACETS[name].narrow(resources, keys)
    return resources
