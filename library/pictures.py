"""A picture that somebody chose, made anew: small, upright, without anything but what is seen. Bytes in, bytes out."""

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

# What may be sent: bytes of the file, and pixels as its header says, before anything is decoded.
SOURCE_BYTES = 10_000_000
SOURCE_PIXELS = 25_000_000
# What is kept: a page with a picture stays within 60 KB.
SIZE = (960, 720)
KEPT_BYTES = 32_000

# Each decoder is a door: these and no others (EPS would start Ghostscript).
_FORMATS = ("JPEG", "PNG", "WEBP")
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
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


class NoPicture(Exception):
    """It cannot be kept; the message is one sentence for the person who chose it."""


@dataclass(frozen=True)
class MadePicture:
    """A WebP of at most `KEPT_BYTES` bytes within `SIZE`, without metadata."""

    content: bytes
    width: int
    height: int


def make_picture(source: bytes) -> MadePicture:
    """The first frame of a JPEG, PNG or WebP file; raises `NoPicture` for everything else.

    What is transparent becomes white, so that dark letters can be read on a dark page.
    """
    if len(source) > SOURCE_BYTES:
        raise NoPicture(str(_("The file is larger than 10 MB. Save the picture smaller and choose it again.")))
    try:
        with Image.open(BytesIO(source), formats=_FORMATS) as image:
            if image.width * image.height > SOURCE_PIXELS:
                raise NoPicture(
                    str(_("The picture has more than 25 million pixels. Save it smaller and choose it again."))
                )
            return _within_bytes(_plain(image))
    except _BROKEN as error:
        raise NoPicture(
            str(_("This is no picture that the library can read. Save it as JPEG, PNG or WebP and choose it again."))
        ) from error


def _plain(image: Image.Image) -> Image.Image:
    """Its pixels alone, upright, within `SIZE`, on white: a new image has no metadata."""
    image.draft("RGB", (2 * max(SIZE), 2 * max(SIZE)))  # a large JPEG is decoded at a part of its size
    upright = ImageOps.exif_transpose(image)
    seen = upright.convert("RGBA")
    seen.thumbnail(SIZE)
    plain = Image.new("RGB", seen.size, "white")
    plain.paste(seen, mask=seen.getchannel("A"))
    return plain


def _within_bytes(image: Image.Image) -> MadePicture:
    """As good as the bytes allow; what is too much in the lowest quality is made smaller."""
    while True:
        for quality in _QUALITIES:
            made = BytesIO()
            image.save(made, "WEBP", quality=quality)
            if made.tell() <= KEPT_BYTES:
                return MadePicture(made.getvalue(), *image.size)
        image = image.resize((max(1, image.width * 3 // 4), max(1, image.height * 3 // 4)))
