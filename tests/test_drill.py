"""The durability drill's verdict: it finds what the drill itself hopes never to see."""

import pytest

from tests.drill.verdict import Verdict, verdict_on

ENTRY = 7
GOOD = ["Words from before.", "ada 1 after start 0", "ben 1 after ada 1", "ada 2 after ben 1"]


def verdict(*history: str, acknowledged: tuple[str, ...] = ("ada 1", "ben 1", "ada 2")) -> Verdict:
    return verdict_on({ENTRY: acknowledged}, {ENTRY: history})


def test_a_history_with_every_edit_once_keeps_the_promises() -> None:
    assert verdict(*GOOD).holds


def test_an_edit_whose_answer_never_came_may_be_there_or_not() -> None:
    assert verdict(*GOOD, "ben 2 after ada 2").holds


@pytest.mark.parametrize(
    ("history", "broken"),
    [
        (GOOD[:-1], Verdict(["ada 2"], [], [], [])),
        ([*GOOD[:2], "ada 2 after ada 1"], Verdict(["ben 1"], [], [], [])),
        ([*GOOD, "not in the history: ada 3"], Verdict(["not in the history: ada 3"], [], [], [])),
        ([*GOOD, "ben 1 after ada 2"], Verdict([], ["ben 1"], [], ["ben 1"])),
        ([*GOOD, "ben 2 after ben 1"], Verdict([], [], ["ben 2"], [])),
        ([GOOD[0], "ada 2 after start 0", "ben 1 after ada 2", "ada 1 after ben 1"], Verdict([], [], [], ["ada 1"])),
    ],
)
def test_what_breaks_a_promise_is_found(history: list[str], broken: Verdict) -> None:
    assert verdict(*history) == broken
    assert not broken.holds
