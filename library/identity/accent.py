"""The one color that an agency may choose: whether it stands out in both schemes, by how much, and its stylesheet.

It marks edges and lines, and no text: WCAG 2.2 (1.4.11) asks for 3:1 there. The grounds are those of `tokens.css`.
"""

import re
from dataclasses import dataclass

ACCENT_PATTERN = r"#[0-9a-f]{6}"
LEAST_CONTRAST = 3.0
# The page and the surface of each scheme.
GROUNDS = {"light": ("#ffffff", "#f2f6fb"), "dark": ("#12161c", "#1b2129")}
_STEPS = 50


@dataclass(frozen=True)
class WeakContrast:
    """The scheme in which a color is too weak, its contrast there, and one like it that will do."""

    scheme: str
    contrast: float
    instead: str


def weak_contrast(color: str) -> WeakContrast | None:
    """Where this color, `#` and six digits, is too weak; None where it stands out in both schemes."""
    contrasts = _contrasts(color)
    scheme = min(contrasts, key=contrasts.__getitem__)
    if contrasts[scheme] >= LEAST_CONTRAST:
        return None
    return WeakContrast(scheme, contrasts[scheme], _stronger(color, "#ffffff" if scheme == "dark" else "#000000"))


def stylesheet_of(color: str) -> str:
    """In the layer of the tokens, so that paper stays black and white."""
    return f"@layer tokens {{ :root {{ --accent: {color}; }} }}\n"


def contrast_of(one: str, other: str) -> float:
    """From 1 to 21, as WCAG 2.2 defines it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def is_color(text: str) -> bool:
    return re.fullmatch(ACCENT_PATTERN, text) is not None


def _contrasts(color: str) -> dict[str, float]:
    return {scheme: min(contrast_of(color, ground) for ground in grounds) for scheme, grounds in GROUNDS.items()}


def _stronger(color: str, end: str) -> str:
    """The color nearest to it, on the way to white or black, that stands out in both schemes: there always is one."""
    mixed = (_mixed(color, end, step / _STEPS) for step in range(1, _STEPS + 1))
    return next(one for one in mixed if min(_contrasts(one).values()) >= LEAST_CONTRAST)


def _mixed(color: str, end: str, share: float) -> str:
    parts = zip(_parts(color), _parts(end), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)


def _parts(color: str) -> list[int]:
    return [int(color[place : place + 2], 16) for place in (1, 3, 5)]


def _luminance(color: str) -> float:
    """From 0 to 1, as WCAG 2.2 defines it."""
    shares = [part / 255 for part in _parts(color)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
