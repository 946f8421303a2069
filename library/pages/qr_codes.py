"""QR codes as drawings that stand in the page itself: nothing is loaded for them, and no other site makes them."""

from functools import lru_cache
from io import BytesIO

import segno
from django.utils.safestring import SafeString, mark_safe

# Characters. Ours are far shorter; a host that somebody made up to be long gets no code.
QR_TEXT_LIMIT = 600
# White modules around it, as the standard (ISO/IEC 18004) asks for.
QUIET_ZONE = 4


def qr_code(address: str) -> SafeString:
    """`address` as SVG for HTML: black on white whatever the page's colors are; empty for one that is too long.

    It can be read with 15 % of it lost (level M). It has no words: what stands around it says what it is.
    """
    return _drawn(address) if len(address) <= QR_TEXT_LIMIT else SafeString()


def qr_picture(address: str) -> bytes:
    """The same as a file of its own."""
    file = BytesIO()
    _code(address).save(file, kind="svg", border=QUIET_ZONE, dark="#000", light="#fff", svgclass=None, lineclass=None)
    return file.getvalue()


@lru_cache(maxsize=1_000)
def _drawn(address: str) -> SafeString:
    return draw(address)


def draw(text: str) -> SafeString:
    """The code of any text, made anew and remembered nowhere. A few milliseconds of work; about 1,500 characters."""
    code = _code(text)
    svg = code.svg_inline(border=QUIET_ZONE, dark="#000", light="#fff", svgclass=None, lineclass=None, omitsize=True)
    # Made of numbers alone: the text is in its modules, not in its text.
    return mark_safe(svg)  # noqa: S308


def _code(text: str) -> segno.QRCode:
    return segno.make(text, error="m", micro=False, boost_error=False)
