"""Lists of rows for curators: bounded counts, and no question that the list did not offer."""

from functools import cached_property
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.core.paginator import Paginator
from django.http import HttpRequest

# A list ends here, whatever the table holds: search and filters lead to the rest.
ROW_LIMIT = 10_000
# Longer orders than a person can click together are somebody's experiment.
ORDER_LIMIT = 40


class BoundedRows(Paginator):  # type: ignore[type-arg]
    """Pages over a count that reads at most `ROW_LIMIT + 1` rows."""

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[: ROW_LIMIT + 1].values("pk").count())

    @cached_property
    def count(self) -> int:
        return min(self._counted, ROW_LIMIT)

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than the list shows."""
        return self._counted > ROW_LIMIT


class OfferedList(ChangeList):
    """A change list that answers only the parameters that its own filters offer.

    Django lets an address name any column and lookup; some of these end in a database error, others never end.
    """

    def get_filters(self, request: HttpRequest) -> Any:
        found = super().get_filters(request)
        if found[2]:
            raise IncorrectLookupParameters("no filter of this list")
        return found

    def get_ordering(self, request: HttpRequest, queryset: Any) -> list[Any]:
        if len(self.params.get(ORDER_VAR, "")) > ORDER_LIMIT:
            raise IncorrectLookupParameters("no order of this list")
        return list(super().get_ordering(request, queryset))
