"""The site's own small drawing: an open book under a calm line. Neutral on purpose, neither badge nor crest."""

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

BLUE = "#162e51"
PAPER = "#ffffff"
_CANVAS = 256


@cache
def draw_icon() -> bytes:
    """The icon as an .ico file of 16, 32 and 48 pixels. Drawn once in a process."""
    picture = Image.new("RGBA", (_CANVAS, _CANVAS), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((0, 0, _CANVAS - 1, _CANVAS - 1), radius=56, fill=BLUE)
    pen.polygon([(40, 76), (120, 100), (120, 208), (40, 184)], fill=PAPER)
    pen.polygon([(216, 76), (136, 100), (136, 208), (216, 184)], fill=PAPER)
    pen.arc((72, 20, 184, 100), start=200, end=340, fill="#8cc2ff", width=14)
    file = BytesIO()
    picture.save(file, format="ICO", sizes=[(16, 16), (32, 32), (48, 48)])
    return file.getvalue()
