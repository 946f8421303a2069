"""What the site is called, who answers for it, and how it looks. What is empty here has the value of every copy.

Everything reads it through `library.identity.current`.
"""

from math import floor
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.env import REACHABLE_PATTERN, zone_named
from library.identity.accent import ACCENT_PATTERN, LEAST_CONTRAST, is_color, weak_contrast

from .days import not_before_the_web, validate_past_day
from .joint_checks import CheckedAtOnce
from .picture_file import PictureFile
from .web_address import WebAddressField

# What a logo's file is named by, where that of an entry has the entry's ref.
LOGO = "sitelogo"

_EMERGENCY_PATTERN = r"[0-9][0-9 -]{1,14}"
_ZONE_PATTERN = r"[A-Za-z]+(/[A-Za-z0-9_+-]+)*"


def validate_time_zone(name: str) -> None:
    """Refuse what isn't the IANA name of a time zone."""
    if zone_named(name) is None:
        raise ValidationError(_("Choose a time zone from the list."), code="invalid")


class SiteIdentity(CheckedAtOnce):
    """The one row with what an agency says of itself."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(
        _("name of the site"),
        max_length=120,
        blank=True,
        help_text=_("Used in the header, titles, printed pages, emails, searches, and curators’ pages."),
    )
    short_name = models.CharField(
        _("short name"),
        max_length=16,
        blank=True,
        help_text=_(
            "Used where space is tight: home screens, passkeys, authenticator apps, and browsers’ search engine lists. "
            "Up to 16 characters."
        ),
    )
    operator = models.CharField(
        _("who runs it"),
        max_length=120,
        blank=True,
        help_text=_("The full name of the agency or organization responsible for this site."),
    )
    operator_url = WebAddressField(_("its own site"), blank=True)
    operator_contact = models.CharField(
        _("how to reach it"),
        max_length=200,
        blank=True,
        validators=[
            RegexValidator(
                rf"^(?:{REACHABLE_PATTERN})\Z",
                _("Enter an email address, a phone number, or a web address that starts with https://."),
            )
        ],
        help_text=_("An email address, a phone number, or a page with a form. Shown at the end of every page."),
    )
    official_of = models.CharField(
        _("official site of"),
        max_length=120,
        blank=True,
        help_text=_(
            "Only for an official government site. Which agency’s? E.g. “the Springfield Police Department”. If "
            "blank, every page says that this isn’t an official site."
        ),
    )
    reviewer = models.CharField(
        _("who reviewed it"),
        max_length=160,
        blank=True,
        help_text=_("Who reviewed the site’s content, with their title."),
    )
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True, validators=[validate_past_day])
    logo = models.ForeignKey(
        PictureFile,
        verbose_name=_("logo"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    accent = models.CharField(
        _("accent color"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(rf"^{ACCENT_PATTERN}\Z", _("Enter # and six digits or letters, e.g. #2e7d32."))],
        help_text=_(
            "For lines and edges, e.g. #2e7d32. It must stand out on both the light and the dark page, so very dark "
            "and very light colors won’t work. Leave blank for dark blue."
        ),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=40,
        blank=True,
        validators=[validate_time_zone],
        help_text=_("Sets when days begin, and the times curators see and enter."),
    )
    leave_url = WebAddressField(
        _("where “Leave this site” leads"),
        blank=True,
        help_text=_("A page anyone might have open. Leave blank for the weather (weather.gov)."),
    )
    emergency_number = models.CharField(
        _("emergency number"),
        max_length=15,
        blank=True,
        validators=[RegexValidator(rf"^{_EMERGENCY_PATTERN}\Z", _("Enter the digits people dial, e.g. 911."))],
        help_text=_("Shown above the help lines. Leave blank for 911."),
    )
    emergency_text = models.CharField(
        _("when to call it"),
        max_length=120,
        blank=True,
        help_text=_("Shown before “Call 911”. Leave blank for “In immediate danger?”"),
    )
    asks_archive = models.BooleanField(
        _("ask the Internet Archive for copies"),
        default=False,
        help_text=_(
            "We look for copies of the pages you link to at archive.org, and offer one to readers when a page is gone "
            "or shows something else. The Internet Archive, another organization, then learns the addresses in your "
            "published entries. It learns nothing about drafts, and nothing about readers until they open a copy."
        ),
    )
    saves_to_archive = models.BooleanField(
        _("have pages kept there"),
        default=False,
        help_text=_(
            "Asks the Internet Archive to keep pages it has no copy of from the last year. Everyone can then see them "
            "there. Works once whoever runs the site has set ARCHIVE_KEY."
        ),
    )

    class Meta:
        verbose_name = _("site identity")
        verbose_name_plural = _("site identity")
        default_permissions = ("change", "view")
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="site_identity_one_row"),
            models.CheckConstraint(
                condition=Q(operator_url="", operator_contact="", official_of="") | ~Q(operator=""),
                name="site_identity_operator_named",
                violation_error_message=_("Enter who runs the site before its contact details or official status."),
            ),
            models.CheckConstraint(
                condition=Q(reviewer="", reviewed_on__isnull=True) | (~Q(reviewer="") & Q(reviewed_on__isnull=False)),
                name="site_identity_review_complete",
                violation_error_message=_("Enter both the reviewer and the date, or neither."),
            ),
            models.CheckConstraint(
                condition=Q(accent="") | Q(accent__regex=f"^{ACCENT_PATTERN}$"), name="site_identity_accent_form"
            ),
            models.CheckConstraint(
                condition=Q(operator_contact="") | Q(operator_contact__regex=f"^({REACHABLE_PATTERN})$"),
                name="site_identity_contact_form",
            ),
            models.CheckConstraint(
                condition=Q(emergency_number="") | Q(emergency_number__regex=f"^{_EMERGENCY_PATTERN}$"),
                name="site_identity_emergency_number_form",
            ),
            models.CheckConstraint(
                condition=Q(time_zone="") | Q(time_zone__regex=f"^{_ZONE_PATTERN}$"),
                name="site_identity_time_zone_form",
            ),
            models.CheckConstraint(
                condition=Q(saves_to_archive=False) | Q(asks_archive=True),
                name="site_identity_asks_before_it_saves",
                violation_error_message=_("To have pages kept, turn on asking the Internet Archive, too."),
            ),
            not_before_the_web("reviewed_on", "site_identity_reviewed_since_1990"),
        ]

    def __str__(self) -> str:
        return self.name or gettext("Site identity")

    def clean_fields(self, exclude: Any = None) -> None:
        self.accent = self.accent.strip().lower()
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        """Refuse a color that is too weak, and say by how much."""
        weak = weak_contrast(self.accent) if is_color(self.accent) else None
        if weak is None:
            return
        on = gettext("the light page") if weak.scheme == "light" else gettext("the dark page")
        text = gettext(
            "Its contrast on %(on)s is %(contrast)s to 1; it must be at least %(least)d to 1. Try %(instead)s."
        )
        contrast = floor(weak.contrast * 100) / 100  # never rounded up to what would do
        values = {"on": on, "contrast": contrast, "least": LEAST_CONTRAST, "instead": weak.instead}
        raise ValidationError({"accent": text % values})
