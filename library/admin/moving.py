"""Lists in an order that curators set: a “Move up”, “Move down” and “To the top” in each row, without a script."""

from collections.abc import Callable, Sequence
from typing import Any, get_args

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from library.history.keeping import note
from library.models import Deed
from library.models.order import Direction, OrderChanged

from .base import Curated
from .numbers import only_ids

# The number of a row, where it goes, and the rows as they were seen.
Mover = Callable[[int, Direction, Sequence[int]], bool]

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
        """302 to the list, where the row stands now. In an order that others have changed meanwhile nothing moves."""
        mover = self.mover(request)
        if not self.may_move(request):
            raise PermissionDenied
        direction, _space, number = request.POST["move"].partition(" ")
        if mover is None or direction not in get_args(Direction) or not _is_number(number):
            self.message_user(request, _("Choose one of the buttons of this list."), messages.WARNING)
            return HttpResponseRedirect(request.get_full_path())
        seen = [int(pk) for pk in only_ids(request.POST.getlist("seen"))]
        try:
            with transaction.atomic():
                moved = mover(int(number), direction, seen)  # type: ignore[arg-type]
                if moved:
                    self._note_move(request, int(number), direction)
        except OrderChanged:
            words = _("Somebody else has changed this order meanwhile. Nothing was moved; below is the order of now.")
            self.message_user(request, words, messages.WARNING)
        else:
            if not moved:
                words = _("It stands at that end already, or has left this list.")
                self.message_user(request, words, messages.WARNING)
        return HttpResponseRedirect(f"{request.get_full_path()}#row_{number}")

    def _note_move(self, request: HttpRequest, pk: int, direction: str) -> None:
        row = self.model._base_manager.get(pk=pk)
        words = str(_LABELS[direction])  # type: ignore[index]
        note(self.model, Deed.Kind.MOVED, row=row, by=self._curator(request), now=timezone.now(), words=words)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


@admin.display(description=gettext_lazy("Place"))
def move_buttons(row: Any) -> SafeString:
    """The three buttons; they belong to the form of the list. Each says which row it moves, all say what was seen."""
    buttons = format_html_join(
        " ",
        '<button type="submit" name="move" value="{0} {1}" aria-label="{2}: {3}">{2}</button>',
        ((direction, row.pk, label, str(row)) for direction, label in _LABELS.items()),
    )
    seen = format_html('<input type="hidden" name="seen" value="{}">', row.pk)
    return format_html('<span id="row_{}">{}{}</span>', row.pk, seen, buttons)
