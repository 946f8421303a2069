"""Every word of a template is marked for translation: what is left without the marked ones has no letters."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

BLOCKS = (
    r"{% blocktranslate.*?%}.*?{% endblocktranslate %}|{% block bodyclass %}.*?{% endblock %}"  # the latter: classes
)
MARKED = re.compile(r"{#.*?#}|" + BLOCKS + r"|{%.*?%}|{{.*?}}", re.S)
READ_ALOUD = re.compile(r'(?:alt|aria-label|content|placeholder|title)="([^"]*)"')
TAG_OR_SIGN = re.compile(r"<[^>]*>|&\w+;", re.S)
WORD = re.compile(r"[A-Za-z]{2,}")
# What the browser is told, and no person.
FOR_BROWSERS = {"width", "device", "initial", "scale", "light", "dark", "no", "referrer", "noindex"}


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_no_word_is_left_unmarked(path: Path) -> None:
    rest = MARKED.sub("", path.read_text(encoding="utf-8"))
    words = WORD.findall(" ".join([TAG_OR_SIGN.sub(" ", rest), *READ_ALOUD.findall(rest)]))
    assert set(words) <= FOR_BROWSERS


def test_an_unmarked_word_would_be_found() -> None:
    rest = MARKED.sub("", '<p title="Left">{% translate "Marked" %} unmarked {{ value }}</p>')
    assert WORD.findall(TAG_OR_SIGN.sub(" ", rest)) == ["unmarked"]
    assert READ_ALOUD.findall(rest) == ["Left"]
