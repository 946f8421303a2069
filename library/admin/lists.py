"""Lists of rows for curators: bounded, read once however they are filtered, and no question that was not offered."""

from functools import cached_property
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

# A list ends here, whatever the table holds: search and filters lead to the rest.
LIST_LIMIT = 10_000
# Longer orders than a person can click together are somebody's experiment.
ORDER_LIMIT = 40

# The query parameter with a column that a file of the list is to have.
COLUMN = "column"

NOT_OFFERED = _("That link asked for something this list doesn’t have. Here’s the whole list.")
TOO_LONG = _("That took too long. Try other words or fewer filters.")


class BoundedRows(Paginator):  # type: ignore[type-arg]
    """Pages of at most `LIST_LIMIT` rows. One query reads the ids of them all, in order, to count and to find."""

    @cached_property
    def _ids(self) -> list[Any]:
        rows: Any = self.object_list
        return list(rows.values_list("pk", flat=True)[: LIST_LIMIT + 1])

    @cached_property
    def count(self) -> int:
        return min(len(self._ids), LIST_LIMIT)

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than the list shows."""
        return len(self._ids) > LIST_LIMIT

    def ids_of_page(self, number: int) -> list[Any]:
        start = (number - 1) * self.per_page
        return self._ids[start : min(start + self.per_page, self.count)]

    def all_ids(self) -> list[Any]:
        return self._ids[: self.count]


class OfferedList(ChangeList):
    """A change list that answers only the parameters that its own filters offer.

    Django lets an address name any column and lookup; some of these end in a database error, others never end.
    """

    def get_filters(self, request: HttpRequest) -> Any:
        result = super().get_filters(request)
        if result[2]:
            raise IncorrectLookupParameters("no filter of this list")
        return result

    def get_results(self, request: HttpRequest) -> None:
        """As Django's; but the rows of the page are looked up by their ids.

        Where no index answers a filter or an order, all rows are read for it: once for the ids, which are narrow, and
        not again for the page with all columns and relations.
        """
        super().get_results(request)
        paginator: Any = self.paginator
        on_one_page = not self.multi_page or (self.show_all and self.can_show_all)
        pks = paginator.all_ids() if on_one_page else paginator.ids_of_page(self.page_num)
        rows = self.apply_select_related(self.root_queryset.filter(pk__in=pks))
        self.result_list = rows.order_by(*self.queryset.query.order_by)

    def get_ordering(self, request: HttpRequest, queryset: Any) -> list[Any]:
        if len(self.params.get(ORDER_VAR, "")) > ORDER_LIMIT:
            raise IncorrectLookupParameters("no order of this list")
        return list(super().get_ordering(request, queryset))


class WholeList(OfferedList):
    """The same list apart from its pages: nothing is read before somebody asks its `queryset` or its `paginator`."""

    def get_filters_params(self, params: Any = None) -> Any:
        """Without the columns that a file is to have."""
        offered = super().get_filters_params(params)
        offered.pop(COLUMN, None)
        return offered

    def get_results(self, request: HttpRequest) -> None:
        self.paginator = self.model_admin.get_paginator(request, self.queryset, self.list_per_page)


def whole_list(owner: Any, request: HttpRequest) -> WholeList:
    """All that the address asks of this admin's list, whichever page of it. May raise `IncorrectLookupParameters`."""
    columns = owner.get_list_display(request)
    # An order in the address counts the boxes in front of the rows, where there are any.
    shown = ["action_checkbox", *columns] if owner.get_actions(request) else columns
    return WholeList(
        request,
        owner.model,
        shown,
        owner.get_list_display_links(request, columns),
        owner.get_list_filter(request),
        owner.date_hierarchy,
        owner.get_search_fields(request),
        owner.get_list_select_related(request),
        owner.list_per_page,
        owner.list_max_show_all,
        owner.list_editable,
        owner,
        owner.get_sortable_by(request),
        owner.search_help_text,
    )
