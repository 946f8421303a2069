"""The picture on the form of a resource: chosen, described, replaced, taken away."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.admin.base import CuratedAdmin
from library.admin.forms import CuratedForm, LineField
from library.media.images import SIZE, SOURCE_BYTES, MadePicture, NoPicture, make_picture
from library.models import Picture, PictureFile, Resource

_FIELDS = ("picture_file", "picture_alt", "picture_decorative")
_HELP = _(
    "One picture, if it helps people recognize the resource. It appears on the entry’s page, never in lists. It’s "
    "made smaller, and location and camera data are removed. Use only pictures you have rights to."
)


class PictureField(forms.FileField):
    """A file that becomes a `MadePicture` within `size`; None when none was chosen."""

    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})

    def __init__(self, *, size: tuple[int, int] = SIZE, **options: Any) -> None:
        super().__init__(**options)
        self.size = size

    def clean(self, data: Any, initial: Any = None) -> MadePicture | None:
        chosen = super().clean(data, initial)
        if not chosen:
            return None
        try:
            return make_picture(chosen.read(SOURCE_BYTES + 1), self.size)
        except NoPicture as error:
            raise ValidationError(str(error), code="no-picture") from error


class PictureForm(CuratedForm):
    """The fields of the picture, which stands in a table of its own; `save_picture` writes them."""

    picture_file = PictureField(
        label=_("Picture"),
        required=False,
        help_text=_("A JPEG, PNG, or WebP file, up to 10 MB."),
    )
    picture_alt = LineField(
        label=_("What the picture shows"),
        required=False,
        max_length=300,
        widget=admin.widgets.AdminTextInputWidget,
        help_text=_("In a few words, for readers who can’t see it, e.g. “Two officers talk beside a patrol car.”"),
    )
    picture_decorative = forms.BooleanField(
        label=_("Decorative (no description)"),
        required=False,
    )
    picture_removed = forms.BooleanField(label=_("Remove picture"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        picture = getattr(self.instance, "picture", None) if self.instance.pk else None
        if picture is not None:
            self.initial = {"picture_alt": picture.alt, "picture_decorative": picture.decorative} | dict(self.initial)
        self.has_picture = picture is not None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self._will_have_picture(cleaned) or "picture_alt" not in cleaned:
            return cleaned
        if cleaned["picture_alt"] and cleaned["picture_decorative"]:
            self.add_error("picture_decorative", _("Describe the picture or mark it decorative, not both."))
        elif not (cleaned["picture_alt"] or cleaned["picture_decorative"]):
            self.add_error("picture_alt", _("Describe the picture in a few words, or mark it decorative."))
        return cleaned

    def full_clean(self) -> None:
        """As Django's; a form that comes back has lost its file, and says so."""
        super().full_clean()
        if self.errors and self.files.get("picture_file") and "picture_file" not in self.errors:
            text = _("Choose the picture again. Browsers don’t keep a file when a form comes back.")
            self.add_error("picture_file", text)

    def _will_have_picture(self, cleaned: dict[str, Any]) -> bool:
        return bool(cleaned.get("picture_file") or (self.has_picture and not cleaned.get("picture_removed")))

    def save_picture(self) -> None:
        """Write what the form says of the picture; a new one wins over the wish to take the old one away."""
        cleaned = self.cleaned_data
        if self._will_have_picture(cleaned):
            values = {"alt": cleaned["picture_alt"], "decorative": cleaned["picture_decorative"]}
            Picture.objects.store(self.instance, cleaned["picture_file"], **values)
        elif self.has_picture:
            Picture.objects.remove(self.instance)


def picture_page(owner: CuratedAdmin, request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """200 with a picture that this entry has or had; 403; 404."""
    resource = owner.get_object(request, str(pk))
    if resource is None or not name.startswith(f"{resource.ref}-"):
        raise Http404
    if not owner.has_view_or_change_permission(request, resource):
        raise PermissionDenied
    content = PictureFile.objects.filter(name=name).content()
    if content is None:
        raise Http404
    return HttpResponse(content, content_type="image/webp")


@admin.display(description=_("now"))
def picture_shown(resource: Resource) -> SafeString | str:
    """The picture as it is, among the fields of the form."""
    picture: Picture | None = getattr(resource, "picture", None)
    if picture is None:
        return gettext("None.")
    text = picture.alt or gettext("This entry’s picture (decorative)")
    return format_html(
        '<img src="{}" width="{}" height="{}" alt="{}">',
        picture.get_absolute_url(),
        picture.width,
        picture.height,
        text,
    )


def picture_group(resource: Resource | None, *, may_change: bool) -> tuple[Any, dict[str, Any]]:
    """The group of the form: without what cannot be done."""
    has_one = resource is not None and hasattr(resource, "picture")
    folded: dict[str, Any] = {"classes": ("collapse",)}
    if not may_change:
        return (_("Picture"), folded | {"fields": (picture_shown,)})
    fields = (picture_shown, *_FIELDS, "picture_removed") if has_one else _FIELDS
    return (_("Picture"), folded | {"fields": fields, "description": _HELP})
