"""`manage.py serve` for browsers: with rows of a module of this folder, and with passwords that are quick to check.

Two pages and a feed of http://example.org are on this machine for it; every other site is nowhere. The guard of what
curators have fetched stays as it is: only its resolver and its connection are led here.
"""

import os
import sys
from importlib import import_module

import django
import pytest
from django.conf import settings

from manage import main
from tests.outside import outside_world

PAGE = """<html lang="en"><head><title>Sleep after a night shift</title>
<meta name="description" content="How to rest by day."><meta property="og:site_name" content="Example Department">
<meta name="date" content="2024-03"></head></html>"""


def make_rows(name: str) -> None:
    """Call what `name` names, as in `rows.make_maria`."""
    module, function = name.split(".")
    getattr(import_module(f"tests.browser.{module}"), function)()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    # The real one takes half a second for each password, on purpose; the first start has hashed one with it.
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
    with pytest.MonkeyPatch.context() as patch, outside_world(patch) as outside:
        outside.page("/night-shift", PAGE)
        outside.page("/day-shift", PAGE.replace("night", "day"))
        # What makes feeds in tests needs Django set up.
        outside.page("/odd.xml", import_module("tests.browser.odd_feed").ODD_FEED, "application/rss+xml")
        for name in sys.argv[1:]:
            make_rows(name)
        sys.argv[1:] = ["serve"]
        first = os.getpid()
        try:
            main()
        finally:
            if os.getpid() != first:
                os._exit(0)  # the thread of the page outside, which the end would wait for, is none of a worker's
