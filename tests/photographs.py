"""Small pictures as cameras and programs write them. For tests."""

import struct
import zlib
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


def png_header(width: int, height: int, *, bits: int = 8, color_type: int = 2) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, color_type, 0, 0, 0))


def png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of_16_bits(size: tuple[int, int], *, color_type: int, channels: int) -> bytes:
    """From black at the top to white at the bottom. Pillow writes none in color."""
    width, height = size
    packed = zlib.compressobj(1)
    lines = (b"\0" + struct.pack(">H", line * 65_535 // height) * channels * width for line in range(height))
    data = b"".join(packed.compress(line) for line in lines) + packed.flush()
    header = png_header(width, height, bits=16, color_type=color_type)
    return header + png_chunk(b"IDAT", data) + png_chunk(b"IEND", b"")


def seen_in(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image
