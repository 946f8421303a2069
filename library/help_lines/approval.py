"""A help line needs two people: one proposes what it says, another approves it. In an emergency one publishes alone.

All of it under a lock on the change, so that two decisions at once are one. The line may have become another one since
the proposal: who publishes has seen what it says now, and an older look at it takes no newer one's place.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from library.history.diff import labels_of, value_of
from library.history.record import record, record_before
from library.history.snapshot import Snapshot, snapshot_now
from library.models import AuditEntry, HelpLine, HelpLineChange, User

from .cards import help_lines_for_pages

APPROVE = "library.approve_helplinechange"
# What one person may write down alone: that the line was looked at again, and found right.
VERIFICATION_FIELDS = {"verified_on", "verified_by", "source_url", "notes"}


class CannotDecide(Exception):
    """Says for people why a change stays as it is."""


class LineChanged(CannotDecide):
    """The line is not what whoever decided had seen."""


@dataclass(frozen=True)
class FieldPreview:
    """A field of a line in words: what it says now (of a decided change: before), and what it is to say.

    `then` is what it said when the change was proposed, None where it says the same. What `stays`, no approval changes.
    """

    label: str
    now: str
    proposed: str
    then: str | None = None
    stays: bool = False


@dataclass(frozen=True)
class ChangePreview:
    """What a change would do to the line as it is: its fields, and others that are not what they were.

    `seen` says which line that is; whoever publishes the change gives it back.
    """

    seen: str
    fields: tuple[FieldPreview, ...]
    others: tuple[FieldPreview, ...]

    @property
    def has_changed(self) -> bool:
        """Whether the line is another one than the one that the proposal was about."""
        return bool(self.others) or any(field.then is not None for field in self.fields)


def needs_approval(fields: set[str]) -> bool:
    """Whether a change of these fields is more than a new look at what the line says."""
    return bool(fields - VERIFICATION_FIELDS)


def propose(line: HelpLine, fields: set[str], by: User, now: datetime) -> HelpLineChange:
    """Keep what these fields of `line` say, which is not saved, until somebody else has looked at it.

    Raises `CannotDecide` while another change of the same line waits.
    """
    with transaction.atomic():
        saved = HelpLine.objects.select_for_update().filter(pk=line.pk).first()
        _refuse_second(saved)
        return HelpLineChange.objects.create(
            kind=HelpLineChange.Kind.CHANGE if saved else HelpLineChange.Kind.ADD,
            line=saved,
            name=line.name,
            values={name: getattr(line, name) for name in fields},
            former=_fields_of(_snapshot(saved)),
            proposed_by=by,
            proposed_at=now,
        )


def propose_removal(line: HelpLine, by: User, now: datetime) -> HelpLineChange:
    """The same for taking a line away."""
    with transaction.atomic():
        saved = HelpLine.objects.select_for_update().get(pk=line.pk)
        _refuse_second(saved)
        return HelpLineChange.objects.create(
            kind=HelpLineChange.Kind.REMOVE,
            line=saved,
            name=saved.name,
            former=_fields_of(_snapshot(saved)),
            proposed_by=by,
            proposed_at=now,
        )


def preview_change(change: HelpLineChange) -> ChangePreview:
    """What somebody sees before deciding, or of a decided change what it did. At most one query."""
    there = _snapshot(change.line) if change.state == HelpLineChange.State.OPEN else None
    former = Snapshot(change.former, {})
    proposed = Snapshot(change.values, {})
    differing, staying = _changed_since(change, there), _staying(change, there)
    labels = labels_of(HelpLine)

    def text(name: str, snapshot: Snapshot) -> str:
        return str(value_of(HelpLine, name, snapshot))

    def field(name: str) -> FieldPreview:
        then = text(name, former) if name in differing else None
        return FieldPreview(labels[name], text(name, there or former), text(name, proposed), then, name in staying)

    fields = tuple(field(name) for name in labels if name in change.values)
    others = tuple(field(name) for name in labels if name in differing and name not in change.values)
    return ChangePreview(there.token if there else "", fields, others)


def approve(change: HelpLineChange, by: User, now: datetime, seen: str = "") -> None:
    """Publish it, as somebody who did not propose it and has `seen` the line as it is. Raises `CannotDecide`."""
    if by.pk == change.proposed_by_id:
        raise CannotDecide(gettext("You can’t approve a change you proposed."))
    _publish(change, HelpLineChange.State.APPROVED, by, now, seen)


def publish_alone(change: HelpLineChange, by: User, reason: str, now: datetime, seen: str = "") -> None:
    """Publish one's own change although nobody else has looked at it; the reason is kept. Raises `CannotDecide`."""
    if by.pk != change.proposed_by_id:
        raise CannotDecide(gettext("Someone else proposed this, so you can approve it."))
    if not reason.strip():
        raise CannotDecide(gettext("Say why no one else could check it."))
    _publish(change, HelpLineChange.State.ALONE, by, now, seen, reason.strip())


