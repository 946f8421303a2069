"""A color stands out in both schemes, or it is refused and another one offered."""

import re

import pytest

from library.identity.accent import GROUNDS, LEAST_CONTRAST, contrast_of, weak_contrast
from tests.conftest import ROOT


def test_contrast_is_as_the_standard_says() -> None:
    assert contrast_of("#ffffff", "#ffffff") == 1
    assert contrast_of("#000000", "#ffffff") == pytest.approx(21)
    assert contrast_of("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_the_grounds_are_those_of_the_stylesheet() -> None:
    tokens = (ROOT / "static" / "css" / "tokens.css").read_text()
    values = dict(re.findall(r"--([\w-]+): ([^;]+);", tokens))
    pairs = [re.findall(r"#\w+|--[\w-]+", values[name].removeprefix("light-dark")) for name in ("page", "surface")]
    grounds = [[values[part[2:]] if part.startswith("--") else part for part in pair] for pair in pairs]

    assert {scheme: [light_dark[i] for light_dark in grounds] for i, scheme in enumerate(GROUNDS)} == {
        scheme: list(pair) for scheme, pair in GROUNDS.items()
    }


@pytest.mark.parametrize("color", ["#2e7d32", "#c2410c", "#2f6fbb", "#8a5cd1"])
def test_a_color_that_stands_out_in_both_is_taken(color: str) -> None:
    assert weak_contrast(color) is None


@pytest.mark.parametrize(
    ("color", "scheme"), [("#162e51", "dark"), ("#000000", "dark"), ("#ffdd00", "light"), ("#ffffff", "light")]
)
def test_a_weak_one_is_told_where_and_one_like_it_will_do(color: str, scheme: str) -> None:
    weak = weak_contrast(color)

    assert weak
    assert weak.scheme == scheme
    assert 1 <= weak.contrast < LEAST_CONTRAST
    assert weak_contrast(weak.instead) is None
