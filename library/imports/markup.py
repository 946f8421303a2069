"""What others wrote, as plain words: bytes to text, HTML to text. No models, and nothing that takes long for any input.

Python's own `HTMLParser` is not used: for a few thousand broken tags it takes minutes. Every pattern here looks at a
character a fixed number of times.
"""

import codecs
import re
from html import unescape

from library.pages.markdown import single_line

HTML_LIMIT = 30_000  # characters of markup that become one text

# Python knows codecs that are no encodings of pages, and some that take very long.
_ENCODINGS = {"utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "iso8859-15", "iso8859-2", "cp1250", "cp1251"}
_ENCODINGS |= {"shift_jis", "cp932", "euc_jp", "gb18030", "gbk", "gb2312", "big5", "euc_kr", "koi8-r"}
# What browsers read as Windows-1252, too (WHATWG, Encoding).
_LATIN = {"iso8859-1", "ascii"}
_MARKS = [(codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")]
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_IN_TEXT = re.compile(rb"(?:charset|<\?xml[^>]{0,100}encoding)\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_LOOKED_AT = 1024  # bytes in which a page names its encoding

# The second half is a sign of its own for the end, so that a piece which is never closed is found at once.
_UNREAD = re.compile(r"<(script|style|template)\b.*?(?:</\1[^<>]*>?|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


def text_of(body: bytes, content_type: str = "") -> str:
    """The bytes of a page or a feed as text: in the encoding that it names, else UTF-8, else Windows-1252."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    named = _IN_HEADER.search(content_type)
    declared = _IN_TEXT.search(body[:_LOOKED_AT])
    for name in (named.group(1) if named else "", declared.group(1).decode("ascii") if declared else ""):
        if encoding := _encoding(name):
            return body.decode(encoding, "replace")
    try:
        # A page that was cut may end within a character.
        return codecs.getincrementaldecoder("utf-8")().decode(body)
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _encoding(name: str) -> str:
    try:
        encoding = codecs.lookup(name).name if name else ""
    except LookupError:
        return ""
    return "cp1252" if encoding in _LATIN else encoding if encoding in _ENCODINGS else ""


def plain_text(html: str, most: int) -> str:
    """What a person reads of a piece of HTML, on one line of at most `most` characters."""
    return one_line(visible_text(html[:HTML_LIMIT]), most)


def visible_text(html: str) -> str:
    """What a person reads of a piece of HTML, with spaces in the place of its tags."""
    return unescape(_TAG.sub(" ", _UNREAD.sub(" ", html)))


def one_line(text: str, most: int) -> str:
    """`text` without line breaks and what cannot be seen; where it is longer, cut behind a word, with “…”."""
    line = single_line(text[: most * 4])
    if len(line) <= most:
        return line
    return f"{line[: most - 1].rpartition(' ')[0] or line[: most - 1]}…"