def drop(change: HelpLineChange, by: User, now: datetime) -> None:
    """Leave the line as it is. Raises `CannotDecide`."""
    with transaction.atomic():
        waiting = _waiting(change)
        waiting.decide(HelpLineChange.State.DROPPED, by, now)
        waiting.save()


def _publish(change: HelpLineChange, state: str, by: User, now: datetime, seen: str, reason: str = "") -> None:
    with transaction.atomic():
        waiting = _waiting(change)
        line = _line_of(waiting)
        there = _snapshot(line)
        if seen != (there.token if there else ""):
            raise LineChanged(
                gettext("The help line has changed since you opened this. Check its current version, then decide.")
            )
        transaction.on_commit(lambda: help_lines_for_pages(now))  # leaves their copy for a lost database
        waiting.decide(state, by, now, reason)
        values = {"state": waiting.get_state_display(), "who": waiting.proposed_by.get_username(), "reason": reason}
        message = (gettext("%(state)s; proposed by %(who)s. %(reason)s") % values).strip()
        if waiting.kind == HelpLineChange.Kind.REMOVE:
            record(HelpLine, [line.pk], AuditEntry.Kind.DELETED, by=by, now=now, comment=message)
            waiting.save()
            line.delete()
            return
        _write(waiting, line, there, now)
        done = AuditEntry.Kind.CHANGED if there else AuditEntry.Kind.ADDED
        record(HelpLine, [line.pk], done, by=by, now=now, comment=message)
        waiting.line, waiting.former = line, _fields_of(there)
        waiting.save()


def _write(change: HelpLineChange, line: HelpLine, there: Snapshot | None, now: datetime) -> None:
    """Have the line say what was proposed, but for what stays as it is."""
    writing = {name: value for name, value in change.values.items() if name not in _staying(change, there)}
    if not writing:
        raise CannotDecide(
            gettext("This would change nothing, because someone has verified the line since. Drop this change.")
        )
    record_before(HelpLine, [line.pk] if line.pk else [], now=now)
    for name, value in writing.items():
        field: Any = HelpLine._meta.get_field(name)
        setattr(line, name, field.to_python(value))
    try:
        line.full_clean()
    except ValidationError as error:
        raise CannotDecide(" ".join(error.messages)) from error
    line.save()


def _changed_since(change: HelpLineChange, there: Snapshot | None) -> set[str]:
    """The fields of the line that are not what they were when the change was proposed."""
    former = change.former if there else {}
    return {name for name, value in _fields_of(there).items() if name in former and former[name] != value}


def _staying(change: HelpLineChange, there: Snapshot | None) -> set[str]:
    """What the change says of a look at the line, where the line has a newer one: day, name, place and notes are one.

    A newer one is of a later day, or of no earlier one and written down since.
    """
    if there is None:
        return set()
    newest: str = there.fields["verified_on"]
    day = str(change.values.get("verified_on", newest))  # ISO 8601: as texts they compare as days do
    has_looked = bool(VERIFICATION_FIELDS & _changed_since(change, there))
    is_newer = newest > day or (has_looked and newest == day)
    return VERIFICATION_FIELDS & change.values.keys() if is_newer else set()


def _waiting(change: HelpLineChange) -> HelpLineChange:
    locked = HelpLineChange.objects.select_for_update().get(pk=change.pk)
    if locked.state != HelpLineChange.State.OPEN:
        raise CannotDecide(gettext("Someone has already decided this."))
    return locked


def _line_of(change: HelpLineChange) -> HelpLine:
    if change.kind == HelpLineChange.Kind.ADD:
        return HelpLine()
    line: HelpLine | None = HelpLine.objects.select_for_update().filter(pk=change.line_id).first()
    if line is None:
        raise CannotDecide(gettext("The help line is gone. Drop this change."))
    return line


def _refuse_second(line: HelpLine | None) -> None:
    if line is not None and HelpLineChange.objects.open().filter(line=line).exists():
        raise CannotDecide(gettext("This line already has a change waiting. Decide that one first."))


def _snapshot(line: HelpLine | None) -> Snapshot | None:
    return snapshot_now(HelpLine, line.pk) if line and line.pk else None


def _fields_of(snapshot: Snapshot | None) -> dict[str, Any]:
    return snapshot.fields if snapshot else {}
