"""A form about one row as values: what was opened or sent, where its fields stand, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.contrib.admin.exceptions import DisallowedModelAdminToField
from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from .ids import only_ids

if TYPE_CHECKING:
    from .base import CuratedAdmin

# What the row was when its page was made: a form carries it, and only that is changed which its person has seen.
SEEN = "_seen"
# The id of what the browser has kept of a form, which only its script knows (`static/js/admin/drafts.js`).
DRAFT = "_draft"


class FormAction(StrEnum):
    SHOW = "show"
    SAVE = "save"
    FILL_IN = "fill in"  # sent to be filled in further: it comes back as it is, with no word of what is wrong
    RETURN = "return"  # it couldn't be saved in time: it comes back with the reason, and waits for no lock


@dataclass(frozen=True)
class FormRequest:
    """A form of `model_admin` that somebody opened or sent. `data` is None where nothing was sent.

    `row` is the row as it is kept, once it is `loaded`; None for a new one, or one that is gone.
    """

    request: HttpRequest
    model_admin: "CuratedAdmin"
    object_id: str | None
    action: FormAction
    data: QueryDict | None
    row: Any = None
    refusal: str = ""
    context: dict[str, Any] = field(default_factory=dict)
    form_url: str = ""

    @property
    def is_new(self) -> bool:
        return self.object_id is None

    @property
    def sent(self) -> QueryDict:
        """What was sent; empty where nothing was."""
        return QueryDict() if self.data is None else self.data

    @property
    def files(self) -> "MultiValueDict[str, Any]":
        return self.request.FILES

    @property
    def pk(self) -> int | None:
        """The id in the address; None for a new row, for what no row can have, and for rows without an `id`."""
        key = self.model_admin.opts.pk
        if self.object_id is None or key is None or key.column != "id":
            return None
        return next(map(int, only_ids([unquote(self.object_id)])), None)

    @property
    def to_field(self) -> str | None:
        """The field by which a form in a popup is referred to."""
        name: str | None = self.request.POST.get(TO_FIELD_VAR, self.request.GET.get(TO_FIELD_VAR))
        if name and not self.model_admin.to_field_allowed(self.request, name):
            raise DisallowedModelAdminToField(f"The field {name} cannot be referenced.")
        return name

    def loaded(self) -> "FormRequest":
        """With the row of now, also where there is none. Raises `PermissionDenied`."""
        owner, request, row = self.model_admin, self.request, None
        if self.object_id is None:
            is_allowed = owner.has_add_permission(request)
        else:
            row = owner.get_object(request, unquote(self.object_id), self.to_field)
            has_permission = owner.has_view_or_change_permission if self.data is None else owner.has_change_permission
            is_allowed = has_permission(request, row)
        if not is_allowed:
            raise PermissionDenied
        return replace(self, row=row)


@dataclass(frozen=True)
class FormLayout:
    """The groups of a form, which of its fields are only shown, and which can be edited, in their order."""

    fieldsets: Sequence[Any]
    readonly: Sequence[Any]
    prepopulated: dict[str, Any]
    editable: Sequence[str]


@dataclass(frozen=True)
class Outcome:
    """What became of a form that was saved: the messages, with their levels, and where it leads.

    Without an `address` it leads where the pressed button says. Nothing of it is shown before the transaction ends.
    """

    row: Any
    messages: tuple[tuple[int, str], ...] = ()
    address: str = ""
