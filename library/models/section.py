"""The parts of the library page, and the anchors that other sites link to.

An anchor, once published, lands for ever: database triggers (`library/db/sql/library_section_triggers.sql`) keep the
old one as an alias on every change, refuse one that another section has had, and refuse to lose any.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, OuterRef, Q, When
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from library.db.edit_cache import until_next_edit
from library.db.locks import Lock, transaction_lock
from library.pages.markdown import MARKDOWN_LIMIT, render_markdown
from library.search.pagination import Total

from .joint_checks import CheckedAtOnce
from .order import Goal, move
from .redirects import SectionAlias
from .slugs import ANCHOR_PATTERN, validate_anchor

if TYPE_CHECKING:
    from .resource import Resource

# The most that a section shows on the library page, whatever its own limit.
ENTRY_LIMIT = 100


class SectionQuerySet(models.QuerySet["Section"]):
    def on_page(self) -> "SectionQuerySet":
        """Sections whose anchor stands in the library page: published ones, and stubs of withdrawn ones."""
        return self.exclude(state=Section.State.DRAFT)

    def published(self) -> "SectionQuerySet":
        """Sections that readers can browse."""
        return self.filter(state=Section.State.PUBLISHED)

    def with_name(self, anchor: str) -> "SectionQuerySet":
        """The section that has, or ever had, this anchor. Costs one query; at most one row."""
        return self.filter(Q(anchor=anchor) | Q(aliases__anchor=anchor)).distinct()

    @transaction.atomic
    def move(self, pk: int, goal: Goal, seen: Sequence[int] = ()) -> bool:
        """Move this section on the page; False when it cannot go that way, or is gone.

        Raises `OrderChanged` where those in `seen` do not stand in that order any more.
        """
        transaction_lock(Lock.SECTION_ORDER)
        return move(self.all(), pk, goal, seen)

    def next_position(self) -> int:
        """The place behind the last section. Nobody else gets one, or moves any, until the end of the transaction."""
        transaction_lock(Lock.SECTION_ORDER)
        last: int | None = self.order_by("-position").values_list("position", flat=True).first()
        return (last or 0) + 1

    def _entries(self, now: datetime) -> Any:
        resource: Any = self.model._meta.get_field("resources").related_model
        return resource.objects.published(now).filter(section=OuterRef("pk"))

    def with_first_entries(self, now: datetime) -> "SectionQuerySet":
        """With `first_entries`: the ids of up to 100 published entries, in the order of the section."""
        entries = self._entries(now)
        newest = entries.newest_of_section().values("pk")[:ENTRY_LIMIT]
        manual = entries.in_library_order().values("pk")[:ENTRY_LIMIT]
        first = Case(When(order=Section.Order.NEWEST, then=ArraySubquery(newest)), default=ArraySubquery(manual))
        return self.annotate(first_entries=first)  # type: ignore[no-redef]


@until_next_edit
def sections_by_name() -> Mapping[str, "Section"]:
    """The sections of the page by every anchor that they have or had. Two queries, once until the next edit."""
    sections = Section.objects.on_page().prefetch_related("aliases")
    names: dict[str, Section] = {}
    for section in sections:
        names |= {alias.anchor: section for alias in section.aliases.all()} | {section.anchor: section}
    return names


class SectionManager(models.Manager.from_queryset(SectionQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, anchor: str) -> "Section":
        section: Section = self.with_name(anchor).get()
        return section


class Section(CheckedAtOnce):
    """A part of the library page with a heading, an intro, an order and a permanent anchor."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft (curators only)")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn (its anchor shows the reason)")

    class Order(models.TextChoices):
        NEWEST = "newest", _("Newest first, grouped by year")
        MANUAL = "manual", _("In the order curators chose")

    anchor = models.CharField(
        _("anchor"),
        max_length=61,
        validators=[validate_anchor],
        help_text=_(
            "This section’s permanent name in web addresses: /#podcasts. Other sites link to it, so choose it once. "
            "It doesn’t change when the heading does."
        ),
    )
    title = models.CharField(_("heading"), max_length=120)
    intro = models.TextField(
        _("introduction"),
        max_length=MARKDOWN_LIMIT,
        blank=True,
        help_text=_("Shown under the heading. Markdown: **bold**, - lists, [words](https://address)."),
    )
    intro_html = models.TextField(editable=False, blank=True)
    position = models.PositiveIntegerField(
        _("place on the page"), help_text=_("1 is the first section. Two sections can’t have the same place.")
    )
    order = models.CharField(_("order of its entries"), max_length=10, choices=Order, default=Order.MANUAL)
    entry_limit = models.PositiveSmallIntegerField(
        _("entries on the library page"),
        default=30,
        help_text=_("From 1 to 100. If there are more, the page shows “See all”."),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    since = models.DateField(
        _("anchor in use since"),
        default=timezone.localdate,
        help_text=_("The first day other sites could link to this anchor."),
    )
    withdrawn_reason = models.CharField(
        _("reason for withdrawal"),
        max_length=300,
        blank=True,
        help_text=_("Shown instead of the section. One sentence: why, and where to look instead."),
    )
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    entry_count: int  # set by `annotate(entry_count=search.index.section_total(now))`
    first_entries: list[int]  # set by `with_first_entries`

    objects = SectionManager()

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(
                fields=["anchor"],
                name="section_anchor_unique",
                violation_error_code="unique",
                violation_error_message=_("Another section has this anchor."),
            ),
            models.CheckConstraint(
                condition=Q(anchor__regex=ANCHOR_PATTERN),
                name="section_anchor_form",
                violation_error_message=_("Use 2 to 61 lowercase letters, digits, and hyphens."),
            ),
            # Deferrable, so that two sections can change places in one transaction.
            models.UniqueConstraint(
                fields=["position"], name="section_position_unique", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                condition=Q(entry_limit__range=(1, ENTRY_LIMIT)),
                name="section_entry_limit_range",
                violation_error_message=_("Show from 1 to 100 entries on the library page."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "published", "withdrawn"]), name="section_state_known"
            ),
            models.CheckConstraint(condition=Q(order__in=["newest", "manual"]), name="section_order_known"),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdrawn_reason=""),
                name="section_withdrawn_with_reason",
                violation_error_message=_("Enter a reason. Readers who follow an old link will see it."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **options: Any) -> None:
        self.intro_html = render_markdown(self.intro, top_heading=3)
        super().save(*args, **options)

    def get_absolute_url(self) -> str:
        """Where readers see it: its own page, with every entry."""
        return reverse("section", args=[self.anchor])

    def clean(self) -> None:
        if self.state == self.State.DRAFT and Section.objects.on_page().filter(pk=self.pk).exists():
            raise ValidationError({"state": _("Other sites may link to it, so withdraw it or merge it into another.")})
        if SectionAlias.objects.filter(anchor=self.anchor).exclude(section=self.pk).exists():
            raise ValidationError(
                {"anchor": _("That anchor belonged to another section whose links must keep working.")}
            )

    def natural_key(self) -> tuple[str]:
        return (self.anchor,)

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    @property
    def total(self) -> Total:
        """How many entries readers find in it. Only of rows with `entry_count`."""
        return Total(self.entry_count)

    @property
    def intro_as_html(self) -> SafeString:
        """The introduction, as it was cleaned when it was saved."""
        return mark_safe(self.intro_html)  # noqa: S308 - cleaned on save

    @transaction.atomic
    def move_entry(self, pk: int, goal: Goal, seen: Sequence[int] = ()) -> bool:
        """Move one of its entries; False when it cannot go that way, or has left. Locks the section's row.

        Raises `OrderChanged` where those in `seen` do not stand in that order any more.
        """
        Section.objects.select_for_update(no_key=True).filter(pk=self.pk).first()
        entries: models.Manager[Resource] = self.resources
        return move(entries.all(), pk, goal, seen)

    @transaction.atomic
    def change_anchor(self, anchor: str) -> None:
        """Take another anchor; the database keeps the old one as an alias. Raises `ValidationError` for a taken one."""
        row = Section.objects.select_for_update().get(pk=self.pk)
        row.anchor, row.since = anchor, timezone.localdate()
        others = [field.name for field in self._meta.fields if field.name != "anchor"]
        row.full_clean(exclude=others)
        row.save(update_fields=["anchor", "since", "updated_at"])
        self.anchor, self.since = row.anchor, row.since

    def next_position(self) -> int:
        """The place behind its last entry. Hold the section's row lock until the entry is saved."""
        entries: models.Manager[Resource] = self.resources
        last = entries.order_by("-position").values_list("position", flat=True).first()
        return (last or 0) + 1
