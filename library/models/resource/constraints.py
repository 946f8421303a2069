"""What the database itself holds of every resource, and the indexes that its lists are served by."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, ExtractDay, ExtractMonth
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from ..days import not_before_the_web
from .facts import Audience, Country, Language
from .kinds import FIELDS_OF_KIND, Kind, only_for
from .visibility import PUBLISHED

# What says whether readers see a published resource at a moment.
DATES = ["listed_at", "expires_at"]
NEWEST_FIRST = F("published_on").desc(nulls_last=True)
# Whether it leads anywhere by an address of its own.
HAS_LINK = models.ExpressionWrapper(~Q(url="", audio_url="", transcript_url=""), models.BooleanField())
# A date also where Django checks a constraint with the bare value of a form.
_PUBLISHED_ON = Cast("published_on", models.DateField())

INDEXES: list[models.Index] = [
    # What the desk asks of links: those about which there is something to do.
    models.Index(
        fields=["link_state"],
        name="resource_link_attention",
        condition=PUBLISHED & Q(link_state__in=["moved", "unsure", "back", "dead", "changed"]),
    ),
    # Lists of everything, newest first. With its dates, so that page 500 is found without reading the rows.
    models.Index(
        NEWEST_FIRST,
        F("has_link").desc(),
        F("id").desc(),
        name="resource_newest_listed",
        condition=PUBLISHED,
        include=DATES,
    ),
    # A section's newest entries: the library page and the section pages.
    models.Index(
        "section",
        NEWEST_FIRST,
        F("has_link").desc(),
        "position",
        name="resource_section_newest_listed",
        condition=PUBLISHED,
        include=["id", *DATES],
    ),
    # A section's entries in the order that curators gave them, without its drafts: the same pages.
    models.Index(
        fields=["section", "position"],
        name="resource_section_order",
        condition=PUBLISHED,
        include=["id", *DATES],
    ),
    # Lists by title.
    models.Index("title", "id", name="resource_title", condition=PUBLISHED),
    # What is published but not listed yet, and what was listed last.
    models.Index("listed_at", name="resource_listed", condition=PUBLISHED),
    # What is published and whose time is over, or will be.
    models.Index("expires_at", name="resource_expires", condition=PUBLISHED & Q(expires_at__isnull=False)),
    # Everything of a publisher, for its new name in the search words.
    models.Index(fields=["publisher"], name="resource_publisher"),
    # What curators are told to look after: few of many.
    models.Index("review_by", name="resource_review_due", condition=PUBLISHED & Q(review_by__isnull=False)),
    models.Index("id", name="resource_without_summary", condition=PUBLISHED & Q(summary="", body="")),
    # What readers don't see yet, or no longer, the newest first: few of many, or a list of its own at the desk.
    models.Index(fields=["state", "-id"], name="resource_not_published", condition=~PUBLISHED),
    # What somebody looks after, the newest first.
    models.Index(fields=["owner", "-id"], name="resource_owner", condition=Q(owner__isnull=False)),
    # Whatever leads to the same address: an import finds its rows by it.
    models.Index("address_key", "id", name="resource_address_key", condition=~Q(address_key="")),
]

RESOURCE_CONSTRAINTS: list[models.BaseConstraint] = [
    models.UniqueConstraint(fields=["ref"], name="resource_ref_unique"),
    models.UniqueConstraint(fields=["section", "slot"], name="resource_slot_unique"),
    models.CheckConstraint(condition=Q(ref__regex=r"^[a-z0-9]{4,12}$"), name="resource_ref_form"),
    models.UniqueConstraint(
        fields=["slug"],
        name="resource_slug_unique",
        violation_error_code="unique",
        violation_error_message=_("Another resource has this URL name. Add a year or a speaker to it."),
    ),
    # Deferrable, so that two entries change places in one statement. Also the index for a section in order.
    models.UniqueConstraint(
        fields=["section", "position"],
        name="resource_position_unique",
        deferrable=models.Deferrable.DEFERRED,
    ),
    models.CheckConstraint(
        condition=Q(published_on__isnull=True, published_precision="")
        | Q(published_on__isnull=False, published_precision__in=["year", "month", "day"]),
        name="resource_date_with_precision",
        violation_error_message=_("Enter both the publication date and its precision, or neither."),
    ),
    models.CheckConstraint(
        condition=~Q(published_precision__in=["year", "month"]) | Q(Exact(ExtractDay(_PUBLISHED_ON), 1)),
        name="resource_month_is_first_day",
        violation_error_message=_("For a month or a year, enter its first day as the date."),
    ),
    models.CheckConstraint(
        condition=~Q(published_precision="year") | Q(Exact(ExtractMonth(_PUBLISHED_ON), 1)),
        name="resource_year_is_january",
        violation_error_message=_("For a year, enter January 1 of that year as the date."),
    ),
    models.CheckConstraint(
        condition=~Q(state="published") | Q(listed_at__isnull=False),
        name="resource_published_with_date",
        violation_error_message=_("A published resource needs a “listed from” time."),
    ),
    models.CheckConstraint(
        condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("listed_at")) | Q(listed_at__isnull=True),
        name="resource_expires_after_listing",
        violation_error_message=_("“Listed until” must be after “listed from”."),
    ),
    models.CheckConstraint(
        condition=~Q(state="withdrawn") | (~Q(withdrawn_reason="") & Q(withdrawn_at__isnull=False)),
        name="resource_withdrawn_with_reason",
        violation_error_message=_("Enter a reason. Readers who follow an old link will see it."),
    ),
    models.CheckConstraint(
        condition=Q(successor__isnull=True) | ~Q(successor=F("id")),
        name="resource_not_its_own_successor",
        violation_error_message=_("A resource can’t replace itself."),
    ),
    models.CheckConstraint(
        condition=Q(link_state="unchecked", link_checked_on__isnull=True)
        | (~Q(link_state="unchecked") & Q(link_checked_on__isnull=False)),
        name="resource_link_state_with_date",
        violation_error_message=_("A checked link needs the date of the check; an unchecked one has none."),
    ),
    models.CheckConstraint(
        condition=Q(copy_taken_on__isnull=True) | ~Q(copy_url=""), name="resource_copy_day_with_address"
    ),
    not_before_the_web("reviewed_on", "resource_reviewed_since_1990"),
    not_before_the_web("link_checked_on", "resource_link_checked_since_1990"),
    models.CheckConstraint(condition=Q(kind__in=Kind.values), name="resource_kind_known"),
    models.CheckConstraint(condition=Q(state__in=["draft", "published", "withdrawn"]), name="resource_state_known"),
    models.CheckConstraint(
        condition=Q(access__in=["unchecked", "open", "account", "agency-email"]), name="resource_access_known"
    ),
    models.CheckConstraint(
        condition=Q(
            link_state__in=[
                "unchecked",
                "alive",
                "moved",
                "insecure",
                "walled",
                "robots",
                "unsure",
                "back",
                "dead",
                "changed",
            ]
        ),
        name="resource_link_state_known",
    ),
    models.CheckConstraint(
        condition=Q(audience__contained_by=Audience.values),
        name="resource_audience_known",
        violation_error_message=_("Choose from the list of audiences."),
    ),
    models.CheckConstraint(condition=Q(language__in=["", *Language.values]), name="resource_language_known"),
    models.CheckConstraint(condition=Q(country__in=["", *Country.values]), name="resource_country_known"),
    *(only_for(kind) for kind in Kind if FIELDS_OF_KIND[kind]),
]
