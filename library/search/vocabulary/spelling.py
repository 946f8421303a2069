"""What people meant to type: phrases recognized in spite of slips, and the word that a misspelled one was meant to be.

Pure functions. All words come folded (`search.text_query.fold`); edits are counted as optimal string alignment, in
which two letters that changed places are one.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA
from spellchecker import SpellChecker

# Shorter words are never taken for slips, nor longer ones: nobody's word is that long.
SHORTEST, LONGEST = 4, 30
# So many of the typed words together may be one phrase: “9 8 8”, “kill my self”.
_WIDEST = 6
# Words of two or three letters with which longer ones begin, joined or by a hyphen.
_PREFIXES = frozenset({"co", "mid", "non", "off", "pre", "re"})
_LETTERS = re.compile(r"[^\W\d_]+")


@cache
def english_words() -> frozenset[str]:
    """Some 160,000 words that are spelled right, American and British. Reads them at the first call: half a second."""
    return frozenset(SpellChecker(language="en", distance=1).word_frequency.words())


@dataclass(frozen=True)
class Phrase:
    """Words in a row that are to be recognised, and other words that only look like one of them."""

    words: tuple[str, ...]
    lookalikes: frozenset[str] = frozenset()

    @cached_property
    def together(self) -> str:
        return "".join(self.words)


class Phrases:
    """Phrases in their order, with what is compared with each typed word."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self.all = tuple(phrases)
        self.together = {phrase.together for phrase in self.all}
        self.words = {word for phrase in self.all for word in phrase.words}
        self.long_words = [word for word in self.words if _forgiven(len(word))]
        # Those of several words, written as one.
        self.joined = [phrase.together for phrase in self.all if len(phrase.words) > 1]
        self.shortest_joined = min(map(len, self.joined), default=LONGEST)


def mentioned(phrases: Phrases, typed: Sequence[str]) -> list[Phrase]:
    """Those of `phrases` that stand in `typed`, as whole words in a row.

    A word of 5 letters or more may be misspelled by one edit, of 8 or more by two; shorter ones have to be exact.
    The spaces may be elsewhere (“selfharm”, “kill my self”), in one misspelled word too (“killmyslef”).
    """
    together = {"".join(typed[at : at + width]) for at in range(len(typed)) for width in range(1, _WIDEST + 1)}
    meant = _meant_by(set(typed), phrases)
    possible = set().union(*meant.values())
    if not possible and together.isdisjoint(phrases.together):
        return []
    return [
        phrase
        for phrase in phrases.all
        if phrase.together in together
        or ((possible.issuperset(phrase.words) or phrase.together in possible) and _stands_in(phrase, typed, meant))
    ]


def correct(words: Sequence[str], known: Mapping[str, int], crisis: Collection[str]) -> list[str] | None:
    """`words` as they were probably meant, each in its place; None when there is nothing to correct.

    `known` has the library's words with their frequency, `crisis` the phrases that ask for the help lines. A word that
    is neither known nor part of such a phrase, nor an English word, becomes, first, the crisis word that it is close
    to; then two known words that were written as one; then the closest known word, of equally close ones the most
    frequent. A word of 4 to 6 letters may differ from it by one edit, a longer one by two. Signs around and within a
    word stay (`-suport` is `-support`); a word with a digit stays.
    """
    speller = _Speller(known, crisis)
    corrected = [speller.corrected(word) for word in words]
    return None if corrected == list(words) else corrected


def _forgiven(length: int) -> int:
    """How many edits a word of so many letters may be away and still be recognised."""
    return (length >= 5) + (length >= 8)


def _near(word: str, choices: Collection[str], most: int) -> list[tuple[str, int]]:
    """The choices that are at most so many edits away, with their number."""
    matches = process.extract(word, choices, scorer=OSA.distance, score_cutoff=most, limit=None)
    return [(choice, int(edits)) for choice, edits, _place in matches]


def _recognised(word: str, choices: Collection[str]) -> dict[str, int]:
    """The choices that `word` may be a slip of, with the number of edits."""
    return {choice: edits for choice, edits in _near(word, choices, 2) if edits <= _forgiven(len(choice))}


def _meant_by(typed: Iterable[str], phrases: Phrases) -> dict[str, set[str]]:
    """For each typed word, the words of phrases that it may stand for, and the phrases written as one word.

    A word that is too short to be a slip of any is compared with none.
    """
    meant = {word: {word} & phrases.words for word in typed}
    for word, possible in meant.items():
        if len(word) >= SHORTEST:
            possible.update(_recognised(word, phrases.long_words))
        if len(word) >= phrases.shortest_joined - 1:
            possible.update(joined for joined, _edits in _near(word, phrases.joined, 1))
    return meant


def _stands_in(phrase: Phrase, typed: Sequence[str], meant: Mapping[str, set[str]]) -> bool:
    def stands_for(word: str, part: str) -> bool:
        return word == part or (part in meant[word] and word not in phrase.lookalikes)

    for spelled in {phrase.words, (phrase.together,)}:
        for at in range(len(typed) - len(spelled) + 1):
            if all(map(stands_for, typed[at : at + len(spelled)], spelled)):
                return True
    return False


class _Speller:
    """The words that `correct` chooses from, gathered once for all words of a reader."""

    def __init__(self, known: Mapping[str, int], crisis: Collection[str]) -> None:
        self.known = known
        self.alarming = [phrase for phrase in crisis if " " not in phrase]
        self.crisis_words = {part for phrase in crisis for part in phrase.split()}
        self.choices = [*known, *(self.crisis_words - known.keys())]

    def corrected(self, word: str) -> str:
        """`word` with each run of letters in it corrected."""
        if any(sign.isdigit() for sign in word):
            return word
        return _LETTERS.sub(lambda run: self._meant(run[0]), word)

    def _meant(self, word: str) -> str:
        if word in self.known or word in self.crisis_words or not SHORTEST <= len(word) <= LONGEST:
            return word
        if word in english_words():
            return word
        candidates = list(_recognised(word, self.alarming).items())
        if not candidates and (parted := self._parted(word)):
            return parted
        candidates = candidates or _near(word, self.choices, 1 if len(word) <= 6 else 2)
        closest = min(
            candidates, key=lambda choice: (choice[1], -self.known.get(choice[0], 0), choice[0]), default=None
        )
        return closest[0] if closest else word

    def _parted(self, word: str) -> str:
        """Two known words that were written as one (“rollcall”, “coresponder”), the best known; empty for others."""
        pairs = ((word[:at], word[at:]) for at in range(2, len(word) - SHORTEST + 1))
        known = [pair for pair in pairs if pair[1] in self.known and (pair[0] in self.known or pair[0] in _PREFIXES)]
        best = max(known, key=lambda pair: min(self.known.get(part, 1) for part in pair), default=())
        return " ".join(best)
