"""One entry of the library, of any kind, in one table.

The database keeps the promises: `ref` never changes, an old slug stays reserved for its resource, a
published resource is withdrawn and not deleted (`library/db/sql/library_resource_triggers.sql`).
"""

import secrets
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from library.pages.markdown import MARKDOWN_LIMIT, render_markdown

from ..days import validate_past_day, validate_published_day
from ..joint_checks import CheckedAtOnce
from ..publisher import Publisher, Series
from ..redirects import FormerSlug
from ..section import Section
from ..taxonomy import Category, TaggedResource
from ..web_address import KEY_LIMIT, WebAddressField, address_key
from .constraints import HAS_LINK, INDEXES, RESOURCE_CONSTRAINTS
from .facts import Audience, AudienceField, Country, Language
from .kinds import Kind
from .queryset import EXPIRED, ResourceQuerySet
from .shown import ShownInLists
from .visibility import Visibility

# Without vowels, and without the characters that are mistaken for others when read aloud or from paper.
_REF_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"

TRANSCRIPT_LIMIT = 1_000_000  # characters


def new_ref() -> str:
    """A permanent code of seven characters for `/r/<ref>/`: one of 10 thousand million."""
    number, letters = secrets.randbelow(len(_REF_ALPHABET) ** 7), ""
    for _place in range(7):
        number, place = divmod(number, len(_REF_ALPHABET))
        letters += _REF_ALPHABET[place]
    return letters


