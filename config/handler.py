"""The first thing that happens to a request: all of it is UTF-8, whatever it says of itself."""

import re
from typing import Any

from django.core.handlers.wsgi import WSGIHandler

_CHARSET = re.compile(r";\s*charset\s*\*?\s*=[^;]*", re.IGNORECASE)


class Utf8Handler(WSGIHandler):
    """Django's, for requests without a charset.

    Django reads the address in the charset of the Content-Type, a GET's too: one that nobody else looks at, so that a
    kept page would be of another question than its address, and some that decode no text at all.
    """

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        environ["CONTENT_TYPE"] = _CHARSET.sub("", environ.get("CONTENT_TYPE", ""))
        return super().__call__(environ, start_response)
