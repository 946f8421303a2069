"""What is held against what an older version had: the rows of every table, every public page."""

import hashlib
import re
from typing import Any

from django.db import connection
from django.test import Client

from library.search.vocabulary.lookup import library_words
from tests.support.pages import public_paths

# What differs between two times of asking the same: a form's token, the hash of a static file's content in its name,
# the day on which a page is printed, which Django's `now` takes from the machine.
_FLEETING = [
    re.compile(r'(?<=name="token" value=")[^"]*'),
    re.compile(r"(?<=\.)[0-9a-f]{12}\.(?=(?:css|js|svg|woff2)\b)"),
    re.compile(r"(?<=Printed on )\w+\.? \d+, \d{4}"),
    re.compile(r"(?<=, )\w+\.? \d+, \d{4}(?=</p>\s*</div>\s*</footer>)"),
]


def rows_of_tables() -> dict[str, int]:
    """How many rows each table has, those of nobody's library left out: sessions, and what Django notes of itself."""
    left_out = {"django_migrations", "django_session", "django_content_type", "auth_permission", "library_attempt"}
    with connection.cursor() as cursor:
        tables = [table for table in connection.introspection.table_names(cursor) if table not in left_out]
        counts = {}
        for table in sorted(tables):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


def pages(paths: list[str] | None = None) -> dict[str, list[Any]]:
    """Of each path its status, the address it leads to, its type, and its text; of a picture, a hash.

    Without what is fleeting.
    """
    library_words.clear()
    client = Client()
    answers = {path: client.get(path) for path in paths or public_paths()}
    return {
        path: [answer.status_code, answer.headers.get("Location", ""), answer.headers.get("Content-Type", ""), text]
        for path, answer in answers.items()
        for text in [_text_of(answer.content, answer.headers.get("Content-Type", ""))]
    }


def _text_of(content: bytes, content_type: str) -> str:
    if content_type.startswith("image/"):
        return hashlib.sha256(content).hexdigest()
    text = content.decode()
    for pattern in _FLEETING:
        text = pattern.sub("", text)
    return text