class ResourceManager(models.Manager.from_queryset(ResourceQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> ResourceQuerySet:
        queryset: ResourceQuerySet = super().get_queryset()
        return queryset.defer("slot", "transcript")

    def get_by_natural_key(self, ref: str) -> "Resource":
        resource: Resource = self.get(ref=ref)
        return resource


class Resource(Visibility, ShownInLists, CheckedAtOnce):  # type: ignore[django-manager-missing]
    """Something outside that a reader can use: what it is, where it leads, and what is known of it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft (curators only)")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Precision(models.TextChoices):
        YEAR = "year", _("Year only")
        MONTH = "month", _("Month and year")
        DAY = "day", _("Exact date")

    class Access(models.TextChoices):
        UNCHECKED = "unchecked", _("May need an account (not checked)")
        NOTHING = "open", _("No account needed")
        ACCOUNT = "account", _("Account required")
        AGENCY_EMAIL = "agency-email", _("Agency email or verified law enforcement account required")

    class LinkState(models.TextChoices):
        UNCHECKED = "unchecked", _("Not checked yet")
        ALIVE = "alive", _("Works")
        MOVED = "moved", _("Moved")
        INSECURE = "insecure", _("Works, with a certificate warning")
        WALLED = "walled", _("Blocks checks")
        ROBOTS = "robots", _("Asks checkers to stay out")
        UNSURE = "unsure", _("Hasn’t opened lately")
        BACK = "back", _("Opens again, but may have changed")
        DEAD = "dead", _("Gone")
        CHANGED = "changed", _("Shows something else")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    ref = models.CharField(
        _("ref"),
        max_length=12,
        default=new_ref,
        editable=False,
        validators=[RegexValidator(r"^[a-z0-9]{4,12}$")],
        help_text=_("The permanent short code: /r/…/ always leads here."),
    )
    slug = models.SlugField(
        _("URL name"),
        max_length=100,
        db_index=False,
        help_text=_(
            "The last part of the web address: /resources/…/. If you change it, the old address leads to the new one."
        ),
    )
    title = models.CharField(_("title"), max_length=300, help_text=_("As the publisher wrote it."))
    summary = models.CharField(
        _("summary"),
        max_length=700,
        blank=True,
        help_text=_("What the reader gets, in one to three plain sentences. Shown in every list."),
    )
    body = models.TextField(
        _("text"),
        max_length=MARKDOWN_LIMIT,
        validators=[MaxLengthValidator(MARKDOWN_LIMIT)],
        blank=True,
        help_text=_("What the forum is and does. Markdown: **bold**, - lists, [words](https://address)."),
    )
    body_html = models.TextField(editable=False, blank=True)
    keywords = models.CharField(
        _("search words"),
        max_length=300,
        blank=True,
        help_text=_("Other words people might search for, separated by spaces. Not shown to readers."),
    )
    url = WebAddressField(_("address"), blank=True, help_text=_("Leave blank if unknown; the page then says so."))
    address_key = models.CharField(max_length=KEY_LIMIT, editable=False, blank=True)

    section = models.ForeignKey(
        Section, verbose_name=_("section"), on_delete=models.PROTECT, related_name="resources", db_index=False
    )
    position = models.PositiveIntegerField(
        _("place in its section"), editable=False, help_text=_("Change it with the arrows in the list of resources.")
    )
    publisher = models.ForeignKey(
        Publisher,
        verbose_name=_("publisher"),
        on_delete=models.PROTECT,
        related_name="resources",
        null=True,
        blank=True,
        db_index=False,
        help_text=_("Who made it. Leave blank if unknown."),
    )
    credit = models.CharField(
        _("other contributors"),
        max_length=200,
        blank=True,
        help_text=_("As one phrase, e.g. “funded by the COPS Office”."),
    )
    categories = models.ManyToManyField(Category, verbose_name=_("categories"), related_name="resources", blank=True)
    tags = TaggableManager(_("tags"), through=TaggedResource, blank=True, help_text=_("Keywords, separated by commas."))

    audience = AudienceField(verbose_name=_("audience"), help_text=_("Who it’s made for, if its page says so."))
    language = models.CharField(_("language"), max_length=2, choices=Language, blank=True)
    country = models.CharField(
        _("country"), max_length=2, choices=Country, blank=True, help_text=_("Whose laws and services it covers.")
    )

    published_on = models.DateField(
        _("published on"),
        null=True,
        blank=True,
        validators=[validate_published_day],
        help_text=_("When the publisher released it. If you know only the month or year, enter any day in it."),
    )
    published_precision = models.CharField(
        _("precision"),
        max_length=5,
        choices=Precision,
        blank=True,
        help_text=_("Readers see only this much of the date."),
    )
    access = models.CharField(_("access"), max_length=12, choices=Access, default=Access.UNCHECKED)
    access_note = models.CharField(
        _("access details"),
        max_length=200,
        blank=True,
        help_text=_("E.g. “Some materials need a member login.”"),
    )
    content_note = models.CharField(
        _("content note"),
        max_length=200,
        blank=True,
        help_text=_(
            "Anything that may upset a reader, in calm words, e.g. “Describes a line-of-duty death.” Shown "
            "before the link."
        ),
    )

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    listed_at = models.DateTimeField(
        _("listed from"),
        null=True,
        blank=True,
        help_text=_("When it goes live, in the site’s time zone. Leave blank to use the time you publish it."),
    )
    expires_at = models.DateTimeField(
        _("listed until"),
        null=True,
        blank=True,
        help_text=_("Withdraws automatically at this time, in the site’s time zone. Leave blank to keep it listed."),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn on"), null=True, blank=True, editable=False)
    withdrawn_reason = models.CharField(
        _("reason for withdrawal"),
        max_length=300,
        blank=True,
        help_text=_("Readers who follow an old link see this sentence."),
    )
    successor = models.ForeignKey(
        "self",
        verbose_name=_("replacement"),
        on_delete=models.PROTECT,
        related_name="predecessors",
        null=True,
        blank=True,
        help_text=_("The resource readers should use instead, if there is one."),
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
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)
    reviewed_on = models.DateField(
        _("reviewed on"),
        null=True,
        blank=True,
        validators=[validate_past_day],
        help_text=_("The last day a curator checked this entry and the resource and found both correct."),
    )
    review_by = models.DateField(_("next review by"), null=True, blank=True)
    # The words that readers get, which `library.maintenance.link_checks` writes when they become others. The day is
    # the first one on which they were true; of a link that works, one of the month in which it was last seen to.
    link_state = models.CharField(
        _("link"), max_length=10, choices=LinkState, default=LinkState.UNCHECKED, editable=False
    )
    link_checked_on = models.DateField(
        _("link checked on"), null=True, blank=True, validators=[validate_past_day], editable=False
    )
    # What readers are offered in place of a page that is lost: `library.maintenance.link_copies` writes it then.
    copy_url = WebAddressField(_("preserved copy"), blank=True, editable=False)
    copy_taken_on = models.DateField(_("copy taken on"), null=True, blank=True, editable=False)

    course_length = models.CharField(
        _("length"), max_length=120, blank=True, help_text=_("E.g. “About 4 hours to complete”.")
    )
    course_format = models.CharField(_("format"), max_length=120, blank=True, help_text=_("E.g. “eLearning course”."))

    series = models.ForeignKey(
        Series, verbose_name=_("series"), on_delete=models.PROTECT, related_name="episodes", null=True, blank=True
    )
    speaker = models.CharField(_("speaker"), max_length=200, blank=True)
    speaker_affiliation = models.CharField(
        _("speaker’s title or organization"),
        max_length=200,
        blank=True,
        help_text=_("E.g. “Behavioral Science Applications”."),
    )
    host = models.CharField(_("host"), max_length=200, blank=True)
    running_minutes = models.PositiveSmallIntegerField(_("running time in minutes"), null=True, blank=True)
    audio_url = WebAddressField(_("address of the audio file"), blank=True)
    audio_bytes = models.PositiveBigIntegerField(_("size of the audio file in bytes"), null=True, blank=True)
    transcript_url = WebAddressField(_("address of the transcript"), blank=True)
    transcript = models.TextField(
        _("transcript"),
        max_length=TRANSCRIPT_LIMIT,
        validators=[MaxLengthValidator(TRANSCRIPT_LIMIT)],
        blank=True,
        help_text=_(
            "What’s said, as plain text with a blank line between paragraphs, up to a million characters. Search "
            "covers it, and it has its own page."
        ),
    )

    incident = models.CharField(_("incident"), max_length=200, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True, help_text=_("E.g. “Aurora, CO”."))
    incident_date = models.CharField(
        _("incident date"),
        max_length=120,
        blank=True,
        help_text=_("In words, as exact as you know: “July 20, 2012”, “summer 2020”."),
    )
    agency = models.CharField(_("agency involved"), max_length=200, blank=True)
    authors = models.CharField(_("authors"), max_length=300, blank=True)
    pages = models.PositiveSmallIntegerField(_("pages"), null=True, blank=True)

    # Written by the database alone (`models.search_index`): its bit in the facets of its section.
    slot = models.PositiveIntegerField(editable=False, blank=True)
    has_link = models.GeneratedField(expression=HAS_LINK, output_field=models.BooleanField(), db_persist=True)

    objects = ResourceManager()

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        base_manager_name = "objects"
        # Besides Django's own four; `library.accounts.permissions` says who has them.
        permissions = [
            ("publish_resource", _("Can publish and withdraw resources and sections")),
            ("edit_every_resource", _("Can change resources that are not their own drafts")),
        ]
        indexes = INDEXES
        constraints = RESOURCE_CONSTRAINTS

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **options: Any) -> None:
        """Render the Markdown, and take the last place of the section when it is new there."""
        self.body_html = render_markdown(self.body, top_heading=4)
        self.address_key = address_key(self.url)
        with transaction.atomic():
            if self.position is None or self._has_moved():
                Section.objects.select_for_update(no_key=True).get(pk=self.section_id)
                self.position = self.section.next_position()
            super().save(*args, **options)

    def get_absolute_url(self) -> str:
        return reverse("resource", args=[self.slug])

    def _has_moved(self) -> bool:
        """Whether it stands in another section than before. Costs a query."""
        before = Resource.objects.filter(pk=self.pk).exclude(section=self.section_id)
        return self.pk is not None and bool(before.exists())

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """As Django's. A form without the end of the listing excludes it, and is not refused for one that is over."""
        super().clean_fields(exclude)
        if "expires_at" not in (exclude or ()) and self.has_expired(timezone.now()):
            raise ValidationError({"expires_at": _("That time has passed. Choose a later one, or withdraw the entry.")})

    def clean(self) -> None:
        """Fill in what follows from the rest, and refuse what only other rows can tell."""
        if self.published_on and self.published_precision in {"year", "month"}:
            self.published_on = self.published_on.replace(day=1)
        if self.published_on and self.published_precision == "year":
            self.published_on = self.published_on.replace(month=1)
        if self.state == self.State.PUBLISHED and self.listed_at is None:
            self.listed_at = timezone.now()
        if self.state == self.State.WITHDRAWN and self.withdrawn_at is None:
            self.withdrawn_at = timezone.now()
        if self.state != self.State.WITHDRAWN:
            self.withdrawn_at = None
        if self.state == self.State.DRAFT and self.has_been_public():
            raise ValidationError({"state": _("It’s been public, so withdraw it instead of making it a draft.")})
        if FormerSlug.objects.filter(slug=self.slug).exclude(resource=self.pk).exists():
            raise ValidationError(
                {"slug": _("That URL name belonged to another resource whose links must keep working.")}
            )

    def natural_key(self) -> tuple[str]:
        return (self.ref,)

    def why_gone(self, now: datetime) -> str:
        """The reason that readers are given; only of one that is gone."""
        return str(EXPIRED) if self.has_expired(now) else self.withdrawn_reason

    @property
    def offered_copy(self) -> str:
        """The address of the copy that stands in for a lost page; empty where it isn't lost, or none is known."""
        return self.copy_url if self.has_lost_link else ""

    def age(self, today: date) -> int | None:
        """How many whole years ago it was published, or one less where only the year is known. None: not known."""
        day = self.published_on
        if day is None:
            return None
        return max(0, int(today.year - day.year - ((today.month, today.day) < (day.month, day.day))))

    def has_been_public(self) -> bool:
        """Whether readers could see it before this change. Costs a query."""
        return bool(Resource.objects.listed(timezone.now()).filter(pk=self.pk).exists())

    @property
    def audience_labels(self) -> list[tuple[str, str]]:
        """Value and name of each audience, in the order of the list."""
        return [(value, str(label)) for value, label in Audience.choices if value in self.audience]

    @property
    def publisher_name(self) -> str:
        return self.publisher.name if self.publisher else ""

    @property
    def series_title(self) -> str:
        return self.series.title if self.series else ""
