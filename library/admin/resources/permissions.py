"""Who may do what with a resource: an author's own drafts, an editor's texts, a publisher's decision.

What somebody may not do is neither shown as a field or a button nor taken from a form.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.accounts.permissions import EDIT_EVERY, PUBLISH, may_change
from library.admin.reordering import Movable
from library.models import Resource, User

# What a publisher alone decides of a resource.
DECIDED = ("state", "listed_at", "expires_at")


class WhoseFilter(admin.SimpleListFilter):
    """The list of one's own resources, or of those that nobody looks after."""

    title = _("whose it is")
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("mine", _("Mine")), ("nobody", _("Nobody's"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "mine":
            return queryset.filter(owner=request.user)
        return queryset.filter(owner=None) if self.value() == "nobody" else queryset


class OwnerForm(forms.ModelForm):  # type: ignore[type-arg]
    """Asks whose a resource is: of those who can sign in, or whoever it is now, also when they have left."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "owner" in self.fields:
            field: Any = self.fields["owner"]
            choice = Q(is_active=True, is_staff=True) | Q(pk=self.instance.owner_id)
            field.queryset = User.objects.filter(choice).order_by("username")
            # Chosen here, never made or changed from here.
            field.widget.can_add_related = field.widget.can_change_related = field.widget.can_view_related = False


class ByRole(Movable):
    """An admin of resources that asks the roles."""

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Also for list actions: `permissions=["publish"]`."""
        return bool(request.user.has_perm(PUBLISH))

    def has_every_permission(self, request: HttpRequest) -> bool:
        """Whether they may change what is not their own draft. For list actions: `permissions=["every"]`."""
        return bool(request.user.has_perm(EDIT_EVERY))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_change(request.user, obj))

    def may_move(self, request: HttpRequest) -> bool:
        return super().may_move(request) and self.has_every_permission(request)

    def get_actions(self, request: HttpRequest) -> Any:
        """None for authors: an action changes whatever is chosen, also what is not theirs."""
        return super().get_actions(request) if self.has_every_permission(request) else {}

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """With whose each is; not where the list puts a section in order, and needs the width for its buttons."""
        columns = super().get_list_display(request)
        return columns if self.mover(request) else [*columns, whose_for(request.user)]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        shown = tuple(super().get_readonly_fields(request, obj))
        decided = () if self.has_publish_permission(request) else DECIDED
        return (*shown, *(name for name in decided if name not in shown))

    def kept_on_save(self, form: Any) -> tuple[str, ...]:
        """Also what this person may not change: somebody else may have, since the form was read."""
        kept = [name for name in (*DECIDED, "owner") if name not in form.fields]
        return (*super().kept_on_save(form), *kept, *(["withdrawn_at"] if "state" in kept else []))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A new resource is its maker's. A draft that was published meanwhile is its author's no more."""
        if not change:
            obj.owner = request.user
        elif not self.has_every_permission(request):
            now: Resource | None = Resource.objects.select_for_update().filter(pk=obj.pk).first()
            if now is not None and not may_change(request.user, now):
                raise PermissionDenied
        super().save_model(request, obj, form, change)


def whose_for(user: Any) -> Callable[[Resource], str]:
    """The column that says who looks after a resource, as this person reads it."""

    @admin.display(description=_("whose"))
    def whose(resource: Resource) -> str:
        if resource.owner_id is None:
            return "–"
        return gettext("mine") if resource.owner_id == user.pk else str(resource.owner)

    return whose
