"""Deleting one row: what goes with it, what forbids it, and a refusal in plain words."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext

from .errors import REFUSALS, error_text

if TYPE_CHECKING:
    from .base import CuratedAdmin

# So many of the rows that stand in the way of a deletion are named; of the rest it is said that there are more.
_NAMED = 10


def delete_row(owner: "CuratedAdmin", request: HttpRequest, object_id: str) -> HttpResponse | None:
    """302 when it is deleted, or to the list, with the reason, where that is refused.

    None where there is something to be looked at first: nothing was asked for, it is not there, or it cannot go.
    """
    row = owner.get_object(request, unquote(object_id)) if request.POST else None
    if row is None or not owner.has_delete_permission(request, row):
        return None
    _going, _counts, missing_permissions, forbidding = owner.get_deleted_objects([row], request)
    if forbidding:
        return None
    if missing_permissions:
        raise PermissionDenied
    name, pk = str(row), row.pk
    try:
        with transaction.atomic():
            outcome = owner.remove(request, row)
    except REFUSALS as error:
        owner.message_user(request, error_text(error, owner.model), messages.ERROR)
        return HttpResponseRedirect(reverse(f"admin:{owner.opts.app_label}_{owner.opts.model_name}_changelist"))
    for level, text in outcome.messages:
        owner.message_user(request, text, level)
    if outcome.address:
        return HttpResponseRedirect(outcome.address)
    return owner.response_delete(request, name, pk)


def deleted_objects(owner: "CuratedAdmin", request: HttpRequest, rows: list[Any]) -> Any:
    """What would go, and what forbids it: of that, and of what goes besides the rows, the first ten are named.

    What has a page of its own in the admin goes besides; all else is a part of the row.
    """
    going: list[Any] = [
        format_html("{}: {}", capfirst(owner.opts.verbose_name), owner.choice_label(row)) for row in rows
    ]
    counts = {str(owner.opts.verbose_name_plural): len(rows)}
    forbidding: list[str] = []
    for relation in owner.opts.related_objects:
        users = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": rows})
        if relation.on_delete is models.PROTECT:
            forbidding += _first_named(users)
        elif relation.on_delete is models.CASCADE and owner.admin_site.is_registered(relation.related_model):
            going += _first_named(users)
            counts[str(relation.related_model._meta.verbose_name_plural)] = users.count()
    refused = {str(owner.opts.verbose_name) for row in rows if not owner.has_delete_permission(request, row)}
    return going, counts, refused, forbidding


def _first_named(users: Any) -> list[str]:
    names = [f"{capfirst(row._meta.verbose_name)}: {row}" for row in users[: _NAMED + 1]]
    return [*names[:_NAMED], gettext("… and more")] if len(names) > _NAMED else names
