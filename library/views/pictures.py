"""The picture of a resource: a file whose name says what is in it, so that it never has to be asked for again."""

from django.http import Http404, HttpRequest, HttpResponse

from library.picture_files import read_file


def picture(request: HttpRequest, name: str) -> HttpResponse:
    """200 with the picture of this very name, to be kept for a year; 404. No query: whoever has the name may see it."""
    content = read_file(name)
    if content is None:
        raise Http404
    return HttpResponse(
        content, content_type="image/webp", headers={"Cache-Control": "public, max-age=31536000, immutable"}
    )
