"""What is made of a chosen picture: small, upright, without metadata; and what is refused, in one sentence, at once."""

import contextlib
import random
import struct
import subprocess
import sys
import time
import zlib
from io import BytesIO

import pytest
from PIL import Image

from library.media.images import SIZE, SOURCE_BYTES, STORED_BYTES, NoPicture, make_picture
from tests.photographs import noise, photograph, png_chunk, png_header, png_of_16_bits, seen_in
from tests.processes import ROOT


def is_near(image: Image.Image, place: tuple[int, int], color: tuple[int, int, int]) -> bool:
    pixel = image.convert("RGB").getpixel(place)
    assert isinstance(pixel, tuple)
    return all(abs(seen - meant) < 40 for seen, meant in zip(pixel, color, strict=True))


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_makes_a_small_webp_of_each_format(file_format: str) -> None:
    made = make_picture(photograph(file_format))
    image = seen_in(made.content)
    assert (image.format, image.size) == ("WEBP", (960, 720))
    assert (made.width, made.height) == image.size
    assert is_near(image, (100, 100), (255, 0, 0))
    assert is_near(image, (900, 100), (0, 0, 255))


def test_never_makes_a_picture_larger() -> None:
    assert (make_picture(photograph(size=(120, 40))).width, make_picture(photograph(size=(1, 1))).height) == (120, 1)


@pytest.mark.parametrize("size", [(1600, 1200), (3000, 2000), (3000, 40), (40, 3000)])
def test_stays_within_size_and_bytes_whatever_it_shows(size: tuple[int, int]) -> None:
    made = make_picture(noise(size))
    assert len(made.content) <= STORED_BYTES
    assert made.width <= SIZE[0]
    assert made.height <= SIZE[1]


def test_turns_upright_and_forgets_place_camera_and_comment() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010F] = "Camera of Officer Doe"
    exif.get_ifd(0x8825)[1] = "N"
    made = make_picture(photograph(exif=exif, comment="Officer Doe", xmp=b"<x>Officer Doe</x>", icc_profile=b"x" * 200))
    image = seen_in(made.content)
    assert image.size == (540, 720)
    assert is_near(image, (100, 50), (255, 0, 0))
    assert is_near(image, (100, 700), (0, 0, 255))
    assert not image.getexif()
    assert {"exif", "xmp", "icc_profile", "comment"}.isdisjoint(image.info)
    assert b"Doe" not in made.content


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "L", "I;16"])
def test_takes_any_kind_of_color(mode: str) -> None:
    file = BytesIO()
    Image.new(mode, (100, 100)).save(file, "PNG")
    assert seen_in(make_picture(file.getvalue()).content).mode == "RGB"


def test_transparent_becomes_white() -> None:
    file = BytesIO()
    Image.new("RGBA", (100, 100), (0, 0, 0, 0)).save(file, "PNG")
    assert is_near(seen_in(make_picture(file.getvalue()).content), (50, 50), (255, 255, 255))


def test_print_colors_are_converted() -> None:
    assert make_picture(photograph(mode="CMYK")).width == 960


@pytest.mark.parametrize("file_format", ["PNG", "WEBP"])
def test_keeps_the_first_frame_of_an_animation(file_format: str) -> None:
    frames = [Image.new("RGB", (100, 100), color) for color in ("red", "blue", "green")]
    file = BytesIO()
    frames[0].save(file, file_format, save_all=True, append_images=frames[1:])
    image = seen_in(make_picture(file.getvalue()).content)
    assert getattr(image, "n_frames", 1) == 1
    assert is_near(image, (50, 50), (255, 0, 0))


