"""A list of resources as a file: all that it shows with its search and its filters, in its order, on all its pages."""

from array import array
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.contrib import messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import DataError, OperationalError, transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from library.exports import as_csv, as_json_lines, as_xlsx, rows_of

from .refusals import took_too_long

# It is made whole before it is sent: half a minute for so many.
XLSX_LIMIT = 100_000
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export_file(owner: Any, request: HttpRequest, ending: str) -> HttpResponseBase:
    """200 with the file; 302 to the list, with the reason, for what the list does not offer or cannot find in time."""
    if not owner.has_view_permission(request):
        raise PermissionDenied
    query = request.GET.copy()
    query.pop("p", None)  # the page that is open
    request.GET = query  # type: ignore[assignment]
    try:
        with transaction.atomic():
            found = owner.get_changelist_instance(request).queryset.values_list("pk", flat=True)
            # The ids alone, eight bytes each: what they are is read while it is sent.
            pks = array("q", found.iterator(chunk_size=10_000))
    except (IncorrectLookupParameters, DisallowedModelAdminLookup, DataError):
        return _refusal(owner, request, _("The list does not know what that address asked for. This is all of it."))
    except OperationalError as error:
        if not took_too_long(error):
            raise
        return _refusal(owner, request, _("That took too long. Try other words or fewer filters."))
    if ending == "xlsx" and len(pks) > XLSX_LIMIT:
        return _refusal(
            owner, request, _("A spreadsheet takes at most 100,000 entries. Filter the list, or export it as CSV.")
        )
    return _answer(pks, ending)


def _answer(pks: "array[int]", ending: str) -> HttpResponseBase:
    name, rows = f"resources-{timezone.localdate().isoformat()}.{ending}", rows_of(pks)
    if ending == "xlsx":
        return FileResponse(as_xlsx(rows), as_attachment=True, filename=name, content_type=XLSX_TYPE)
    lines, kind = (as_csv(rows), "text/csv") if ending == "csv" else (as_json_lines(rows), "application/jsonl")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(_in_pieces(lines), content_type=f"{kind}; charset=utf-8", headers=headers)


def _in_pieces(lines: Iterator[str]) -> Iterator[str]:
    """A few hundred lines at once: each piece is compressed and sent on its own."""
    while piece := "".join(islice(lines, 500)):
        yield piece


def _refusal(owner: Any, request: HttpRequest, words: str) -> HttpResponse:
    owner.message_user(request, words, messages.WARNING)
    return HttpResponseRedirect(reverse("admin:library_resource_changelist"))
