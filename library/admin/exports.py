"""A list as a file: all that it shows with its search and its filters, in its order, on all its pages."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from html import unescape
from itertools import islice
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import PermissionDenied
from django.db import DataError, OperationalError, transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext

from library.exports.formats import Row, as_csv, as_json_lines, as_xlsx

from .errors import took_too_long
from .lists import NOT_OFFERED, TOO_LONG, without_page

# It is made whole before it is sent: half a minute for so many.
XLSX_LIMIT = 100_000
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDINGS = ("csv", "xlsx", "jsonl")
_CHUNK = 1000

# The names of the columns, and the rows under them.
Table = tuple[Sequence[str], Iterator[Row]]


class Exported(admin.ModelAdmin):  # type: ignore[type-arg]
    """An admin whose list is had as a file."""

    # The columns of the file, where the list shows less of a row, or ways elsewhere.
    file_columns: ClassVar[Sequence[str]] = ()

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        views = {ending: self.admin_site.admin_view(partial(self.export_view, ending=ending)) for ending in ENDINGS}
        own = [path(f"export/{ending}/", view, name=f"{name}_{ending}") for ending, view in views.items()]
        return [*own, *super().get_urls()]

    def export_view(self, request: HttpRequest, ending: str) -> HttpResponseBase:
        """200 with the file; 302 to the list, with the reason, for what it does not offer or cannot find in time."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        without_page(request)
        try:
            with transaction.atomic():
                listed = self.get_changelist_instance(request)
                # The ids alone: what they are is read while it is sent.
                pks = list(listed.queryset.values_list("pk", flat=True).iterator(chunk_size=10_000))
        except (IncorrectLookupParameters, DisallowedModelAdminLookup, DataError):
            return self.plain_list(request, NOT_OFFERED)
        except OperationalError as error:
            if not took_too_long(error):
                raise
            return self.plain_list(request, TOO_LONG)
        if ending == "xlsx" and len(pks) > XLSX_LIMIT:
            words = gettext("A spreadsheet takes at most 100,000 entries. Filter the list, or export it as CSV.")
            return self.plain_list(request, words)
        name = f"{slugify(str(self.opts.verbose_name_plural))}-{timezone.localdate().isoformat()}.{ending}"
        return _answer(name, *self.table(listed, pks), ending)

    def table(self, listed: Any, pks: Sequence[Any]) -> Table:
        """What stands in the file of the rows of these ids that are still there, in this order."""
        names = list(self.file_columns or self.list_display)
        columns = [capfirst(str(label_for_field(name, self.model, self))) for name in names]
        return columns, self._rows(listed, pks, dict(zip(columns, names, strict=True)))

    def _rows(self, listed: Any, pks: Sequence[Any], names: dict[str, Any]) -> Iterator[Row]:
        for start in range(0, len(pks), _CHUNK):
            chunk = pks[start : start + _CHUNK]
            found = {row.pk: row for row in listed.apply_select_related(listed.root_queryset.filter(pk__in=chunk))}
            for row in (found[pk] for pk in chunk if pk in found):
                yield {column: self._in_words(name, row) for column, name in names.items()}

    def _in_words(self, name: Any, row: Any) -> str:
        """What the list shows of a row, without marks and links; days and moments as ISO 8601 has them."""
        field, _function, value = lookup_field(name, row, self)
        if field is not None and getattr(field, "flatchoices", None):
            value = dict(field.flatchoices).get(value, value)
        if value is None:
            return ""
        if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        if isinstance(value, datetime):
            return timezone.localtime(value).isoformat(timespec="seconds")
        return unescape(strip_tags(value)) if isinstance(value, SafeString) else str(value)

    def plain_list(self, request: HttpRequest, words: Any) -> HttpResponse:
        """302 to all of the list, with the reason."""
        self.message_user(request, words, messages.WARNING)
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))


def _answer(name: str, columns: Sequence[str], rows: Iterator[Row], ending: str) -> HttpResponseBase:
    if ending == "xlsx":
        return FileResponse(as_xlsx(rows, columns), as_attachment=True, filename=name, content_type=XLSX_TYPE)
    lines, kind = (as_csv(rows, columns), "text/csv") if ending == "csv" else (as_json_lines(rows), "application/jsonl")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(_in_pieces(lines), content_type=f"{kind}; charset=utf-8", headers=headers)


def _in_pieces(lines: Iterator[str]) -> Iterator[str]:
    """A few hundred lines at once: each piece is compressed and sent on its own."""
    while piece := "".join(islice(lines, 500)):
        yield piece
