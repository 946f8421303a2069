"""Words of readers reach the database tidied, and never as an error."""

from typing import ClassVar

import pytest

from library.models import Resource
from library.search.text_query import (
    CHARACTER_LIMIT,
    WORD_LIMIT,
    Term,
    as_written,
    fold,
    query_for,
    stems_of,
    terms_of,
    tidy_words,
)
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

    words = tidy_words(raw)
    query = query_for(words, {})
    if query is not None:
        found = Resource.objects.matching(query)
        assert len(found.ranked(query)) == len(found.with_marks(stems_of(words), query)) <= 1


@pytest.mark.django_db
class TestTheLanguageOfSearch:
    synonyms: ClassVar[dict[str, tuple[str, ...]]] = {}

    @pytest.fixture(autouse=True)
    def resources(self) -> None:
        make_resource("Peer Support for Officers")
        make_resource("Support from Peer to Peer")
        make_resource("Officer Suicides")

    def found(self, words: str) -> list[str]:
        query = query_for(tidy_words(words), self.synonyms)
        return list(Resource.objects.matching(query).order_by("title").values_list("title", flat=True))

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

    def test_accents_make_no_difference(self) -> None:
        make_resource("Café Résilience")

        assert self.found("cafe resilience") == self.found("CAFÉ rE\u0301silience") == ["Café Résilience"]

    def test_the_last_word_may_be_unfinished(self) -> None:
        assert self.found("peer supp") == ["Peer Support for Officers", "Support from Peer to Peer"]
        assert self.found("suic") == ["Officer Suicides"]
        assert self.found("supp peer") == []

    def test_but_not_in_quotes_after_a_minus_or_when_it_is_very_short(self) -> None:
        assert self.found('"peer supp"') == []
        assert self.found("officer -supp") == ["Officer Suicides", "Peer Support for Officers"]
        assert self.found("of") == self.found("su") == []

    def test_a_hyphen_is_as_good_as_a_space(self) -> None:
        make_resource("Post-Traumatic Stress")
        make_resource("Line of Duty")

        assert self.found("post traumatic stress") == self.found("post-traumatic stress") == ["Post-Traumatic Stress"]
        assert self.found("line-of-duty") == ["Line of Duty"]


@pytest.mark.django_db
class TestWordsOfOneMeaning:
    groups: ClassVar[dict[str, tuple[str, ...]]] = {
        "ptsd": ("post-traumatic stress",),
        "post traumatic stress": ("ptsd",),
        "officer": ("deputy",),
        "deputy": ("officer",),
    }

    @pytest.fixture(autouse=True)
    def resources(self) -> None:
        make_resource("PTSD and You")
        make_resource("Post-Traumatic Stress in Deputies")
        make_resource("Traumatic Stress of Officers")

    def found(self, words: str) -> list[str]:
        query = query_for(tidy_words(words), self.groups)
        return list(Resource.objects.matching(query).order_by("title").values_list("title", flat=True))

    def test_one_of_them_finds_all(self) -> None:
        both = ["Post-Traumatic Stress in Deputies", "PTSD and You"]

        assert sorted(self.found("ptsd")) == sorted(self.found("post-traumatic stress")) == sorted(both)

    def test_other_words_still_have_to_be_there(self) -> None:
        assert self.found("ptsd officer") == ["Post-Traumatic Stress in Deputies"]

    def test_nothing_stands_in_for_what_is_quoted_or_left_out(self) -> None:
        assert self.found('"ptsd"') == ["PTSD and You"]
        assert self.found("stress -deputy") == ["Traumatic Stress of Officers"]


def test_reads_words_as_terms() -> None:
    assert terms_of('Peer "shift Work" -Sleep or "" & PTSD') == [
        [Term("peer"), Term("shift work", is_phrase=True), Term("sleep", is_excluded=True)],
        [Term("ptsd")],
    ]
    assert terms_of('"unclosed phrase') == [[Term("unclosed phrase", is_phrase=True)]]
    assert terms_of("or - & OR") == []


def test_folds_accents_and_capitals() -> None:
    assert fold("RÉSUMÉ naïve Straße ﬁ") == "resume naive straße fi"


# Marks


@pytest.mark.parametrize(
    ("text", "marked", "written"),
    [
        ("Plain text.", "Plain \x02text\x03.", "Plain \x02text\x03."),
        ("A résumé here.", "A \x02resume\x03 here.", "A \x02résumé\x03 here."),
        ("Before. Zoe\u0301 left. After.", "\x02Zoe\x03 left", "\x02Zoe\u0301\x03 left"),
        ("The ﬁne café", "\x02fine\x03 \x02cafe\x03", "\x02ﬁne\x03 \x02café\x03"),
        ("Été, été", "Ete, \x02ete\x03", "Été, \x02été\x03"),
        ("Something élse", "\x02not\x03 a part of it", "Something élse"),
        ("", "", ""),
    ],
)
def test_marks_come_back_to_the_letters_as_they_were_written(text: str, marked: str, written: str) -> None:
    assert as_written(text, marked) == written
