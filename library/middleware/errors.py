"""What a view's error becomes, where it isn't an error of ours."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from library.db.errors import is_database_away
from library.help_lines.offline_copy import database_unavailable


class DatabaseErrors:
    """A calm 503 with the help lines while the database does not answer; nothing to reset when it is back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The 503 page for a database that can't do this now; None leaves every other error alone."""
        return database_unavailable() if is_database_away(error) else None
