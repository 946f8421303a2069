"""What the history of one entry has to be: every acknowledged edit once, each made on top of the one before it.

An edit writes into the summary who it is by, its number, and which edit it was made on top of.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

START = "start 0"
_EDIT = re.compile(r"(\w+ \d+) after (\w+ \d+)")


@dataclass(frozen=True)
class Verdict:
    """The edits that break a promise: `forks` were made on top of another one than stands before them."""

    lost: list[str]
    twice: list[str]
    forks: list[str]
    out_of_order: list[str]

    @property
    def holds(self) -> bool:
        return not (self.lost or self.twice or self.forks or self.out_of_order)


def summary_for(edit: str, predecessor: str) -> str:
    return f"{edit} after {predecessor}"


def edit_in(summary: str) -> str:
    """The edit that left this summary."""
    match = _EDIT.fullmatch(summary)
    return match[1] if match else START


def verdict_on(acknowledged: Mapping[int, Collection[str]], histories: Mapping[int, Sequence[str]]) -> Verdict:
    """For each entry, the edits that curators were told of, and the summaries of its versions, oldest first.

    What is in the entry and in no version of it stands last, and is no edit.
    """
    verdict = Verdict([], [], [], [])
    for entry, edits in acknowledged.items():
        matches = [match for summary in histories[entry] if (match := _EDIT.fullmatch(summary))]
        stored = [match[1] for match in matches]
        verdict.lost.extend(edit for edit in edits if edit not in stored)
        if histories[entry] and edit_in(histories[entry][-1]) != (stored or [START])[-1]:
            verdict.lost.append(histories[entry][-1])
        verdict.twice.extend(edit for edit, times in Counter(stored).items() if times > 1)
        verdict.forks.extend(
            match[1] for match, before in zip(matches, [START, *stored], strict=False) if match[2] != before
        )
        latest: dict[str, int] = {}
        for edit in stored:
            curator, number = edit.split()
            if int(number) <= latest.get(curator, 0):
                verdict.out_of_order.append(edit)
            latest[curator] = int(number)
    return verdict
