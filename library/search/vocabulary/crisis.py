"""Whether what someone typed speaks of a crisis, and of whose: their own, someone else's, or a death.

Pure functions. Nothing that is looked at here is remembered or logged.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from library.db.edit_cache import until_next_edit
from library.models import CrisisTerm
from library.models.vocabulary import VOCABULARY_ROW_LIMIT
from library.search.text_query import folded_words

from .spelling import Phrase, Phrases, mentioned

About = CrisisTerm.About

# One way to write what is written in several: of whom is decided apart from it.
_SAME = [
    (r"\b(can not|cannot)\b", "cant"),
    (r"\b(do not|does not|doesnt|did not|didnt)\b", "dont"),
    (r"\bwanna\b", "want to"),
    (r"\bgonna\b", "going to"),
    (r"\bim\b", "i am"),
    (r"\b(my|him|her|hisself|them|your)(self|selves)\b", "myself"),
    (r"\b(his|her|their|your)\b", "my"),
    (r"\bany more\b", "anymore"),
]
_IRREGULAR = {
    "died": "die",
    "dies": "die",
    "dying": "die",
    "took": "tak",
    "taken": "tak",
    "ate": "eat",
    "shot": "shoot",
    "gave": "giv",
    "lost": "los",
}
_ENDINGS = ("ings", "ing", "ed", "es", "s", "e")
_SOMEONE_ELSE = re.compile(
    r"\b(he|she|they|him|her|himself|herself|themselves|themself|someone|somebody|husband|wife|spouse|partner|boyfriend"
    r"|girlfriend|friend|buddy|coworker|co worker|colleague|brother|sister|son|daughter|mom|mother|dad|father|kid|child"
    r"|my (officer|sergeant|deputy|dispatcher|chief))\b"
)
_ONESELF = re.compile(r"\b(i|im|ive|me|myself)\b")
_A_DEATH = re.compile(r"\b(killed|died|took|shot|ate|hung|hanged|lost|funeral|widow|widower)\b")


@dataclass(frozen=True)
class CrisisWords:
    """The curators' words that put the help lines above a list."""

    about: Mapping[Phrase, str]
    """Each phrase, and whom it speaks of."""

    def are_in(self, words: str) -> bool:
        """Whether a reader's words have any of these, in another form or misspelled too (`spelling.mentioned`)."""
        return self.kind_of(words) is not None

    def kind_of(self, words: str) -> About | None:
        """Whom words of a crisis speak of; None where there are none in `words`."""
        folded = folded_words(words)
        kinds = {self.about[phrase] for phrase in mentioned(self._phrases, folded.split())}
        kinds |= {self._stems[phrase] for phrase in mentioned(self._stem_phrases, _normal(folded).split())}
        if not kinds:
            return None
        is_of_someone = bool(_SOMEONE_ELSE.search(folded))
        if About.LOSS in kinds or (is_of_someone and _A_DEATH.search(folded)):
            return About.LOSS
        if About.OTHER in kinds or (is_of_someone and not _ONESELF.search(folded)):
            return About.OTHER
        return About.SELF

    @cached_property
    def _stems(self) -> dict[Phrase, str]:
        """The phrases as they are compared with other forms of their words."""
        return {
            Phrase(tuple(_normal(" ".join(phrase.words)).split()), frozenset(map(_stem, phrase.lookalikes))): kind
            for phrase, kind in self.about.items()
        }

    @cached_property
    def _phrases(self) -> Phrases:
        return Phrases(self.about)

    @cached_property
    def _stem_phrases(self) -> Phrases:
        return Phrases(self._stems)

    @property
    def terms(self) -> list[str]:
        """Each as its folded words; what `spelling.correct` looks at first."""
        return [" ".join(phrase.words) for phrase in self.about]

    @property
    def lookalikes(self) -> set[str]:
        """Right words, folded, that are never to be corrected into one of these."""
        return {word for phrase in self.about for word in phrase.lookalikes}


@until_next_edit
def load_crisis_words() -> CrisisWords:
    """Costs a query, once until the next edit."""
    rows = CrisisTerm.objects.values_list("folded", "lookalikes", "about")[:VOCABULARY_ROW_LIMIT]
    about = {
        Phrase(tuple(folded.split()), frozenset(folded_words(others).split())): kind for folded, others, kind in rows
    }
    return CrisisWords(about)


def _normal(folded: str) -> str:
    for pattern, word in _SAME:
        folded = re.sub(pattern, word, folded)
    return " ".join(map(_stem, folded.split()))


def _stem(word: str) -> str:
    """A word without its ending: `kills`, `killed` and `killing` are `kill`."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word
