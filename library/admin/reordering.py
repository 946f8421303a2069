"""Lists in an order that curators set: a “Move up”, “Move down” and “To the top” in each row, without a script.

With one, rows are dragged too (`static/js/admin/drag.js`): that sends the same form, and the same things are refused.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, get_args

from django.contrib import admin, messages
from django.contrib.admin.views.main import PAGE_VAR
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.history.record import record_event
from library.models import AuditEntry
from library.models.order import Direction, Goal, OrderChanged

from .errors import REFUSALS, error_text
from .ids import only_ids
from .lists import whole_list

if TYPE_CHECKING:
    from .base import CuratedAdmin

# The id of a row, where it goes, and the rows as they were seen.
Mover = Callable[[int, Goal, Sequence[int]], bool]

_LABELS: dict[Direction, Any] = {
    "up": _("Move up"),
    "down": _("Move down"),
    "top": _("To the top"),
}


def with_buttons(columns: Sequence[Any]) -> list[Any]:
    """The columns of a list, with the buttons behind the first one."""
    return [columns[0], move_buttons, *columns[1:]]


def shows_all(request: HttpRequest) -> bool:
    """Whether a list shows all of its rows: neither found nor filtered."""
    return set(request.GET) <= {PAGE_VAR}


def is_move(request: HttpRequest) -> bool:
    """Whether one of the buttons was pressed, or a row was dragged."""
    return request.method == "POST" and "move" in request.POST


def move_row(owner: "CuratedAdmin", request: HttpRequest, mover: Mover | None) -> HttpResponse:
    """302 to the list, on what was pressed. In an order that others have changed meanwhile nothing moves.

    `mover` moves a row in the list that is asked for; None where that does not show one order.
    """
    target, _space, row_id = request.POST["move"].partition(" ")
    goal = _goal(target)
    if mover is None or goal is None or not _is_number(row_id):
        owner.message_user(request, gettext("Use one of the buttons in this list."), messages.WARNING)
        return HttpResponseRedirect(request.get_full_path())
    seen = [int(pk) for pk in only_ids(request.POST.getlist("seen"))]
    try:
        with transaction.atomic():
            moved = mover(int(row_id), goal, seen)
            if moved:
                _record_move(owner, request, int(row_id), goal)
    except OrderChanged:
        text = gettext("Someone else reordered this, so nothing was moved. Here’s the current order.")
        owner.message_user(request, text, messages.WARNING)
    except REFUSALS as error:
        owner.message_user(request, gettext("Nothing was moved. %s") % error_text(error, owner.model), messages.ERROR)
    else:
        if not moved:
            text = gettext("It’s already at that end, or it’s no longer on this list.")
            owner.message_user(request, text, messages.WARNING)
    place = f"row_{row_id}" if isinstance(goal, int) else f"{goal}_{row_id}"
    return HttpResponseRedirect(f"{_page_with(owner, request, int(row_id))}#{place}")


def _page_with(owner: "CuratedAdmin", request: HttpRequest, pk: int) -> str:
    """The address of the page of this list on which the row stands now; of the first one, where it has left it."""
    query = request.GET.copy()
    query.pop(PAGE_VAR, None)
    listed = whole_list(owner, request)
    ids = listed.paginator.all_ids()
    page = ids.index(pk) // listed.list_per_page + 1 if pk in ids else 1
    if page > 1:
        query[PAGE_VAR] = str(page)
    return f"{request.path}?{query.urlencode()}".rstrip("?")


def _record_move(owner: "CuratedAdmin", request: HttpRequest, pk: int, goal: Goal) -> None:
    row, by = owner.model._base_manager.get(pk=pk), request.user
    text = gettext("Dragged to a new place") if isinstance(goal, int) else str(_LABELS[goal])
    record_event(owner.model, AuditEntry.Kind.MOVED, row=row, by=by, now=timezone.now(), comment=text)  # type: ignore[arg-type]


def _goal(target: str) -> Goal | None:
    """A direction, or the id of the row whose place is wanted."""
    if target in get_args(Direction):
        return target  # type: ignore[return-value]
    return int(target) if _is_number(target) else None


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
    grip = format_html('<span data-grip hidden aria-hidden="true" title="{}"></span>', gettext("Drag to move"))
    return format_html('<span id="row_{}">{}{}{}</span>', row.pk, seen, grip, buttons)
