"""`library.pages.qr_codes`: an address as a drawing that may stand in any page."""

import re

import segno

from library.pages.qr_codes import QR_TEXT_LIMIT, qr_code, qr_picture

ADDRESS = "https://library.example.org/r/bpr2345/"


def modules_of(svg: str) -> set[tuple[int, int]]:
    """The dark squares of the drawing, as (column, row), read from its lines."""
    dark = set()
    (lines,) = re.findall(r'stroke="#000" d="([^"]+)"', svg)
    column, row = 0, 0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", lines):
        values = [float(number) for number in re.findall(r"-?[\d.]+", numbers)]
        if command == "M":
            column, row = int(values[0]), int(values[1])
        elif command == "m":
            column, row = column + int(values[0]), row + int(values[1])
        else:
            dark |= {(column + step, row) for step in range(int(values[0]))}
            column += int(values[0])
    return dark


def test_draws_the_modules_of_the_address_within_a_quiet_zone() -> None:
    expected = segno.make(ADDRESS, error="m", micro=False, boost_error=False).matrix

    svg = qr_code(ADDRESS)

    assert svg.startswith('<svg viewBox="0 0 37 37">')  # 29 modules, and 4 on each side
    assert modules_of(svg) == {
        (column + 4, row + 4) for row, line in enumerate(expected) for column, dark in enumerate(line) if dark
    }


def test_is_black_on_white_and_says_nothing_that_a_policy_refuses() -> None:
    svg = qr_code(ADDRESS)

    assert '<path fill="#fff" d="M0 0h37v37h-37z"/>' in svg
    assert set(re.findall(r"</?(\w+)", svg)) == {"svg", "path"}
    assert set(re.findall(r' ([\w:]+)="', svg)) == {"viewBox", "fill", "stroke", "d"}


def test_an_address_stands_in_no_text_of_the_drawing() -> None:
    assert "script" not in qr_code("https://library.example.org/<script>")


def test_the_longest_address_is_drawn_and_a_longer_one_is_not() -> None:
    assert qr_code("a" * QR_TEXT_LIMIT).startswith("<svg")
    assert qr_code("a" * (QR_TEXT_LIMIT + 1)) == ""


def test_a_file_of_its_own_has_the_same_modules() -> None:
    file = qr_picture(ADDRESS).decode()

    assert 'xmlns="http://www.w3.org/2000/svg"' in file
    assert modules_of(file) == modules_of(qr_code(ADDRESS))
