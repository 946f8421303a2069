"""The form of a resource: the fields of its kind, and what it fills in or refuses in plain words."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import CheckboxSelectMultiple
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from library.admin.markdown import MarkdownArea
from library.admin.moments import PublishedField, precision_of
from library.admin.publication import StateButton
from library.admin.slugs import SlugForm
from library.models import FormerSlug, Resource
from library.models.resource.kinds import Kind
from library.models.web_address import without_tracking

from .bulk_changes import NOT_SEEN_YET
from .duplicate_urls import SameAddressForm
from .permissions import OwnerChoiceForm
from .pictures import PictureForm
from .proposals import ProposalForm
from .tags import TagsField, TagsForm
from .url_changes import slug_help

# Each kind in one sentence, for the page that asks for it.
SENTENCES = {
    Kind.COURSE: _("Training, online or in a classroom, with a length and a format."),
    Kind.PODCAST: _("One podcast episode, with a speaker, a date, and a running time."),
    Kind.REVIEW: _("A critical-incident or after-action review: a report on what happened and what was learned."),
    Kind.FORUM: _("A place or group where officers share experiences, with a longer description."),
    Kind.SITE: _("Any other useful website, with a summary of what’s there."),
}
_ADDED = _(
    "The last part of its web address, e.g. building-personal-resilience. It’s made from the title. If another "
    "resource has it, a number is added."
)


class ResourceForm(ProposalForm, SameAddressForm, TagsForm, PictureForm, OwnerChoiceForm, SlugForm):
    """A new resource gets its `kind`; later the kind is the row's own. `pressed` is the button it was sent with."""

    slug_source: ClassVar[str] = "title"
    had_tracking = False

    class Meta:
        field_classes: ClassVar = {"published_on": PublishedField, "tags": TagsField}
        help_texts: ClassVar = {
            "published_on": _("When the publisher released it, as exactly as you know: 2020, Feb 2020, or 2/28/2020."),
            "published_precision": _("Readers see only this much of the date. Blank: as you wrote it."),
        }
        widgets: ClassVar = {
            "summary": AdminTextareaWidget(attrs={"rows": 3}),
            "body": MarkdownArea("resource", "body"),
            "categories": CheckboxSelectMultiple,
        }

    def __init__(
        self, *args: Any, kind: Kind | None = None, pressed: StateButton | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.pressed = pressed
        if kind is not None:
            self.instance.kind = kind
        if "slug" in self.fields:
            self.fields["slug"].help_text = _ADDED if self.instance._state.adding else slug_help(self.instance)

    def slug_models(self) -> tuple[type[Model], ...]:
        return (Resource, FormerSlug)

    def slug_fallback(self) -> str:
        return str(self.instance.ref)

    def clean_url(self) -> str:
        """Without tracking codes, where it was typed now."""
        typed: str = self.cleaned_data["url"]
        url = without_tracking(typed) if "url" in self.changed_data else typed
        self.had_tracking = url != typed
        return url

    def clean_published_precision(self) -> str:
        """As it was chosen; or as exactly as the date is written, where that is less, or nothing was chosen."""
        chosen: str = self.cleaned_data["published_precision"]
        written = precision_of(str(self.data.get("published_on", "")))
        return chosen if not written or (chosen and written == Resource.Precision.DAY) else written

    def clean_listed_at(self) -> Any:
        return self._clean_moment("listed_at")

    def clean_expires_at(self) -> Any:
        return self._clean_moment("expires_at")

    def _clean_moment(self, name: str) -> Any:
        moment = self.cleaned_data[name]
        if moment and not 2000 <= moment.year <= 2100:
            raise ValidationError(_("Enter a year from 2000 to 2100."))
        return moment

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("state") == Resource.State.WITHDRAWN and self._is_scheduled():
            self.add_error("state", NOT_SEEN_YET)
        elif cleaned.get("state") == Resource.State.WITHDRAWN and "withdrawn_reason" not in self.fields:
            self.add_error("state", _("Only a published entry can be withdrawn. You can delete a draft."))
        elif cleaned.get("state") == Resource.State.WITHDRAWN and not cleaned.get("withdrawn_reason"):
            self.add_error("withdrawn_reason", _("Enter a reason. Readers who follow an old link will see it."))
        if "listed_at" in cleaned and self.pressed in {StateButton.PUBLISH, StateButton.SCHEDULE}:
            self._check_moment(cleaned["listed_at"])
        return cleaned

    def _check_moment(self, moment: datetime | None) -> None:
        """Nothing appears earlier or later than the pressed button says."""
        is_later = moment is not None and moment > timezone.now()
        if self.pressed is StateButton.PUBLISH and is_later:
            self.add_error("listed_at", _("Select “Schedule” to publish it then, or clear this to publish it now."))
        elif self.pressed is StateButton.SCHEDULE and moment is None:
            self.add_error("listed_at", _("Enter the date and time when it goes live."))
        elif self.pressed is StateButton.SCHEDULE and not is_later:
            self.add_error("listed_at", _("That time has passed. Choose a later one, or publish it now."))

    def _is_scheduled(self) -> bool:
        """Whether the row, which the form is not laid over yet, is published for a moment to come."""
        return self.instance.state != Resource.State.DRAFT and not self.instance.is_listed(timezone.now())
