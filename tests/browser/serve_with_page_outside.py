"""`manage.py serve`, for which http://example.org/night-shift is a page of this machine. Every other site is nowhere.

The guard of what curators have fetched stays as it is: only its resolver and its connection are led here.
"""

import sys

import pytest

from manage import main
from tests.outside import outside_world

PAGE = """<html lang="en"><head><title>Sleep after a night shift</title>
<meta name="description" content="How to rest by day."><meta property="og:site_name" content="Example Department">
<meta name="date" content="2024-03"></head></html>"""

if __name__ == "__main__":
    with pytest.MonkeyPatch.context() as patch, outside_world(patch) as outside:
        outside.page("/night-shift", PAGE)
        sys.argv[1:] = ["serve"]
        main()
