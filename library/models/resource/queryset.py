"""The questions that can be asked of resources; together they read as a sentence: `published(now).newest_first()`."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connections, models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from library.db.arrays import one_of
from library.search.text_query import Query, passage, rank_for, whole_text, window

from ..section import Section
from ..taxonomy import Category, Tag, TaggedResource
from ..web_address import address_key
from .constraints import NEWEST_FIRST
from .visibility import PUBLISHED, expired_at, listed_at, published_at, scheduled_at

LATELY = timedelta(days=90)

# Why a resource is gone whose time is over.
EXPIRED = _("It was listed here for a limited time.")

# One after the other, ten at most; a circle is gone through once.
_SUCCESSORS = """
    WITH RECURSIVE chain (id, place) AS (
        SELECT %s::bigint, 1
        UNION ALL
        SELECT r.successor_id, chain.place + 1 FROM chain JOIN library_resource AS r USING (id)
        WHERE r.successor_id IS NOT NULL AND chain.place < 10
    ) CYCLE id SET is_circle USING path
    SELECT id FROM chain WHERE NOT is_circle ORDER BY place"""

# All that leads there by one or more of them, the oldest first.
_PREDECESSORS = """
    WITH RECURSIVE chain (id, place) AS (
        SELECT id, 1 FROM library_resource WHERE successor_id = %s
        UNION ALL
        SELECT r.id, chain.place + 1 FROM chain JOIN library_resource AS r ON r.successor_id = chain.id
        WHERE chain.place < 10
    ) CYCLE id SET is_circle USING path
    SELECT id FROM chain WHERE NOT is_circle ORDER BY place DESC, id"""


class ResourceQuerySet(models.QuerySet[Any]):
    def only(self, *fields: Any) -> "ResourceQuerySet":
        """These columns, also those that the manager defers.

        Django leaves deferred ones out and, with none left, reads every column: a row that was asked for its transcript
        lost its unsaved changes.
        """
        return super(ResourceQuerySet, self.defer(None)).only(*fields)

    def published(self, now: datetime) -> "ResourceQuerySet":
        """Resources that readers see at `now`; scheduled ones appear by themselves."""
        return self.filter(published_at(now))

    def listed(self, now: datetime) -> "ResourceQuerySet":
        """Resources whose address tells readers anything at `now`: the published ones, and those that are gone."""
        return self.filter(listed_at(now))

    def hidden(self, now: datetime) -> "ResourceQuerySet":
        """Resources that are published, and whose listing date is still to come at `now`, or whose time is over."""
        return self.filter(scheduled_at(now) | expired_at(now))

    def scheduled(self, now: datetime) -> "ResourceQuerySet":
        """Resources that are published, and whose listing date is still to come at `now`."""
        return self.filter(scheduled_at(now))

    def expired(self, now: datetime) -> "ResourceQuerySet":
        """Resources that are published, and for which the time is over."""
        return self.filter(expired_at(now))

    def withdraw_expired(self, now: datetime) -> int:
        """Withdraw those whose time is over, as readers see them already; how many they were. Costs one query."""
        values = {"state": "withdrawn", "withdrawn_at": F("expires_at"), "withdrawn_reason": str(EXPIRED)}
        return self.expired(now).update(**values, updated_at=now)

    def submitted(self) -> "ResourceQuerySet":
        """Drafts that wait for somebody who may publish them."""
        return self.filter(state="draft", review_request__isnull=False)

    def due_for_review(self, today: date) -> "ResourceQuerySet":
        """Published ones whose day for the next review is over."""
        return self.filter(PUBLISHED, review_by__lt=today)

    def with_link(self, *states: str) -> "ResourceQuerySet":
        """Published ones of whose links the checks say this."""
        return self.filter(PUBLISHED, link_state__in=states)

    def without_summary(self) -> "ResourceQuerySet":
        """Published ones that say nothing about themselves in a list: neither a summary nor a text."""
        return self.filter(PUBLISHED, summary="", body="")

    def without_category(self) -> "ResourceQuerySet":
        """Published ones that are found under no subject."""
        return self.filter(PUBLISHED).in_no_category()

    def in_no_category(self) -> "ResourceQuerySet":
        """Resources of no subject, in any state."""
        return self.filter(~Exists(self.model.categories.through.objects.filter(resource=OuterRef("pk"))))

    def lately_in_other(self, now: datetime) -> "ResourceQuerySet":
        """Published ones of the category “Other” that readers have seen for 90 days at most."""
        other = self.model.categories.through.objects.filter(resource=OuterRef("pk"), category__slug="other")
        return self.published(now).filter(Exists(other), listed_at__gte=now - LATELY)

    def without_publisher(self) -> "ResourceQuerySet":
        """Published ones of which it is not known who made them."""
        return self.filter(PUBLISHED, publisher__isnull=True)

    def with_names(self, names: Collection[str]) -> "ResourceQuerySet":
        """Resources with these refs or slugs and their publishers, whether readers may see them or not."""
        return self.filter(Q(ref__in=names) | Q(slug__in=names)).select_related("publisher")

    def at_the_same_address(self, url: str) -> "ResourceQuerySet":
        """Resources that open the same page as `url`, in any state; none for no address."""
        return self.filter(address_key=address_key(url)).exclude(address_key="").order_by("id")

    def first_to_replace(self, resource: Any, now: datetime) -> tuple[Any, bool]:
        """Who replaces `resource` at `now`: its successor, or where that is gone the next one that readers may see.

        And whether it was replaced by something that is gone now. At most two queries, none without a successor.
        """
        if resource.successor_id is None:
            return None, False
        ids = self._ids(_SUCCESSORS, resource.successor_id)
        resources = self.in_bulk(ids)
        chain = [resources[pk] for pk in ids if pk in resources and resources[pk].is_listed(now)]
        return next((one for one in chain if not one.is_gone(now)), None), any(one.is_gone(now) for one in chain)

    def in_chain_of(self, resource: Any) -> list[Any]:
        """What led to it, the oldest first; itself; and what replaces it, each once. In any state. Three queries."""
        ids = [*self._ids(_PREDECESSORS, resource.pk), resource.pk, *self._ids(_SUCCESSORS, resource.successor_id)]
        resources = self.only("title", "published_on", "state").in_bulk(ids)
        return [resources[pk] for pk in dict.fromkeys(ids) if pk in resources]

    def _ids(self, statement: str, pk: int | None) -> list[int]:
        with connections[self.db].cursor() as cursor:
            cursor.execute(statement, [pk])
            return [one for (one,) in cursor]

    def in_section(self, section: Section) -> "ResourceQuerySet":
        return self.filter(section=section)

    def in_categories(self, categories: Collection[Category | int]) -> "ResourceQuerySet":
        """Resources in any of these categories, which may be ids, each once."""
        through = self.model.categories.through.objects.filter(resource=OuterRef("pk"), category__in=categories)
        return self.filter(Exists(through))

    def with_tags(self, tags: Collection[Tag | int]) -> "ResourceQuerySet":
        """Resources that have any of these tags, which may be ids, each once."""
        return self.filter(Exists(TaggedResource.objects.filter(content_object=OuterRef("pk"), tag__in=tags)))

    def published_in(self, years: Collection[int]) -> "ResourceQuerySet":
        """Resources that their publishers brought out in any of these years."""
        in_a_year = Q()
        for year in years:
            in_a_year |= Q(published_on__year=year)
        return self.filter(in_a_year)

    def dated_within(self, first: date, last: date) -> "ResourceQuerySet":
        """Resources that their publishers brought out from the day `first` to the day `last`."""
        return self.filter(published_on__range=(first, last))

    def undated(self) -> "ResourceQuerySet":
        """Resources of which nobody knows when they were brought out."""
        return self.filter(published_on__isnull=True)

    def among(self, ids: Sequence[int]) -> "ResourceQuerySet":
        """Those of these ids; of ten thousand as well, which would be too many parameters one by one."""
        return self.filter(pk__in=one_of(ids, "bigint"))

    def matching(self, query: Query) -> "ResourceQuerySet":
        """Resources whose words answer the query."""
        return self.filter(words__search=query)

    def ranked(self, query: Query) -> "ResourceQuerySet":
        """The best answers first. Reads the words of every resource in it."""
        return self.order_by(rank_for(query).desc(), NEWEST_FIRST, "-has_link", "-id")

    def with_marks(self, stems: Sequence[str], query: Query) -> "ResourceQuerySet":
        """With `marked_summary`, and a `passage` of the `window` of long texts: why each answers the query.

        `stems` are those of its words (`search.text_query.stems_of`). Both are without accents (`as_written` there).
        Dear for each row: ask it for a page.
        """
        has_no_text = When(Q(body="") & Q(transcript=""), then=Value(""))
        rows: ResourceQuerySet = self.annotate(
            marked_summary=whole_text("summary", query),
            window=Case(has_no_text, default=window(("body", "transcript"), stems), output_field=models.TextField()),
            passage=Case(has_no_text, default=passage("window", query), output_field=models.TextField()),
        )
        return rows

    def in_published_sections(self) -> "ResourceQuerySet":
        """Those that the library page can show."""
        return self.filter(section__state=Section.State.PUBLISHED)

    def lately_listed(self) -> "ResourceQuerySet":
        """The last that were listed first."""
        return self.order_by("-listed_at", "-id")

    def newest_first(self) -> "ResourceQuerySet":
        """Newest first; of the same date, first what has an address of its own, then what was added last."""
        return self.order_by(NEWEST_FIRST, "-has_link", "-id")

    def newest_of_section(self) -> "ResourceQuerySet":
        """Newest first; of the same date, first what has an address of its own, then in the order of the section."""
        return self.order_by("section_id", NEWEST_FIRST, "-has_link", "position")

    def in_library_order(self) -> "ResourceQuerySet":
        """In the order that curators gave the entries of a section."""
        return self.order_by("section_id", "position")

    def with_transcript_mark(self) -> "ResourceQuerySet":
        """With `has_transcript`, without reading the transcript itself."""
        rows: ResourceQuerySet = self.annotate(has_transcript=~Q(transcript=""))
        return rows

    def with_page_relations(self) -> "ResourceQuerySet":
        """With all that its own page shows but categories and tags, in the same query."""
        return self.select_related("publisher", "series", "section", "picture")

    def with_card_relations(self) -> "ResourceQuerySet":
        """With all that an entry in a list shows, in the same query."""
        shown = [
            "ref",
            "slug",
            "title",
            "kind",
            "summary",
            "body_html",
            "url",
            "audio_url",
            "transcript_url",
            "series__title",
            "speaker",
            "published_on",
            "published_precision",
            "course_length",
            "running_minutes",
            "place",
            "access",
            "access_note",
            "content_note",
            "publisher__name",
        ]
        return self.select_related("publisher", "series").only(*shown)
