"""The list of resources as somebody left it, kept by a name: a row of links above the list, and two small forms."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from library.admin.ids import only_ids
from library.models import SavedFilter, User
from library.models.saved_filter import SAVED_LIMIT


def filters_context(request: HttpRequest) -> dict[str, Any]:
    """What the list shows of them: `saved_filters`, and the `query` of this list without its page. One query."""
    rows = SavedFilter.objects.filter(user=request.user).order_by("name")
    return {"saved_filters": list(rows[:SAVED_LIMIT]), "query": _plain(request.GET)}


def saved_filters_page(owner: Any, request: HttpRequest) -> HttpResponse:
    """302 to the list, with what was kept or removed, or why not."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not owner.has_view_permission(request):
        raise PermissionDenied
    query = _plain(QueryDict(request.POST.get("query", "")[:4000]))
    if "remove" in request.POST:
        ids = only_ids([request.POST["remove"]])
        SavedFilter.objects.filter(user=request.user, pk__in=ids).delete()
        owner.message_user(request, gettext("The saved filter was removed. No entries were changed."), messages.SUCCESS)
    else:
        level, text = _save(request, " ".join(request.POST.get("name", "").split()), query)
        owner.message_user(request, text, level)
    return HttpResponseRedirect(f"{reverse('admin:library_resource_changelist')}?{query}".rstrip("?"))


@transaction.atomic
def _save(request: HttpRequest, name: str, query: str) -> tuple[int, str]:
    """Keep the query by this name, in the place of what had it. The level of the message, and the message."""
    by: Any = request.user
    if not 0 < len(name) <= 60 or "\0" in name:
        return messages.WARNING, gettext("Enter a name of up to 60 characters for this filter.")
    if not 0 < len(query) <= 2000:
        return messages.WARNING, gettext("Search or filter the list first, then save it.")
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two tabs at once keep one each
    own = SavedFilter.objects.filter(user=by)
    if own.filter(name__iexact=name).update(name=name, query=query):
        return messages.SUCCESS, gettext("“%s” now shows this list.") % name
    if own.count() >= SAVED_LIMIT:
        return messages.WARNING, gettext("You can save up to %d filters. Remove one first.") % SAVED_LIMIT
    SavedFilter.objects.create(user=by, name=name, query=query)
    return messages.SUCCESS, gettext("“%s” is saved. You’ll find it above this list.") % name


def _plain(parameters: QueryDict) -> str:
    """What a list shows, whichever page of it."""
    query = parameters.copy()
    for name in (PAGE_VAR, "all", "e", IS_POPUP_VAR, "_changelist_filters"):
        query.pop(name, None)
    return query.urlencode()
