"""Words of readers reach the database tidied, and never as an error."""

import pytest

from library.models import Resource
from library.search import CHARACTER_LIMIT, WORD_LIMIT, tidy_words
from tests.factories import make_resource


@pytest.mark.parametrize(
    ("raw", "tidied"),
    [
        ("peer support", "peer support"),
        ("", ""),
        ("   ", ""),
        ("  peer \t\n support  ", "peer support"),
        ("peer\0support", "peer support"),
        ("peer\x07\x1b[31m\x9fsupport", "peer [31m support"),
        ('"peer support"', '"peer support"'),
        ("officer -suicide", "officer -suicide"),
        ("PTSD OR stress", "PTSD OR stress"),
        ("line-of-duty", "line-of-duty"),
        ("-" * 33, ""),
        ("peer " + "-" * 33 + " support", "peer support"),
        ("a & b | !c", "a & b | !c"),
        ("!!!", ""),
        ("<->", ""),
        ("a:*", "a"),
        ("a\\\\b", "a b"),
        ("((((a))))", "a"),
        ("دعم الأقران", "دعم الأقران"),
        ("\u202egnihtemos", "\u202egnihtemos"),
        ("😴 sleep", "😴 sleep"),
        ("１２ naïve", "１２ naïve"),
    ],
)
def test_tidies(raw: str, tidied: str) -> None:
    assert tidy_words(raw) == tidied


def test_tidies_once_and_for_all() -> None:
    for raw in ("- - - a -- b", "a" * 300, "word " * 50, "-" * 33, "a -" + "\0" * 3 + "- b", "x" * 198 + " --- y"):
        assert tidy_words(tidy_words(raw)) == tidy_words(raw)


def test_keeps_at_most_16_words_and_200_characters() -> None:
    assert tidy_words("word " * 100) == " ".join(["word"] * WORD_LIMIT)
    assert tidy_words("a" * 100_000) == "a" * CHARACTER_LIMIT
    assert tidy_words(" " * 100_000 + "a") == ""


HOSTILE = [
    "-" * 33,
    "- " * 33,
    "-a " * 16,
    "!" * 100,
    "& | ! ( ) <-> :*",
    "a & & b",
    "'",
    '"',
    '"unclosed phrase',
    '""""""""',
    "\\",
    "a:*b:c",
    "%",
    "or or or",
    "-or -or",
    '"-" OR "-"',
    "((((((((((((((((",
    "\u202e" * 50,
    "\ud83d\ude34".encode("utf-16", "surrogatepass").decode("utf-16"),
    "the and of",
    "\ufeff\u200b",
    "' OR 1=1 --",
]


@pytest.mark.django_db
@pytest.mark.parametrize("raw", HOSTILE)
def test_no_words_upset_the_database(raw: str) -> None:
    make_resource()

    assert len(Resource.objects.matching(tidy_words(raw)).order_by("-rank")) <= 1


@pytest.mark.django_db
class TestTheLanguageOfSearch:
    @pytest.fixture(autouse=True)
    def resources(self) -> None:
        make_resource("Peer Support for Officers")
        make_resource("Support from Peer to Peer")
        make_resource("Officer Suicides")

    def found(self, words: str) -> list[str]:
        titles = Resource.objects.matching(tidy_words(words)).order_by("title").values_list("title", flat=True)
        return list(titles)

    def test_all_words_are_looked_for(self) -> None:
        assert self.found("support peer") == ["Peer Support for Officers", "Support from Peer to Peer"]

    def test_quotes_ask_for_a_phrase(self) -> None:
        assert self.found('"peer support"') == ["Peer Support for Officers"]

    def test_minus_leaves_out(self) -> None:
        assert self.found("officer -peer") == ["Officer Suicides"]

    def test_or_asks_for_either(self) -> None:
        assert len(self.found("suicide OR support")) == 3

    def test_nothing_is_found_for_other_words(self) -> None:
        assert self.found("canine") == []
