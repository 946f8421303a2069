"""Episodes of a feed into the library: which of them it has, and chosen ones as drafts, all of them or none."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext

from library.history.record import OpenAuditEntry
from library.models import AuditEntry, FeedEpisode, Resource, Section, Series, User
from library.models.days import is_published_day
from library.models.resource import new_ref
from library.models.resource.kinds import Kind
from library.models.slugs import free_slugs, wish_for
from library.models.taken_names import taken_names
from library.models.web_address import address_key, without_tracking

from .feeds import Episode


@dataclass(frozen=True)
class FeedImportResult:
    """The drafts that were made, and how many of the chosen episodes the library had already.

    `undated` says of how many drafts the date was left out, because nothing is published on it. `entry_id` is the act
    in the history, by which it can be undone; None where none were made.
    """

    drafts: tuple[Resource, ...]
    known: int
    undated: int
    entry_id: int | None


def find_known(episodes: Collection[Episode], series: Series) -> dict[str, Resource]:
    """The entry of each episode that the library has, by guid: taken from this feed, or at its address. Two queries."""
    guids = {episode.guid for episode in episodes}
    keys = {key: episode.guid for episode in episodes if (key := address_key(episode.url))}
    at_address = Resource.objects.filter(address_key__in=keys).exclude(address_key="").order_by("-pk")
    known = {keys[resource.address_key]: resource for resource in at_address}
    return known | {taken.guid: taken.resource for taken in FeedEpisode.objects.of_series(series, guids)}


def import_episodes(
    episodes: Sequence[Episode], *, series: int, section: int, by: User, now: datetime
) -> FeedImportResult:
    """Make a draft of each episode that is new, in this order behind the entries of the section; they are `by`'s own.

    Raises DoesNotExist for a series or a section that is gone, ValidationError for what no entry can be. Two imports
    at once run one after the other.
    """
    with transaction.atomic():
        # In this order, so that no two wait for each other.
        shelf = Section.objects.select_for_update(no_key=True).get(pk=section)
        run = Series.objects.select_for_update(of=("self",)).select_related("publisher").get(pk=series)
        known = find_known(episodes, run)
        new = list({episode.guid: episode for episode in episodes if episode.guid not in known}.values())
        drafts = [_draft(episode, run, shelf, by) for episode in new]
        _assign_slugs(drafts)
        first = shelf.next_position()
        for place, draft in enumerate(drafts):
            draft.position = first + place
            draft.clean_fields(exclude=["slot"])
        Resource.objects.bulk_create(drafts)
        # Of an episode that was taken before and whose draft was deleted, there is one already.
        FeedEpisode.objects.bulk_create(
            [
                FeedEpisode(series=run, guid=episode.guid, resource=draft)
                for episode, draft in zip(new, drafts, strict=True)
            ],
            update_conflicts=True,
            unique_fields=["series", "guid"],
            update_fields=["resource"],
        )
        message = gettext("From the feed of %s.") % run
        act = OpenAuditEntry(Resource, AuditEntry.Kind.IMPORTED, by, now)
        act.add([draft.pk for draft in drafts])
        act.close(message)
    undated = sum(bool(episode.published_on) for episode in new) - sum(bool(draft.published_on) for draft in drafts)
    return FeedImportResult(tuple(drafts), len(episodes) - len(new), undated, act.entry.pk)


def _draft(episode: Episode, series: Series, section: Section, owner: User) -> Resource:
    day = episode.published_on if episode.published_on and is_published_day(episode.published_on) else None
    return Resource(
        kind=Kind.PODCAST,
        state=Resource.State.DRAFT,
        title=episode.title,
        summary=episode.summary,
        url=without_tracking(episode.url),
        address_key=address_key(episode.url),
        section=section,
        owner=owner,
        series=series,
        publisher=series.publisher,
        published_on=day,
        published_precision=Resource.Precision.DAY if day else "",
        audio_url=episode.audio_url,
        audio_bytes=episode.audio_bytes,
        running_minutes=episode.running_minutes,
    )


def _assign_slugs(drafts: Sequence[Resource]) -> None:
    """An address name for each that no other entry has or had, and a ref. At most nine queries."""
    refs: set[str] = set()
    while len(refs) < len(drafts):
        wanted = {new_ref() for _draft in range(len(drafts) - len(refs))}
        refs |= wanted.difference(Resource.objects.filter(ref__in=wanted).values_list("ref", flat=True))
    wishes = [wish_for(draft.title, ref, 100) for draft, ref in zip(drafts, refs, strict=True)]
    for draft, ref, slug in zip(drafts, refs, free_slugs(wishes, partial(taken_names, Resource), 100), strict=True):
        draft.ref, draft.slug = ref, slug
