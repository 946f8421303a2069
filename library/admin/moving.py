"""Lists in an order that curators set: a “Move up”, “Move down” and “To the top” in each row, without a script."""

from collections.abc import Callable
from typing import Any, get_args

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from library.models.order import Direction

from .base import Curated

Mover = Callable[[int, Direction], bool]

_LABELS: dict[Direction, Any] = {
    "up": gettext_lazy("Move up"),
    "down": gettext_lazy("Move down"),
    "top": gettext_lazy("To the top"),
}


class Movable(Curated):
    """An admin whose list has buttons that move its rows, where the list shows all of one order."""

    def mover(self, request: HttpRequest) -> Mover | None:
        """What moves a row in the list that is asked for; None where it does not show one order."""
        raise NotImplementedError

    def may_move(self, request: HttpRequest) -> bool:
        """Whether this person may change the order."""
        return self.has_change_permission(request)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        columns = list(super().get_list_display(request))
        has_buttons = self.may_move(request) and self.mover(request) is not None
        return [columns[0], move_buttons, *columns[1:]] if has_buttons else columns

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.method == "POST" and "move" in request.POST:
            return self._move(request)
        return super().changelist_view(request, extra_context)

    def _move(self, request: HttpRequest) -> HttpResponse:
        """302 to the list, where the row stands now."""
        mover = self.mover(request)
        if not self.may_move(request):
            raise PermissionDenied
        direction, _space, number = request.POST["move"].partition(" ")
        if mover is None or direction not in get_args(Direction) or not _is_number(number):
            self.message_user(request, _("Choose one of the buttons of this list."), messages.WARNING)
            return HttpResponseRedirect(request.get_full_path())
        if not mover(int(number), direction):  # type: ignore[arg-type]
            self.message_user(request, _("It stands at that end already, or has left this list."), messages.WARNING)
        return HttpResponseRedirect(f"{request.get_full_path()}#row_{number}")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


@admin.display(description=gettext_lazy("Place"))
def move_buttons(row: Any) -> SafeString:
    """The three buttons; they belong to the form of the list. Each says which row it moves."""
    buttons = format_html_join(
        " ",
        '<button type="submit" name="move" value="{0} {1}" aria-label="{2}: {3}">{2}</button>',
        ((direction, row.pk, label, str(row)) for direction, label in _LABELS.items()),
    )
    return format_html('<span id="row_{}">{}</span>', row.pk, buttons)