def png_of(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header speaks of so many pixels."""
    return png_header(width, height) + png_chunk(b"IDAT", zlib.compress(b"\0" * 100)) + png_chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(5001, 5000), (10_000, 10_000), (2_000_000_000, 2_000_000_000)])
def test_refuses_too_many_pixels_before_it_decodes_any(size: tuple[int, int]) -> None:
    began = time.monotonic()
    with pytest.raises(NoPicture):
        make_picture(png_of(*size))
    assert time.monotonic() - began < 0.5


@pytest.mark.parametrize(
    ("size", "words"),
    [
        ((3001, 3000), "WebP picture can have at most 9 million"),
        ((5001, 5000), "more than 25 million"),
        ((16_000, 16_000), "more than 25 million"),
    ],
)
def test_refuses_a_webp_that_would_take_too_much_memory(size: tuple[int, int], words: str) -> None:
    # What the header of a lossless one says; the rest is missing.
    packed_size = (size[0] - 1) | (size[1] - 1) << 14
    chunk = b"VP8L" + struct.pack("<I", 10) + b"\x2f" + struct.pack("<I", packed_size) + bytes(5)
    with pytest.raises(NoPicture, match=words):
        make_picture(b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk)


def test_sixteen_bits_of_gray_keep_their_shades() -> None:
    image = seen_in(make_picture(png_of_16_bits((100, 100), color_type=0, channels=1)).content)
    for line in (5, 50, 95):
        assert is_near(image, (50, line), (line * 255 // 100,) * 3)


LARGE = {
    "JPEG": lambda: photograph("JPEG", (5000, 5000)),
    "progressive JPEG": lambda: photograph("JPEG", (5000, 5000), progressive=True, subsampling=0),
    "JPEG of print colors": lambda: photograph("JPEG", (5000, 5000), "CMYK"),
    "turned JPEG": lambda: photograph("JPEG", (5000, 5000), exif=turned()),
    "PNG": lambda: photograph("PNG", (5000, 5000), compress_level=1),
    "transparent PNG": lambda: photograph("PNG", (5000, 5000), "RGBA", compress_level=1),
    "PNG of a palette": lambda: palette_png((5000, 5000)),
    "PNG of 16 bits": lambda: png_of_16_bits((5000, 5000), color_type=6, channels=4),
    "wide PNG": lambda: photograph("PNG", (25_000, 1000), "RGBA", compress_level=1),
    "PNG of 16 bits of gray": lambda: png_of_16_bits((5000, 5000), color_type=0, channels=1),
    "WebP": lambda: photograph("WEBP", (3000, 3000), method=0),
    "lossless WebP": lambda: photograph("WEBP", (3000, 3000), lossless=True, method=0),
}
WITHIN_256_MB = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (256 << 20, 256 << 20))
from library.media.images import make_picture
print(make_picture(sys.stdin.buffer.read()).width)
"""


def palette_png(size: tuple[int, int]) -> bytes:
    file = BytesIO()
    Image.new("P", size, 3).save(file, "PNG")
    return file.getvalue()


def turned() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of a process")
@pytest.mark.parametrize("what", LARGE)
def test_largest_picture_of_each_kind_is_made_within_256_mb(what: str) -> None:
    """All memory that the process asks for, Python and Pillow included."""
    done = subprocess.run(
        [sys.executable, "-c", WITHIN_256_MB], input=LARGE[what](), capture_output=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert int(done.stdout) in {720, 960}


def test_refuses_a_side_that_no_screen_shows() -> None:
    with pytest.raises(NoPicture, match="more than 25,000 pixels"):
        make_picture(png_of(25_001, 1))


def test_refuses_too_many_bytes() -> None:
    with pytest.raises(NoPicture, match="larger than 10 MB"):
        make_picture(b"\xff\xd8" + b"x" * SOURCE_BYTES)


@pytest.mark.parametrize("file_format", ["GIF", "TIFF", "BMP", "EPS", "PDF", "ICO", "PPM"])
def test_refuses_every_other_format(file_format: str) -> None:
    with pytest.raises(NoPicture, match="JPEG, PNG, or WebP"):
        make_picture(photograph(file_format, (64, 64)))


@pytest.mark.parametrize(
    "source", [b"", b"\0", b"<svg onload='alert(1)'/>", b"%PDF-1.7", b"\xff\xd8\xff", b"RIFF0000WEBP"]
)
def test_refuses_what_is_no_picture(source: bytes) -> None:
    with pytest.raises(NoPicture, match="JPEG, PNG, or WebP"):
        make_picture(source)


def test_text_that_unpacks_to_much_is_no_picture() -> None:
    file = photograph("PNG", (64, 64))
    bomb = b"zTXtA\0\0" + zlib.compress(b"x" * 80_000_000)
    chunk = struct.pack(">I", len(bomb) - 4) + bomb + struct.pack(">I", zlib.crc32(bomb))
    with pytest.raises(NoPicture):
        make_picture(file[:33] + chunk + file[33:])


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's own, about metadata that nobody keeps
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_broken_files_are_made_or_refused_and_nothing_else(file_format: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    file = photograph(file_format, (64, 48), exif=exif)
    chance = random.Random(7)
    for _time in range(300):
        broken = bytearray(file[: chance.randrange(len(file))] if chance.random() < 0.3 else file)
        for _change in range(chance.randrange(1, 8)):
            if broken:
                broken[chance.randrange(len(broken))] = chance.randrange(256)
        with contextlib.suppress(NoPicture):
            assert make_picture(bytes(broken)).width > 0
