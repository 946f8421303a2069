"""What browsers and phones show of the logo: small squares made of it. Bytes in, bytes out."""

from io import BytesIO

from PIL import Image, ImageOps

# A logo within these is sharp at twice the size of the header's line.
LOGO_SIZE = (480, 120)
_FAVICON_SIZES = (16, 32, 48)
_TOUCH_ICON_SIZE = 180
_MARGIN = 16  # pixels of a touch icon: phones round its corners


def size_of(logo: bytes) -> tuple[int, int]:
    """Width and height; reads the head of the file alone."""
    with _opened(logo) as image:
        return image.size


def ico_of(logo: bytes) -> bytes:
    """An ICO in three sizes, the logo in the middle of each."""
    side = max(_FAVICON_SIZES)
    icon = BytesIO()
    _square(logo, side, margin=0).save(icon, "ICO", sizes=[(size, size) for size in _FAVICON_SIZES])
    return icon.getvalue()


def png_of(logo: bytes) -> bytes:
    """A PNG for a phone's home screen."""
    icon = BytesIO()
    _square(logo, _TOUCH_ICON_SIZE, _MARGIN).save(icon, "PNG", optimize=True)
    return icon.getvalue()


def _square(logo: bytes, side: int, margin: int) -> Image.Image:
    """The whole logo on white, as large as the margin leaves it."""
    with _opened(logo) as image:
        inner = side - 2 * margin
        shown = ImageOps.contain(image.convert("RGB"), (inner, inner), Image.Resampling.LANCZOS)
    square = Image.new("RGB", (side, side), "white")
    square.paste(shown, ((side - shown.width) // 2, (side - shown.height) // 2))
    return square


def _opened(logo: bytes) -> Image.Image:
    return Image.open(BytesIO(logo), formats=("WEBP",))
