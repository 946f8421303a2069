"""What the moves of a host have in common: offered where four of five obey it, and never believed without a look."""

import pytest

from library.links.moves import MoveRule, rule_of

OLD, NEW = "https://old.example", "https://new.example"


@pytest.mark.parametrize(
    ("before", "after", "lost", "found"),
    [
        ("/{}/guide", "/{}/guide", "/z?id=6", "/z?id=6"),
        ("/pubs/{}.pdf", "/library/{}.pdf", "/pubs/z/1.pdf", "/library/z/1.pdf"),
        ("/{}.aspx", "/{}", "/z.aspx", "/z"),
        ("/{}", "/{}/", "/z", "/z/"),
        ("/{0}/old/{0}-1", "/{0}/new/{0}-1", "/z/old/y", "/z/new/y"),
        ("/{}", "/archive/{}", "/z", "/archive/z"),
    ],
    ids=["same path", "another folder at the start", "end dropped", "end added", "folder renamed", "folder added"],
)
def test_a_rule_is_found_and_says_where_another_address_is(before: str, after: str, lost: str, found: str) -> None:
    moves = [(OLD + before.format(name), NEW + after.format(name)) for name in "abc"]
    rule = rule_of(moves)
    assert rule is not None
    assert rule.new_address(OLD + lost) == NEW + found


def test_four_of_five_have_to_obey_it() -> None:
    moves = [(f"{OLD}/{name}", f"{NEW}/{name}") for name in "abcd"]
    assert rule_of([*moves, (f"{OLD}/e", f"{NEW}/elsewhere/x")]) == MoveRule("https", "new.example")
    assert rule_of([*moves[:3], (f"{OLD}/e", f"{NEW}/other"), (f"{OLD}/f", f"{NEW}/another")]) is None


def test_two_moves_are_too_few_and_unlike_ones_have_no_rule() -> None:
    assert rule_of([(f"{OLD}/{name}", f"{NEW}/{name}") for name in "ab"]) is None
    assert rule_of([(f"{OLD}/{name}", f"{NEW}/{name * 3}.html") for name in "abc"]) is None


def test_a_rule_says_nothing_of_an_address_that_is_not_of_its_kind() -> None:
    rule = MoveRule("https", "new.example", "start", "/pubs", "/library")
    assert rule.new_address(f"{OLD}/pubsub/a") == ""
    assert MoveRule("https", "new.example", "folder", "old", "new").new_address(f"{OLD}/old") == ""
    assert MoveRule("https", "new.example", "end", ".aspx", "").new_address(f"{OLD}/a.html") == ""
