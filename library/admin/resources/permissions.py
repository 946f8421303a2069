"""Who may do what with a resource or a guide: an author's own drafts, an editor's texts, a publisher's decision.

What somebody may not do is neither shown as a field or a button nor taken from a form.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.accounts.permissions import EDIT_EVERY, PUBLISH, may_change
from library.admin.forms import CuratedForm
from library.admin.ids import only_ids
from library.models import Guide, Resource, User

# What a publisher alone decides of a resource.
DECIDED = ("state", "listed_at", "expires_at")


class OwnerFilter(admin.SimpleListFilter):
    """The list of one's own resources or guides, of another curator's, or of those that nobody looks after."""

    title = _("owner")
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("mine", _("Mine")), ("nobody", _("Nobody's")), *other_curators(request)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "mine":
            return queryset.filter(owner=request.user)
        ids = only_ids([self.value() or ""])
        if ids:
            return queryset.filter(owner=ids[0])
        return queryset.filter(owner=None) if self.value() == "nobody" else queryset


def other_curators(request: HttpRequest) -> list[tuple[str, str]]:
    """Those who sign in here, without the person who asks, as the choices of a filter: at most 40. One query."""
    person: Any = request.user
    people = User.objects.filter(is_active=True, is_staff=True).exclude(pk=person.pk).order_by("username")
    return [(str(one.pk), str(one)) for one in people[:40]]


class OwnerChoiceForm(CuratedForm):
    """Asks whose a resource or a guide is: of those who can sign in, or whoever it is now, also when they have left."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "owner" in self.fields:
            field: Any = self.fields["owner"]
            choice = Q(is_active=True, is_staff=True) | Q(pk=self.instance.owner_id)
            field.queryset = User.objects.filter(choice).order_by("username")
            # Chosen here, never made or changed from here.
            field.widget.can_add_related = field.widget.can_change_related = field.widget.can_view_related = False


def may_publish(user: Any) -> bool:
    return bool(user.has_perm(PUBLISH))


def may_edit_every(user: Any) -> bool:
    """Whether this person may change what is not their own draft."""
    return bool(user.has_perm(EDIT_EVERY))


def protected_columns(form: Any) -> tuple[str, ...]:
    """What this person may not change, so that the form does not have it: somebody else may have, meanwhile."""
    columns = [name for name in (*DECIDED, "owner") if name not in form.fields]
    return (*columns, *(["withdrawn_at"] if "state" in columns else []))


def refuse_taken_draft(user: Any, row: Resource | Guide) -> None:
    """Raises `PermissionDenied`: a draft that was published meanwhile is its author's no more. Locks the row."""
    if not may_edit_every(user):
        now: Any = type(row)._base_manager.select_for_update().filter(pk=row.pk).first()
        if now is not None and not may_change(user, now):
            raise PermissionDenied


def owner_column(user: Any) -> Callable[[Resource | Guide], str]:
    """The column that says who looks after a resource or a guide, as this person reads it."""

    @admin.display(description=_("whose"))
    def whose(row: Resource | Guide) -> str:
        if row.owner_id is None:
            return "–"
        return gettext("mine") if row.owner_id == user.pk else str(row.owner)

    return whose
