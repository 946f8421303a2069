"""A list as a file: all that it shows with its search and its filters, in its order, on all its pages."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import PermissionDenied
from django.db import DataError, OperationalError, transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext

from library.exports.columns import COLUMNS, MORE
from library.exports.formats import ExportRow, as_csv, as_json_lines, as_xlsx

from .errors import is_timeout
from .lists import COLUMN, NOT_OFFERED, TOO_LONG, whole_list

if TYPE_CHECKING:
    from .base import CuratedAdmin

# It is made whole before it is sent: half a minute for so many.
XLSX_LIMIT = 100_000
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXPORT_ENDINGS = ("csv", "xlsx", "jsonl")
_CHUNK = 1000

# The names of the columns, and the rows under them.
Table = tuple[Sequence[str], Iterator[ExportRow]]


def export_page(owner: "CuratedAdmin", request: HttpRequest, ending: str) -> HttpResponseBase:
    """200 with the file; 302 to the list, with the reason, for what it does not offer or cannot find in time."""
    if not owner.has_view_permission(request):
        raise PermissionDenied
    try:
        with transaction.atomic():
            listed = whole_list(owner, request)
            # The ids alone: what they are is read while it is sent.
            pks = list(listed.queryset.values_list("pk", flat=True).iterator(chunk_size=10_000))
    except (IncorrectLookupParameters, DisallowedModelAdminLookup, DataError):
        return plain_list(owner, request, NOT_OFFERED)
    except OperationalError as error:
        if not is_timeout(error):
            raise
        return plain_list(owner, request, TOO_LONG)
    if ending == "xlsx" and len(pks) > XLSX_LIMIT:
        text = gettext("A spreadsheet can hold up to 100,000 entries. Filter the list, or export it as CSV.")
        return plain_list(owner, request, text)
    name = f"{slugify(str(owner.opts.verbose_name_plural))}-{timezone.localdate().isoformat()}.{ending}"
    return file_answer(name, *owner.table(listed, pks, request.GET.getlist(COLUMN)), ending)


def export_columns_page(owner: "CuratedAdmin", request: HttpRequest) -> HttpResponse:
    """200 with the columns that a file of the list can have; what the list is filtered by goes along."""
    if not owner.has_view_permission(request):
        raise PermissionDenied
    context = owner.admin_site.each_context(request) | {
        "title": gettext("Choose the columns of the file"),
        "opts": owner.opts,
        "columns": COLUMNS,
        "more": MORE,
        "filters": [(name, value) for name, values in request.GET.lists() for value in values],
    }
    return TemplateResponse(request, "admin/library/resource/export.html", context)


def plain_list(owner: "CuratedAdmin", request: HttpRequest, text: Any) -> HttpResponse:
    """302 to all of the list, with the reason."""
    owner.message_user(request, text, messages.WARNING)
    return HttpResponseRedirect(reverse(f"admin:{owner.opts.app_label}_{owner.opts.model_name}_changelist"))


def table_of(owner: "CuratedAdmin", listed: Any, pks: Sequence[Any]) -> Table:
    """The columns of the list, or those that its admin names for files."""
    names = list(owner.file_columns or owner.list_display)
    columns = [capfirst(str(label_for_field(name, owner.model, owner))) for name in names]
    return columns, _rows(owner, listed, pks, dict(zip(columns, names, strict=True)))


def _rows(owner: "CuratedAdmin", listed: Any, pks: Sequence[Any], names: dict[str, Any]) -> Iterator[ExportRow]:
    for start in range(0, len(pks), _CHUNK):
        chunk = pks[start : start + _CHUNK]
        rows_by_pk = {row.pk: row for row in listed.apply_select_related(listed.root_queryset.filter(pk__in=chunk))}
        for row in (rows_by_pk[pk] for pk in chunk if pk in rows_by_pk):
            yield {column: _as_text(owner, name, row) for column, name in names.items()}


def _as_text(owner: "CuratedAdmin", name: Any, row: Any) -> str:
    """What the list shows of a row, without marks and links; days and moments as ISO 8601 has them."""
    field, _function, value = lookup_field(name, row, owner)
    if field is not None and getattr(field, "flatchoices", None):
        value = dict(field.flatchoices).get(value, value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    return unescape(strip_tags(value)) if isinstance(value, SafeString) else str(value)


def file_answer(name: str, columns: Sequence[str], rows: Iterator[ExportRow], ending: str) -> HttpResponseBase:
    """200 with these rows as a file of this name."""
    if ending == "xlsx":
        return FileResponse(as_xlsx(rows, columns), as_attachment=True, filename=name, content_type=XLSX_TYPE)
    lines, kind = (as_csv(rows, columns), "text/csv") if ending == "csv" else (as_json_lines(rows), "application/jsonl")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(_in_pieces(lines), content_type=f"{kind}; charset=utf-8", headers=headers)


def _in_pieces(lines: Iterator[str]) -> Iterator[str]:
    """A few hundred lines at once: each piece is compressed and sent on its own."""
    while piece := "".join(islice(lines, 500)):
        yield piece
