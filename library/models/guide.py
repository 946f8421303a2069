"""Guides: a short page in the library's own words for one situation, found by the phrases that people type.

The database keeps the promises (`library/db/sql/library_guide_triggers.sql`): an old slug stays reserved for its guide,
and a guide that readers have seen is withdrawn and not deleted.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.pages.markdown import render_markdown
from library.search.text_query import folded_words

from .days import validate_past_day
from .help_line import HelpLine
from .resource.card_row import CardRow, card_rows_of_refs
from .taxonomy import Category
from .vocabulary import lines_of_text

NOTE_WORDS = 150
NOTE_LENGTH = 4_000
PHRASE_LIMIT = 60
PHRASE_LENGTH = 100
GUIDE_RESOURCE_LIMIT = 20
LINES_LENGTH = 10_000


class GuideQuerySet(models.QuerySet["Guide"]):
    def published(self) -> "GuideQuerySet":
        """Guides that readers see, by title."""
        return self.filter(state=Guide.State.PUBLISHED)

    def in_order(self) -> "GuideQuerySet":
        """Those of the first topics first, as curators order these."""
        return self.annotate(place=models.Min("categories__position")).order_by("place", "title")

    def with_slug(self, slug: str) -> "GuideQuerySet":
        """The guide that has, or ever had, this slug, whatever its state. At most one row."""
        return self.filter(Q(slug=slug) | Q(former_slugs__contains=[slug]))

    def due_for_review(self, today: date) -> "GuideQuerySet":
        """Published ones whose day for the next review is over."""
        return self.published().filter(review_by__lt=today)


class GuideManager(models.Manager.from_queryset(GuideQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, slug: str) -> "Guide":
        guide: Guide = self.with_slug(slug).get()
        return guide


class Guide(models.Model):
    """A page for one situation: what the library has for it, in order, and which help lines take such calls.

    `resources` has a ref at the beginning of each line; what follows is its title, for whoever edits the list.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft (curators only)")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    title = models.CharField(_("title"), max_length=120, help_text=_("The situation, e.g. “After a shooting”."))
    slug = models.SlugField(
        _("URL name"),
        max_length=100,
        db_index=False,
        help_text=_(
            "The last part of the web address: /guides/…/. If you change it, the old address leads to the new one."
        ),
    )
    note = models.TextField(
        _("note"),
        max_length=NOTE_LENGTH,
        validators=[MaxLengthValidator(NOTE_LENGTH)],
        blank=True,
        help_text=_(
            "Up to 150 words on what this guide is for and what’s in it. Link each claim to its source. Markdown: "
            "**bold**, - lists, [words](https://address)."
        ),
    )
    note_html = models.TextField(editable=False, blank=True)
    phrases = models.TextField(
        _("phrases that find it"),
        max_length=LINES_LENGTH,
        validators=[MaxLengthValidator(LINES_LENGTH)],
        blank=True,
        help_text=_(
            "One per line, e.g. “can’t sleep”. The guide’s card appears above the results of any search that "
            "includes one. Capitals, accents, and punctuation make no difference."
        ),
    )
    folded = ArrayField(models.CharField(max_length=PHRASE_LENGTH), editable=False, default=list, blank=True)
    resources = models.TextField(
        _("resources in order"),
        max_length=LINES_LENGTH,
        validators=[MaxLengthValidator(LINES_LENGTH)],
        blank=True,
        help_text=_(
            "One per line, in the order readers see them: paste the web address of the entry’s page here, or its short "
            "code. The title is added when you save. Readers don’t see drafts or withdrawn entries."
        ),
    )
    help_lines = models.ManyToManyField(
        HelpLine,
        verbose_name=_("help lines"),
        related_name="guides",
        blank=True,
        help_text=_("Those that take calls about this."),
    )
    help_lines_first = models.BooleanField(
        _("show the help lines first"),
        default=False,
        help_text=_("Puts them above the note. For anything close to a crisis."),
    )
    categories = models.ManyToManyField(
        Category,
        verbose_name=_("categories"),
        related_name="guides",
        blank=True,
        help_text=_("The guide appears on each one’s page."),
    )
    related = models.ManyToManyField("self", verbose_name=_("related guides"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    withdrawn_reason = models.CharField(
        _("reason for withdrawal"),
        max_length=300,
        blank=True,
        help_text=_("Readers who follow an old link see this sentence. Say where to look instead."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        help_text=_("Who looks after it. Authors can edit only their own drafts."),
    )
    reviewed_on = models.DateField(
        _("reviewed on"), null=True, blank=True, validators=[validate_past_day], help_text=_("Shown to readers.")
    )
    reviewer = models.CharField(
        _("reviewed by"), max_length=120, blank=True, help_text=_("Name and profession. Shown to readers.")
    )
    review_by = models.DateField(_("next review by"), null=True, blank=True)
    former_slugs = ArrayField(
        models.SlugField(max_length=100, db_index=False), editable=False, default=list, blank=True
    )
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects = GuideManager()

    class Meta:
        verbose_name = _("guide")
        verbose_name_plural = _("guides")
        ordering = ("title", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="guide_slug_unique",
                violation_error_code="unique",
                violation_error_message=_("Another guide has this URL name."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "published", "withdrawn"]), name="guide_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdrawn_reason=""),
                name="guide_withdrawn_with_reason",
                violation_error_message=_("Enter a reason. Readers who follow an old link will see it."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **options: Any) -> None:
        self.note_html = render_markdown(self.note)
        self.folded = list(dict.fromkeys(map(folded_words, lines_of_text(self.phrases))))
        super().save(*args, **options)

    def get_absolute_url(self) -> str:
        return reverse("guide", args=[self.slug])

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def clean(self) -> None:
        """Tidy the lines, and refuse what readers could not use. Costs up to two queries."""
        self.phrases = "\n".join(lines_of_text(self.phrases))
        self.resources = "\n".join(lines_of_text(self.resources))
        words = len(strip_tags(render_markdown(self.note[:NOTE_LENGTH])).split())
        if words > NOTE_WORDS:
            text = gettext("A note can have up to 150 words. This one has %d.")
            raise ValidationError({"note": text % words})
        if faults := phrase_faults(lines_of_text(self.phrases)):
            raise ValidationError({"phrases": faults})
        if len(self.refs) > GUIDE_RESOURCE_LIMIT:
            raise ValidationError({"resources": gettext("Choose up to 20. A guide is short.")})
        others = Guide.objects.exclude(pk=self.pk)
        if others.filter(former_slugs__contains=[self.slug]).exists():
            text = gettext("That URL name belonged to another guide whose links must keep working.")
            raise ValidationError({"slug": text})
        if self.state == self.State.DRAFT and self.has_been_public():
            text = gettext("It’s been public, so withdraw it instead of making it a draft.")
            raise ValidationError({"state": text})

    def has_been_public(self) -> bool:
        """Whether readers could see it before this change. Costs a query."""
        return bool(Guide.objects.exclude(state=self.State.DRAFT).filter(pk=self.pk).exists())

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    @property
    def refs(self) -> list[str]:
        """The refs of its resources, in order, each once."""
        return list(dict.fromkeys(line.split()[0] for line in lines_of_text(self.resources)))

    def published_resources(self, now: datetime) -> list[CardRow]:
        """Those of its resources that readers see, in order, as a card shows them. One query."""
        return card_rows_of_refs(self.refs, now)

    @property
    def note_as_html(self) -> SafeString:
        """The note, as it was cleaned when it was saved."""
        return mark_safe(self.note_html)  # noqa: S308 - cleaned on save


def phrase_faults(phrases: Sequence[str]) -> list[str]:
    """Why these cannot be the phrases of a guide, in words for curators; nothing when they can."""
    long = gettext("“%s” has more than 100 characters.")
    empty = gettext("“%s” has no letter and no digit.")
    faults = [long % phrase for phrase in phrases if len(phrase) > PHRASE_LENGTH]
    faults += [empty % phrase for phrase in phrases if not folded_words(phrase)]
    if len(phrases) > PHRASE_LIMIT:
        faults.append(gettext("Enter up to 60 phrases."))
    return faults
