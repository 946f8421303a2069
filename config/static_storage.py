"""How static files are served in production: hashed names, compressed once, and the stylesheet in one file."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLESHEET = "css/site.css"
_IMPORT = re.compile(r'^@import url\("(?P<part>[\w./-]+)"\) layer\((?P<layer>\w+)\)(?: (?P<media>[\w() :-]+))?;$', re.M)
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_SPACE = re.compile(r"\s+")


class OneStylesheetStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Puts the parts that `site.css` imports into `site.css`, so that a page asks for one stylesheet.

    Made from the sources each time: in STATIC_ROOT lies the joined text of before. Browsers understand the imports
    as well: while developing, the parts are loaded one by one.
    """

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        source = finders.find(STYLESHEET)
        if source and STYLESHEET in paths and not dry_run:
            Path(self.path(STYLESHEET)).write_text(in_one(Path(source)), encoding="utf-8")
            paths = paths | {STYLESHEET: (self, STYLESHEET)}
        yield from super().post_process(paths, dry_run, **options)


def in_one(stylesheet: Path) -> str:
    """The text of `stylesheet` with every import replaced by what it imports, in its layer, without comments."""

    def replaced(match: re.Match[str]) -> str:
        part = (stylesheet.parent / match["part"]).read_text(encoding="utf-8")
        block = f"@layer {match['layer']} {{ {part} }}"
        return f"@media {match['media']} {{ {block} }}" if match["media"] else block

    whole = _IMPORT.sub(replaced, stylesheet.read_text(encoding="utf-8"))
    return _SPACE.sub(" ", _COMMENT.sub("", whole)).strip() + "\n"
