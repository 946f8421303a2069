"""The icons of the site and its accent color, which an agency may choose: each address changes with what is there."""

from functools import cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from library.identity.accent import is_color, stylesheet_of, weak_contrast
from library.identity.current import current
from library.identity.icons import ico_of, png_of
from library.models import Picture


def favicon(request: HttpRequest) -> HttpResponse:
    """200 with the icon, in three sizes: that of the logo, where there is one."""
    logo = logo_content()
    return kept_for_a_day(_book() if logo is None else ico_of(logo), "image/x-icon")


def touch_icon(request: HttpRequest) -> HttpResponse:
    """200 with the logo as an icon for a phone's home screen; 404 without a logo."""
    logo = logo_content()
    if logo is None:
        raise Http404
    return kept_for_a_day(png_of(logo), "image/png")


def accent(request: HttpRequest, digits: str) -> HttpResponse:
    """200 with the stylesheet of this color, kept for a year; 404 for what none may choose."""
    color = f"#{digits}"
    if not is_color(color) or weak_contrast(color):
        raise Http404
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return HttpResponse(stylesheet_of(color), content_type="text/css; charset=utf-8", headers=headers)


def logo_content() -> bytes | None:
    """The logo's file; None without one. A query where there is one."""
    logo = current().logo
    return Picture.objects.content_for_readers(logo.name) if logo else None


def kept_for_a_day(content: bytes, content_type: str) -> HttpResponse:
    """Pages name the logo behind the question mark: a new one is seen at once."""
    return HttpResponse(content, content_type=content_type, headers={"Cache-Control": "public, max-age=86400"})


@cache
def _book() -> bytes:
    """An open book under a calm line. Neutral on purpose, neither badge nor crest."""
    icon: bytes = (settings.BASE_DIR / "static" / "favicon.ico").read_bytes()
    return icon
