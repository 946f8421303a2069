"""Small pictures as cameras and programs write them. For tests."""

from io import BytesIO
from typing import Any

from PIL import Image


def photograph(
    file_format: str = "JPEG", size: tuple[int, int] = (1600, 1200), mode: str = "RGB", **options: Any
) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new(mode, size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    file = BytesIO()
    image.save(file, file_format, **options)
    return file.getvalue()


def noise(size: tuple[int, int] = (1600, 1200)) -> bytes:
    """A picture that nothing makes small."""
    file = BytesIO()
    Image.effect_noise(size, 100).save(file, "JPEG", quality=95)
    return file.getvalue()


def seen_in(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image
