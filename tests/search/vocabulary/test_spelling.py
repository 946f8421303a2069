"""Phrases are recognised in spite of slips, ordinary words are not taken for them, misspelled words are corrected."""

import pytest

from library.search.vocabulary.spelling import Phrase, Phrases, correct, mentioned
from tests.support.steps import calls_of

PHRASES = [
    Phrase(("suicide",)),
    Phrase(("suicidal",)),
    Phrase(("kill", "myself")),
    Phrase(("want", "to", "die")),
    Phrase(("self", "harm")),
    Phrase(("cant", "go", "on")),
    Phrase(("988",)),
    Phrase(("hopeless",), frozenset({"homeless", "topless"})),
]


@pytest.mark.parametrize(
    "typed",
    [
        "suicide",
        "officer suicide prevention",
        "i want to die tonight",
        "kill myself",
        "988",
        "call 988 now",
        "hopeless",
    ],
)
def test_a_phrase_is_found_among_other_words(typed: str) -> None:
    assert mentioned(Phrases(PHRASES), typed.split())


@pytest.mark.parametrize(
    "typed",
    [
        "sucide",
        "suicid",
        "suacide",
        "suicied",
        "usicide",
        "suicides",
        "sucidal",
        "suisidel",
        "hopelss",
        "hoplesss",
        "kill myslef",
        "kill mysel",
    ],
)
def test_a_long_word_may_be_misspelled(typed: str) -> None:
    assert mentioned(Phrases(PHRASES), typed.split())


@pytest.mark.parametrize(
    "typed",
    [
        "selfharm",
        "self harm",
        "killmyself",
        "killmyslef",
        "kill my self",
        "sui cide",
        "9 8 8",
        "wanttodie",
        "cant goon",
    ],
)
def test_spaces_may_be_elsewhere(typed: str) -> None:
    assert mentioned(Phrases(PHRASES), typed.split())


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "homicide",
        "want to dye",
        "want to dig",
        "want to be here",
        "to die",
        "die to want",
        "kill it myself",
        "skill myself",
        "self arm",
        "cartoon",
        "1988",
        "98",
        "hopeful",
        "going on",
    ],
)
def test_other_words_are_not_taken_for_a_phrase(typed: str) -> None:
    assert not mentioned(Phrases(PHRASES), typed.split())


def test_a_word_that_only_looks_like_one_is_no_slip() -> None:
    assert not mentioned(Phrases(PHRASES), ["homeless", "outreach"])
    assert mentioned(Phrases([Phrase(("hopeless",))]), ["homeless", "outreach"])
    assert mentioned(Phrases(PHRASES), ["homeless", "and", "hopeless"])
    assert mentioned(Phrases([Phrase(("suicide",), frozenset({"suicide"}))]), ["suicide"])


def test_no_phrases_are_never_mentioned() -> None:
    assert not mentioned(Phrases([]), ["suicide"])


def test_five_hundred_phrases_are_little_work() -> None:
    phrases = Phrases(Phrase((f"word{number}ing", "other", f"phrase{number}")) for number in range(500))
    typed = [f"wrod{number}ing" for number in range(16)]

    assert not mentioned(phrases, typed)
    assert calls_of(lambda: mentioned(phrases, typed)) < 3_000  # 2 milliseconds


# Correction

KNOWN = {"resilience": 9, "stress": 8, "officer": 7, "support": 6, "sleep": 5, "steep": 1, "traumatic": 2, "peer": 4}


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("offcer", "officer"),  # a letter missing
        ("offficer", "officer"),  # one too many
        ("oficier", "officer"),  # two edits in a longer word
        ("stess", "stress"),
        ("rezillience", "resilience"),
        ("tsress", "stress"),  # two letters that changed places
        ("ztress", "stress"),  # the first letter
        ("slepe", "sleep"),
    ],
)
def test_a_word_becomes_the_closest_known_one(word: str, meant: str) -> None:
    assert correct([word], KNOWN, []) == [meant]


def test_of_two_equally_close_words_the_more_frequent_is_meant() -> None:
    assert correct(["stleep"], {"steep": 1, "sleep": 5}, []) == ["sleep"]
    assert correct(["stleep"], {"steep": 5, "sleep": 1}, []) == ["steep"]


@pytest.mark.parametrize(
    "word",
    [
        "officer",  # known
        "stredd",  # two edits in a word of six
        "rasilianze",  # three in a long one
        "xyzzy",
        "per",  # too short
        "2020",
        "offcer1",
        "!!!",
        "",
        "a" * 31,
    ],
)
def test_a_word_is_left_alone(word: str) -> None:
    assert correct([word], KNOWN, []) is None


def test_each_word_keeps_its_place() -> None:
    assert correct(["peer", "suport", "for", "an", "offcer"], KNOWN, []) == ["peer", "support", "for", "an", "officer"]


def test_signs_of_the_search_and_within_a_word_stay() -> None:
    assert correct(['"peer', 'suport"', "-offcer", "post-tramatic", "offcer's"], KNOWN, []) == [
        '"peer',
        'support"',
        "-officer",
        "post-traumatic",
        "officer's",
    ]


def test_nothing_is_corrected_without_known_words() -> None:
    assert correct(["suport"], {}, []) is None
    assert correct([], KNOWN, []) is None


CRISIS = ["suicide", "overdose", "kill myself", "want to die"]


def test_a_crisis_word_comes_before_any_other() -> None:
    assert correct(["sucide"], {"suside": 99, "sucides": 90}, CRISIS) == ["suicide"]
    assert correct(["overdsoe"], {"override": 90, "overdoer": 10}, CRISIS) == ["overdose"]


def test_a_crisis_word_and_each_part_of_a_crisis_phrase_is_never_corrected_away() -> None:
    assert correct(["suicide"], {"suicides": 50}, CRISIS) is None
    assert correct(["kill", "myself"], {"skill": 50, "himself": 50, "mysell": 3}, CRISIS) is None
    assert correct(["want"], {"wants": 50}, CRISIS) is None


def test_a_part_of_a_crisis_phrase_is_what_a_slip_of_it_was_meant_to_be() -> None:
    assert correct(["kill", "myslef"], KNOWN, CRISIS) == ["kill", "myself"]
    assert correct(["mysekf"], {"mysekt": 9}, CRISIS) == ["mysekt"]


def test_a_known_word_is_no_slip_of_a_crisis_word() -> None:
    assert correct(["override"], {"override": 1}, ["overdose"]) is None
    assert correct(["overdone"], {"overdone": 0}, ["overdose"]) is None


def test_sixteen_unknown_words_among_twenty_thousand_are_little_work() -> None:
    letters = "abcdefghijklmnopqrst"
    known = {a + b + c + d + "ness": 1 for a in letters for b in letters for c in letters[:10] for d in letters[:5]}
    words = [f"zz{letter}zzness" for letter in letters[:16]]

    assert len(known) == 20_000
    assert calls_of(lambda: correct(words, known, CRISIS)) < 1_000  # no call for each of the twenty thousand


def test_two_known_words_written_as_one_are_parted() -> None:
    known = {"roll": 9, "call": 40, "near": 7, "miss": 5, "responder": 12, "officer": 90}
    assert correct(["rollcall"], known, []) == ["roll call"]
    assert correct(["nearmiss", "officer"], known, []) == ["near miss", "officer"]
    assert correct(["coresponder"], known, []) == ["co responder"]
    assert correct(["callofficerx"], known, []) is None
