"""The picture of a resource: its name says what is in it, so that a browser never has to ask for it again."""

from django.http import Http404, HttpRequest, HttpResponse

from library.models import Picture


def picture(request: HttpRequest, name: str) -> HttpResponse:
    """200 with the picture of this very name, kept for a year; 404. Whoever has the name may see it. One query."""
    content = Picture.objects.content_for_readers(name)
    if content is None:
        raise Http404
    return HttpResponse(
        content, content_type="image/webp", headers={"Cache-Control": "public, max-age=31536000, immutable"}
    )
