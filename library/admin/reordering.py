"""Lists in an order that curators set: a “Move up”, “Move down” and “To the top” in each row, without a script.

With one, rows are dragged too (`static/js/desk/drag.js`): that sends the same form, and the same things are refused.
"""

from collections.abc import Callable, Sequence
from typing import Any, get_args

from django.contrib import admin, messages
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.history.record import note
from library.models import Deed
from library.models.order import Direction, Goal, OrderChanged

from .base import Curated
from .errors import REFUSALS, words_for
from .ids import only_ids
from .lists import without_page

# The number of a row, where it goes, and the rows as they were seen.
Mover = Callable[[int, Goal, Sequence[int]], bool]

_LABELS: dict[Direction, Any] = {
    "up": _("Move up"),
    "down": _("Move down"),
    "top": _("To the top"),
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
        return [columns[0], move_buttons, *columns[1:]] if self._has_buttons(request) else columns

    def _has_buttons(self, request: HttpRequest) -> bool:
        return self.may_move(request) and self.mover(request) is not None

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.method == "POST" and "move" in request.POST:
            return self._move(request)
        context = {"is_movable": self._has_buttons(request)} | (extra_context or {})
        return super().changelist_view(request, context)

    def _move(self, request: HttpRequest) -> HttpResponse:
        """302 to the list, on what was pressed. In an order that others have changed meanwhile nothing moves."""
        mover = self.mover(request)
        if not self.may_move(request):
            raise PermissionDenied
        asked, _space, number = request.POST["move"].partition(" ")
        goal = _goal(asked)
        if mover is None or goal is None or not _is_number(number):
            self.message_user(request, gettext("Choose one of the buttons of this list."), messages.WARNING)
            return HttpResponseRedirect(request.get_full_path())
        seen = [int(pk) for pk in only_ids(request.POST.getlist("seen"))]
        try:
            with transaction.atomic():
                moved = mover(int(number), goal, seen)
                if moved:
                    self._note_move(request, int(number), goal)
        except OrderChanged:
            words = gettext(
                "Somebody else has changed this order meanwhile. Nothing was moved; below is the order of now."
            )
            self.message_user(request, words, messages.WARNING)
        except REFUSALS as error:
            self.message_user(request, gettext("Nothing was moved. %s") % words_for(error, self.model), messages.ERROR)
        else:
            if not moved:
                words = gettext("It stands at that end already, or has left this list.")
                self.message_user(request, words, messages.WARNING)
        place = f"row_{number}" if isinstance(goal, int) else f"{goal}_{number}"
        return HttpResponseRedirect(f"{self._page_with(request, int(number))}#{place}")

    def _page_with(self, request: HttpRequest, pk: int) -> str:
        """The address of the page of this list on which the row stands now; of the first one, where it has left it."""
        query = without_page(request)
        listed: Any = self.get_changelist_instance(request)
        ids = listed.paginator.all_ids()
        page = ids.index(pk) // listed.list_per_page + 1 if pk in ids else 1
        if page > 1:
            query[PAGE_VAR] = str(page)
        return f"{request.path}?{query.urlencode()}".rstrip("?")

    def _note_move(self, request: HttpRequest, pk: int, goal: Goal) -> None:
        row = self.model._base_manager.get(pk=pk)
        words = gettext("Dragged to another place") if isinstance(goal, int) else str(_LABELS[goal])
        note(self.model, Deed.Kind.MOVED, row=row, by=self._curator(request), now=timezone.now(), words=words)


def _goal(asked: str) -> Goal | None:
    """A direction, or the number of the row whose place is asked for."""
    if asked in get_args(Direction):
        return asked  # type: ignore[return-value]
    return int(asked) if _is_number(asked) else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


@admin.display(description=_("Place"))
def move_buttons(row: Any) -> SafeString:
    """The three buttons, and the grip of the script. They belong to the form of the list: each says which row it moves,
    all say what was seen. The page comes back to the id of the button that was pressed, which gives it the focus."""
    buttons = format_html_join(
        " ",
        '<button type="submit" name="move" id="{0}_{1}" value="{0} {1}" aria-label="{2}: {3}">{2}</button>',
        ((direction, row.pk, label, str(row)) for direction, label in _LABELS.items()),
    )
    seen = format_html('<input type="hidden" name="seen" value="{}">', row.pk)
    grip = format_html('<span data-grip hidden aria-hidden="true" title="{}"></span>', gettext("Drag to another place"))
    return format_html('<span id="row_{}">{}{}{}</span>', row.pk, seen, grip, buttons)
