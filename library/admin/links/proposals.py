"""The new addresses that checks propose for the links of one host, entry by entry, each with its proof."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from library.admin.resources.bulk_changes import BULK_LIMIT
from library.history.snapshot import tokens_now
from library.maintenance.link_moves import MoveProof, proof_of
from library.models import Link, LinkMove, Resource

from .users import LinkUser, users_of

_PROOFS = {
    MoveProof.SAME: _("Opens, with the same page"),
    MoveProof.OTHER: _("Opens, but may be another page"),
    MoveProof.CLOSED: _("Didn’t open for our checks"),
    MoveProof.UNCHECKED: _("Not checked yet"),
}
_COUNTED = _("Opens, and is an audio file")
# Older than that, and the address is checked again when somebody looks at the page.
_FRESH = timedelta(hours=24)
_ASKED_AGAIN = 50


@dataclass(frozen=True)
class NewAddress:
    """A new address for a field of an entry. `is_right`: it opens with what was there; `is_guess`: by its neighbors.

    `is_counter`: it is what stands in the old one behind the name of a counter that no longer exists.
    """

    move_id: int
    entry_id: int
    field: str
    entry_title: str
    old: str
    address: str
    page_title: str
    is_guess: bool
    is_counter: bool
    is_right: bool
    proof: str | Promise
    target: Link
    token: str  # of the entry as it is now


def new_addresses(host: str, new_host: str) -> Sequence[NewAddress]:
    """What is proposed for the links of `host`, the proven ones first; without a `new_host`, from behind a counter.

    Five queries.
    """
    where = {"target__host": new_host, "is_counter": False} if new_host else {"is_counter": True}
    moves = LinkMove.objects.filter(link__host=host, declined_at=None, **where)
    by_link = {move.link_id: move for move in moves.select_related("link", "target").order_by("pk")[:BULK_LIMIT]}
    users = [user for user in users_of([move.link for move in by_link.values()]) if isinstance(user.row, Resource)]
    users = users[:BULK_LIMIT]
    tokens = tokens_now(Resource, list({user.row.pk for user in users}))
    found = [_new_address(by_link[user.link.pk], user, tokens.get(user.row.pk, "")) for user in users]
    return sorted(found, key=lambda one: not one.is_right)


def _new_address(move: LinkMove, user: LinkUser, token: str) -> NewAddress:
    proof, part = proof_of(move), urlsplit(user.address).fragment
    return NewAddress(
        move_id=move.pk,
        entry_id=user.row.pk,
        field=user.column,
        entry_title=str(user.row),
        old=user.address,
        address=f"{move.address}#{part}" if part else move.address,
        page_title=move.target.page.get("title", ""),
        is_guess=move.is_guess,
        is_counter=move.is_counter,
        is_right=proof is MoveProof.SAME,
        proof=_COUNTED if move.is_counter and proof is MoveProof.SAME else _PROOFS[proof],
        target=move.target,
        token=token,
    )


def stale_targets(proposals: Sequence[NewAddress], now: datetime) -> list[Link]:
    """New addresses that were last opened more than a day ago."""
    targets = [one.target for one in proposals]
    return [link for link in targets if link.looked_at and link.looked_at < now - _FRESH][:_ASKED_AGAIN]


def decline(moves: Collection[int], now: datetime) -> None:
    """Keep the old addresses, and don't propose these again."""
    LinkMove.objects.filter(pk__in=moves).update(declined_at=now)
