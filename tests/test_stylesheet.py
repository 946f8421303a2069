"""The stylesheet: the contrast of its color pairs, its size in one file, and its names."""

import gzip
import re
from pathlib import Path

import pytest

from config.static_storage import in_one

CSS = Path(__file__).resolve().parent.parent / "static" / "css"
TOKENS = dict(re.findall(r"(--[\w-]+):\s*([^;]+);", (CSS / "tokens.css").read_text()))

# (text, what it stands on): WCAG 2.2, 1.4.3.
TEXT_PAIRS = [
    ("--text", "--page"),
    ("--text", "--surface"),
    ("--heading", "--page"),
    ("--heading", "--surface"),
    ("--secondary", "--page"),
    ("--secondary", "--surface"),
    ("--link", "--page"),
    ("--link", "--surface"),
    ("--link-visited", "--page"),
    ("--link-visited", "--surface"),
    ("--link-hover", "--page"),
    ("--link-hover", "--surface"),
    ("--strip-text", "--strip"),
    ("--note-text", "--note"),
    ("--mark-text", "--mark"),
    ("--error", "--page"),
    ("--action-text", "--action"),
    ("--focus-text", "--focus"),
]
# (edge, what it stands on): WCAG 2.2, 1.4.11.
EDGE_PAIRS = [
    ("--border", "--page"),
    ("--border", "--surface"),
    ("--accent", "--page"),
    ("--action", "--page"),
    ("--action", "--surface"),
]


def color(token: str, scheme: str) -> tuple[int, int, int]:
    value = TOKENS[token].strip()
    if both := re.fullmatch(r"light-dark\((.+), (.+)\)", value):
        value = both[1 if scheme == "light" else 2]
    if other := re.fullmatch(r"var\((--[\w-]+)\)", value):
        return color(other[1], scheme)
    red, green, blue = (int(value[place : place + 2], 16) for place in (1, 3, 5))
    return red, green, blue


def luminance(rgb: tuple[int, int, int]) -> float:
    """Relative luminance as WCAG 2.2 defines it, from 0 to 1."""
    parts = [part / 255 for part in rgb]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str, scheme: str) -> float:
    darker, lighter = sorted(luminance(color(token, scheme)) for token in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_can_be_read_on_what_it_stands_on(text: str, ground: str, scheme: str) -> None:
    assert contrast(text, ground, scheme) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGE_PAIRS)
def test_controls_and_marks_stand_out(edge: str, ground: str, scheme: str) -> None:
    assert contrast(edge, ground, scheme) >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_focus_ring_stands_out_on_every_ground(scheme: str) -> None:
    for ground in ("--page", "--surface", "--strip"):
        assert max(contrast("--focus", ground, scheme), contrast("--focus-text", ground, scheme)) >= 3


def test_contrast_is_computed_as_the_standard_says() -> None:
    assert contrast("--strip-text", "--strip-text", "light") == 1
    TOKENS["--black"] = "#000000"
    assert contrast("--strip-text", "--black", "light") == pytest.approx(21)


def test_the_whole_stylesheet_is_one_file_of_at_most_10_kb() -> None:
    whole = in_one(CSS / "site.css")
    assert "@import" not in whole
    assert len(gzip.compress(whole.encode())) <= 10_000


def test_every_part_is_imported() -> None:
    imported = set(re.findall(r'url\("([\w./]+)"\)', (CSS / "site.css").read_text()))
    # The admin's own sheet is no part of what readers load.
    parts = {path.relative_to(CSS).as_posix() for path in CSS.rglob("*.css")} - {"site.css", "admin.css"}
    assert imported == parts


def test_every_class_of_the_stylesheet_stands_in_a_template() -> None:
    styled = set(re.findall(r"\.([a-z][a-z-]+)\b(?![^{]*;)", in_one(CSS / "site.css")))
    root = CSS.parent.parent
    used = {
        name
        for path in [*(root / "templates").rglob("*.html"), root / "library" / "pages" / "markup.py"]
        for names in re.findall(r'class="([^"]+)"', re.sub(r"{%.*?%}", " ", path.read_text()))
        for name in names.split()
    }
    assert styled - used == set()
