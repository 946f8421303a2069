"""A picture that somebody chose, made anew: small, upright, without anything but what is seen. Bytes in, bytes out."""

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from itertools import product
from threading import Lock

from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image, ImageOps

# What may be sent: bytes of the file, and pixels as its header says, before anything is decoded.
SOURCE_BYTES = 10_000_000
SOURCE_PIXELS = 25_000_000
SOURCE_SIDE = 25_000  # decoders keep a few lines, however long
# Pillow needs 4 bytes for each pixel of a PNG, and 16 for each of a WebP.
WEBP_PIXELS = 9_000_000
# What is kept: a page with a picture stays within 60 KB.
SIZE = (960, 720)
STORED_BYTES = 32_000

# Each decoder is a door: these and no others (EPS would start Ghostscript).
_FORMATS = ("JPEG", "PNG", "WEBP")
_TILE = 1000
_QUALITIES = (82, 70, 56, 42)
# What Pillow raises for a file that is broken or lies.
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    LookupError,
    ArithmeticError,
    TypeError,
    EOFError,
    struct.error,
    zlib.error,
    Image.DecompressionBombWarning,
)
_TOO_MANY_PIXELS = _("The picture has more than 25 million pixels. Save it smaller and choose it again.")
_TOO_LONG = _("One side of the picture has more than 25,000 pixels. Save it smaller and choose it again.")
_TOO_LARGE_A_WEBP = _(
    "A WebP picture can have at most 9 million pixels. Save it smaller, or as JPEG, and choose it again."
)
_ONE_AT_A_TIME = Lock()


class NoPicture(Exception):
    """It cannot be kept; the message is one sentence for the person who chose it."""


@dataclass(frozen=True)
class MadePicture:
    """A WebP of at most `STORED_BYTES` bytes, without metadata."""

    content: bytes
    width: int
    height: int


def make_picture(source: bytes, size: tuple[int, int] = SIZE) -> MadePicture:
    """The first frame of a JPEG, PNG or WebP file, within `size`; raises `NoPicture` for everything else.

    What is transparent becomes white, so that dark letters can be read on a dark page. One at a time in a process, so
    that several large ones do not add up.
    """
    if len(source) > SOURCE_BYTES:
        raise NoPicture(str(_("The file is larger than 10 MB. Save the picture smaller and choose it again.")))
    try:
        with _ONE_AT_A_TIME, Image.open(BytesIO(source), formats=_FORMATS) as image:
            _refuse_too_many_pixels(image)
            return _within_bytes(_plain(image, size))
    except Image.DecompressionBombError as error:
        raise NoPicture(str(_TOO_MANY_PIXELS)) from error
    except _BROKEN as error:
        raise NoPicture(
            str(_("We can’t read this picture. Save it as JPEG, PNG, or WebP and choose it again."))
        ) from error


def _refuse_too_many_pixels(image: Image.Image) -> None:
    """By the header alone: nothing is decoded yet."""
    pixels = image.width * image.height
    if pixels > SOURCE_PIXELS:
        raise NoPicture(str(_TOO_MANY_PIXELS))
    if max(image.size) > SOURCE_SIDE:
        raise NoPicture(str(_TOO_LONG))
    if image.format == "WEBP" and pixels > WEBP_PIXELS:
        raise NoPicture(str(_TOO_LARGE_A_WEBP))


def _plain(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Its pixels alone, upright, within `size`, on white: a new image has no metadata."""
    image.draft("RGB", (2 * max(size), 2 * max(size)))  # a large JPEG is decoded at a part of its size
    image.load()
    plain = _reduced(image, size)
    plain.getexif()[ExifTags.Base.Orientation] = image.getexif().get(ExifTags.Base.Orientation, 1)
    plain = ImageOps.exif_transpose(plain)
    plain.thumbnail(size)
    return plain


def _reduced(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """On white, by a whole number smaller, and still twice as large as it will be shown.

    A tile at a time: a second copy of all its pixels would be another 100 MB.
    """
    shown = max(min(size[side] / image.width, size[1 - side] / image.height) for side in (0, 1))
    factor = max(1, int(0.5 / shown))
    reduced = Image.new("RGB", (-(-image.width // factor), -(-image.height // factor)), "white")
    side = factor * max(1, _TILE // factor)
    for left, top in product(range(0, image.width, side), range(0, image.height, side)):
        tile = image.crop((left, top, min(left + side, image.width), min(top + side, image.height)))
        reduced.paste(_on_white(tile).reduce(factor), (left // factor, top // factor))
    return reduced


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits of gray, of which Pillow would keep the lower 8
        image = image.point(lambda value: value * (1 / 256))
    seen = image.convert("RGBA")
    plain = Image.new("RGB", seen.size, "white")
    plain.paste(seen, mask=seen.getchannel("A"))
    return plain


def _within_bytes(image: Image.Image) -> MadePicture:
    """As good as the bytes allow; what is too much in the lowest quality is made smaller."""
    while True:
        for quality in _QUALITIES:
            made = BytesIO()
            image.save(made, "WEBP", quality=quality)
            if made.tell() <= STORED_BYTES:
                return MadePicture(made.getvalue(), *image.size)
        image = image.resize((max(1, image.width * 3 // 4), max(1, image.height * 3 // 4)))
