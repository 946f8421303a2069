"""Faults that checkers have had, planted one by one: for each of them, a case has to fail."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from library.links import copies, evidence, signals
from library.links.faults import WireFault
from library.links.signals import SignalKind
from tests.links import test_changed_links as changed
from tests.links import test_copies
from tests.links import test_gone_links as gone
from tests.links import test_good_links as good

AT_ONCE = dict.fromkeys((SignalKind.GONE, SignalKind.SOFT, SignalKind.TROUBLE), (1, 1, timedelta(0)))
BY_LOOKS = dict.fromkeys((SignalKind.GONE, SignalKind.SOFT, SignalKind.TROUBLE), (3, 1, timedelta(0)))
FAULTS: dict[str, tuple[Any, str, Any, Callable[[], None]]] = {
    "one failure is a death": (
        evidence,
        "_DEATHS",
        AT_ONCE,
        gone.test_c47_a_relaunch_of_three_days_is_no_death,
    ),
    "looks are counted, and not days": (
        evidence,
        "_DEATHS",
        BY_LOOKS,
        gone.test_c47_a_relaunch_of_three_days_is_no_death,
    ),
    "403 is trouble": (
        signals,
        "WALLED",
        set(),
        lambda: good.test_a_wall_is_no_answer_however_long_it_stands("C28 451"),
    ),
    "a challenge goes by its status": (
        signals,
        "is_challenge",
        lambda _answer: False,
        lambda: good.test_a_wall_is_no_answer_however_long_it_stands("C27 a challenge of AWS"),
    ),
    "a death is never looked at again": (
        evidence,
        "_AFTER_DEATH",
        (timedelta(days=999),),
        gone.test_a_death_is_looked_at_after_a_week_two_and_a_month_and_then_every_month,
    ),
    "a casino is alive by its status": (
        signals,
        "_page_of_others",
        lambda *_given: None,
        lambda: changed.test_c59_a_casino_on_the_same_host_is_withheld_after_an_hour(changed.ORDINARY),
    ),
    "a front page is where a page has moved to": (
        signals,
        "_front_page",
        lambda *_given: None,
        lambda: gone.test_what_is_gone_with_a_status_of_200_is_a_death_after_ten_days(
            "C56 everybody to the front page"
        ),
    ),
    "the front page isn’t asked before a death": (
        signals,
        "_turns_away",
        lambda _root: False,
        good.test_c29_a_site_that_gives_machines_404_even_for_its_front_page_is_a_wall,
    ),
    "a good look ends nothing": (
        evidence,
        "_opened",
        lambda known, _signal, _now: known,
        gone.test_c47_a_relaunch_of_three_days_is_no_death,
    ),
    "what somebody has seen is lost": (
        evidence,
        "_as_a_person_said",
        lambda known, _signal, _now: known,
        changed.test_c96_what_a_person_has_seen_goes_before_a_death,
    ),
    "a silent host is dead": (
        evidence,
        "_PERHAPS_OURS",
        set(),
        lambda: good.test_c33_c44_a_whole_host_that_is_silent_for_us_is_never_dead(WireFault.TIMEOUT),
    ),
    "a second alarm isn’t waited for": (
        evidence,
        "_HOUR",
        timedelta(0),
        lambda: changed.test_c59_a_casino_on_the_same_host_is_withheld_after_an_hour(changed.ORDINARY),
    ),
    "an address of one visit is proposed": (
        signals,
        "lasting_address",
        lambda address: address,
        lambda: good.test_a_link_that_opens_is_alive_from_the_first_look("C7 a session in the path"),
    ),
    "the newest capture is the copy": (
        copies,
        "captures_before",
        lambda captures, _until: sorted(captures, key=lambda one: one.timestamp, reverse=True),
        test_copies.test_r46_the_page_of_today_is_no_copy_also_where_the_index_names_it,
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_caught(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    module, attribute, fault, case = FAULTS[name]
    case()
    monkeypatch.setattr(module, attribute, fault)
    with pytest.raises(AssertionError):
        case()
