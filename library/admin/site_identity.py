"""The one form about the site itself: its name, who runs and reviewed it, its look, and what goes with its place."""

from functools import cache
from itertools import groupby
from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.identity.icons import LOGO_SIZE
from library.models import PictureFile, SiteIdentity
from library.models.help_line_rules import TimeZone
from library.models.picture_file import name_for
from library.models.site_identity import LOGO

from .base import CuratedAdmin
from .forms import CuratedForm
from .resources.pictures import PictureField

# These are older names of zones that have another one by part of the world.
_OLDER_NAMES = {"Brazil", "Canada", "Chile", "Etc", "Mexico", "US"}


@cache
def zone_choices() -> list[Any]:
    """Every time zone that this machine knows, those of the United States first, then by part of the world."""
    others = [name.split("/", 1) for name in sorted(available_timezones() - set(TimeZone.values)) if "/" in name]
    known = groupby((pair for pair in others if pair[0] not in _OLDER_NAMES), key=lambda pair: pair[0])
    return [
        ("", _("The default")),
        (_("United States"), TimeZone.choices),
        *((part, [(f"{part}/{town}", town.replace("_", " ")) for part, town in pairs]) for part, pairs in known),
    ]


class SiteIdentityForm(CuratedForm):
    """The row, and the file of its logo, which stands in a table of its own."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zone_choices,
        required=False,
        help_text=SiteIdentity._meta.get_field("time_zone").help_text,
    )
    logo_file = PictureField(
        label=_("New logo"),
        required=False,
        size=LOGO_SIZE,
        help_text=_(
            "A JPEG, PNG, or WebP file, up to 10 MB. It appears in the header and becomes the site’s icon. Use only "
            "a logo you have rights to."
        ),
    )
    logo_removed = forms.BooleanField(label=_("Remove the logo"), required=False)

    def full_clean(self) -> None:
        """As Django's; a form that comes back has lost its file, and says so."""
        super().full_clean()
        if self.errors and self.files.get("logo_file") and "logo_file" not in self.errors:
            self.add_error("logo_file", _("Choose the logo again. Browsers don’t keep a file when a form comes back."))

    def save_logo(self) -> None:
        """Store a new file, and have the row name it; a new one wins over the wish to remove the old one."""
        if made := self.cleaned_data["logo_file"]:
            name = name_for(LOGO, made.content)
            PictureFile.objects.store(name, made.content)
            self.instance.logo_id = name
        elif self.cleaned_data.get("logo_removed"):
            self.instance.logo_id = None


@admin.display(description=_("logo now"))
def logo_shown(row: SiteIdentity) -> SafeString | str:
    """The logo as it is, among the fields of the form."""
    if row.logo_id is None:
        return gettext("None.")
    return format_html('<img src="{}" alt="{}">', reverse("picture", args=[row.logo_id]), gettext("The logo"))


@admin.register(SiteIdentity)
class SiteIdentityAdmin(CuratedAdmin):
    """One row, which nobody adds or deletes: its list is its form."""

    form = SiteIdentityForm
    fieldsets: ClassVar[Any] = (
        (_("Name"), {"fields": ("name", "short_name")}),
        (
            _("Who’s responsible"),
            {
                "fields": ("operator", "operator_url", "operator_contact", "official_of", ("reviewer", "reviewed_on")),
                "description": _("Shown at the end of every page and on the About page."),
            },
        ),
        (_("Look"), {"fields": (logo_shown, "logo_file", "logo_removed", "accent")}),
        (
            _("Place"),
            {
                "fields": ("time_zone", "leave_url", ("emergency_number", "emergency_text")),
                "description": _("A wrong emergency number can cost a life. Check it before you save."),
            },
        ),
        (_("Copies of lost pages"), {"fields": ("asks_archive", "saves_to_archive")}),
    )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """302 to the form: there is one row."""
        return HttpResponseRedirect(reverse("admin:library_siteidentity_change", args=[1]))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (logo_shown,)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without what can't be done: to choose a logo, for those who only look, or to remove one that isn't there."""
        hidden = set() if obj is not None and obj.logo_id else {"logo_removed"}
        if not self.has_change_permission(request, obj):
            hidden |= {"logo_file", "logo_removed"}
        return [
            (title, group | {"fields": [name for name in group["fields"] if name not in hidden]})
            for title, group in self.fieldsets
        ]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        form.save_logo()
        super().save_model(request, obj, form, change)
