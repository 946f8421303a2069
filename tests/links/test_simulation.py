"""A made-up Internet for sixty days (`make bench-links` has more of it): nobody is called dead who isn’t."""

from tests.bench.links import play


def test_in_sixty_days_no_link_is_called_gone_or_taken_over_that_is_not() -> None:
    score = play(seed=7, links=600)
    assert score.dead > 50
    assert score.wrong == []
    assert score.false_alarms == []
    assert score.voids > 2
    assert len(score.withheld) == score.taken_over > 0
    assert score.linked == 0
    assert {*score.proposed} == {"moved"}
    assert max(score.rows) <= 9
    assert max(score.words) <= 14
