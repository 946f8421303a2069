"""A help line needs two people: one proposes what it says, another approves it. In an emergency one publishes alone.

All of it under a lock on the change, so that two decisions at once are one.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from library.help_at_hand import lines_at_hand
from library.history.keeping import keep, keep_first
from library.models import Deed, HelpLine, HelpLineChange, User

APPROVE = "library.approve_helplinechange"
# What one person may write down alone: that the line was looked at again, and found right.
LOOKED_AT = {"verified_on", "verified_by", "source_url", "notes"}

Kind, State = HelpLineChange.Kind, HelpLineChange.State


class CannotDecide(Exception):
    """Says for people why a change stays as it is."""


def needs_second_person(fields: set[str]) -> bool:
    """Whether a change of these fields is more than a new look at what the line says."""
    return bool(fields - LOOKED_AT)


def propose(line: HelpLine, fields: set[str], by: User, now: datetime) -> HelpLineChange:
    """Keep what these fields of `line` say, which is not saved, until somebody else has looked at it.

    Raises `CannotDecide` while another change of the same line waits.
    """
    with transaction.atomic():
        saved = HelpLine.objects.select_for_update().filter(pk=line.pk).first()
        _refuse_second(saved)
        return HelpLineChange.objects.create(
            kind=Kind.CHANGE if saved else Kind.ADD,
            line=saved,
            name=line.name,
            values=_values(line, fields),
            former=_values(saved, fields) if saved else {},
            proposed_by=by,
            proposed_at=now,
        )


def propose_removal(line: HelpLine, by: User, now: datetime) -> HelpLineChange:
    """The same for taking a line away."""
    with transaction.atomic():
        saved = HelpLine.objects.select_for_update().get(pk=line.pk)
        _refuse_second(saved)
        return HelpLineChange.objects.create(
            kind=Kind.REMOVE, line=saved, name=saved.name, proposed_by=by, proposed_at=now
        )


def approve(change: HelpLineChange, by: User, now: datetime) -> None:
    """Publish it, as somebody who did not propose it. Raises `CannotDecide`."""
    if by.pk == change.proposed_by_id:
        raise CannotDecide(_("Whoever proposed a change cannot approve it."))
    _publish(change, State.APPROVED, by, now)


def publish_alone(change: HelpLineChange, by: User, reason: str, now: datetime) -> None:
    """Publish one's own change although nobody else has looked at it; the reason is kept. Raises `CannotDecide`."""
    if by.pk != change.proposed_by_id:
        raise CannotDecide(_("Somebody else proposed this, so you can approve it."))
    if not reason.strip():
        raise CannotDecide(_("Write down why nobody else could look at it."))
    _publish(change, State.ALONE, by, now, reason.strip())


def drop(change: HelpLineChange, by: User, now: datetime) -> None:
    """Leave the line as it is. Raises `CannotDecide`."""
    with transaction.atomic():
        waiting = _waiting(change)
        waiting.decide(State.DROPPED, by, now)
        waiting.save()


def _publish(change: HelpLineChange, state: str, by: User, now: datetime, reason: str = "") -> None:
    with transaction.atomic():
        waiting = _waiting(change)
        line = _line_of(waiting)
        transaction.on_commit(lambda: lines_at_hand(now))  # leaves their copy for a lost database
        waiting.decide(state, by, now, reason)
        told = {"state": waiting.get_state_display(), "who": waiting.proposed_by.get_username(), "reason": reason}
        words = (_("%(state)s; proposed by %(who)s. %(reason)s") % told).strip()
        if waiting.kind == Kind.REMOVE:
            keep(HelpLine, [line.pk], Deed.Kind.DELETED, by=by, now=now, words=words)
            waiting.save()
            line.delete()
            return
        keep_first(HelpLine, [line.pk] if line.pk else [], now=now)
        for name, value in waiting.values.items():
            field: Any = HelpLine._meta.get_field(name)
            setattr(line, name, field.to_python(value))
        try:
            line.full_clean()
        except ValidationError as error:
            raise CannotDecide(" ".join(error.messages)) from error
        done = Deed.Kind.CHANGED if line.pk else Deed.Kind.ADDED
        line.save()
        keep(HelpLine, [line.pk], done, by=by, now=now, words=words)
        waiting.line = line
        waiting.save()


def _waiting(change: HelpLineChange) -> HelpLineChange:
    found = HelpLineChange.objects.select_for_update().get(pk=change.pk)
    if found.state != State.OPEN:
        raise CannotDecide(_("Somebody has decided this already."))
    return found


def _line_of(change: HelpLineChange) -> HelpLine:
    if change.kind == Kind.ADD:
        return HelpLine()
    line: HelpLine | None = HelpLine.objects.select_for_update().filter(pk=change.line_id).first()
    if line is None:
        raise CannotDecide(_("The help line is gone. Drop this change."))
    return line


def _refuse_second(line: HelpLine | None) -> None:
    if line is not None and HelpLineChange.objects.open().filter(line=line).exists():
        raise CannotDecide(_("Another change of this line waits already. Decide that one first."))


def _values(line: HelpLine, fields: set[str]) -> dict[str, Any]:
    return {name: getattr(line, name) for name in fields}
