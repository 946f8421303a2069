"""What an error leaves in the log: place and kind, and nothing of what a reader typed."""

import logging
import sys

import pytest
from django.conf import settings
from django.test import RequestFactory

from config.private_log import PlainFormatter


def test_an_error_is_logged_without_the_words_it_quotes() -> None:
    try:
        int("words of a reader")
    except ValueError:
        record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "Error: %s", ("/",), sys.exc_info())
    written = PlainFormatter("%(levelname)s %(name)s %(message)s").format(record)
    assert written.startswith("ERROR django.request Error: /\n")
    assert written.endswith("ValueError")
    assert "test_private_log.py" in written
    assert "invalid literal" not in written


@pytest.mark.parametrize(
    ("name", "level", "written"),
    [
        ("django.security.DisallowedHost", logging.ERROR, "ERROR Refused a request: DisallowedHost"),
        ("django.request", logging.WARNING, "WARNING Bad Request: /"),
    ],
)
def test_of_a_bad_request_only_its_kind_is_logged(name: str, level: int, written: str) -> None:
    try:
        raise ValueError("words of a reader")
    except ValueError:
        words = "Invalid HTTP_HOST header: 'words.example'" if "security" in name else "Bad Request: /"
        record = logging.LogRecord(name, level, __file__, 1, words, None, sys.exc_info())
    assert PlainFormatter("%(levelname)s %(message)s").format(record) == written


@pytest.mark.parametrize(
    ("host", "written"),
    [
        (
            "Library.example.org:8000",
            "DisallowedHost. If “library.example.org” is a name of this site, add it to ALLOWED_HOSTS and start the "
            "site again.",
        ),
        ("words of a reader", "DisallowedHost"),
        ("\x1b[31m.example", "DisallowedHost"),
        ("", "DisallowedHost"),
    ],
)
def test_a_host_name_that_is_not_ours_is_told_with_the_variable(host: str, written: str) -> None:
    name = "django.security.DisallowedHost"
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, "Invalid HTTP_HOST header: %s", (host,), None)
    record.request = RequestFactory().get("/", HTTP_HOST=host)

    assert PlainFormatter("%(message)s").format(record) == f"Refused a request: {written}"


def test_the_console_uses_it() -> None:
    assert settings.LOGGING["formatters"]["plain"]["()"] == "config.private_log.PlainFormatter"
