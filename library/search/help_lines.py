"""Help lines by what people call them: name, letters of the number, digits, place, audience, and curators' words.

Pure functions: there are few lines, and they are compared in memory.
"""

from collections.abc import Iterable

from library.models import HelpLine
from library.search.text_query import FILLERS, folded_words

# What is said of nearly every line, and so tells none apart: only a name or curators' words may have it.
_OF_ANY_LINE = {
    "officer",
    "police",
    "law",
    "enforcement",
    "anyone",
    "usa",
    "us",
    "treatment",
    "mental",
    "health",
    "support",
}
# What people add to a name.
_AROUND = {"hotline", "helpline", "line", "number", "phone", "call", "chat", "telephone"}


def lines_named(words: str, lines: Iterable[HelpLine]) -> list[HelpLine]:
    """The lines that all telling words of `words` speak of, in their order; none where there is no telling word."""
    typed = [word for word in folded_words(words).split() if word not in FILLERS]
    telling = [word for word in typed if word not in _AROUND] or typed
    return [line for line in lines if telling and _is_meant(line, telling, "".join(typed))]


def _is_meant(line: HelpLine, telling: list[str], together: str) -> bool:
    names = {_root(word) for word in folded_words(f"{line.name} {line.place} {line.search_words}").split()}
    about = {_root(word) for word in folded_words(line.audience).split() if word not in FILLERS} - _OF_ANY_LINE
    numbers = {
        part for number in (line.call_number, line.text_number, line.tty_number) for part in _ways_to_write(number)
    }
    note = folded_words(line.call_note)
    letters = {part for part in note.split() if len(part) > 3} | {note.replace(" ", "")}
    known = names | about | numbers | letters
    return together in known | {folded_words(line.name).replace(" ", "")} or all(
        _root(word) in known for word in telling
    )


def _ways_to_write(number: str) -> set[str]:
    """A number as people type it: its digits, with the 1 in front and without."""
    digits = folded_words(number).replace(" ", "")
    return {digits, digits.removeprefix("1")} if digits else set()


def _root(word: str) -> str:
    """Without the ending of a plural: `veterans` is `veteran`, `families` is `family`."""
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and len(word) > 3 and not word.endswith("ss") else word
