"""Links that others call dead and that aren’t, walls, and trouble: what sixty days of looks come to."""

from dataclasses import replace

import pytest

from library.links.client import Answer
from library.links.evidence import LinkCondition, Sentence
from library.links.faults import WireFault
from library.links.signals import Reason, SignalKind
from tests.links.days import (
    ADDRESS,
    GOOD,
    NOT_FOUND,
    Place,
    first_day,
    from_day,
    looks,
    moved,
    nothing,
    page,
    status,
    text,
)

CHALLENGE = {"cf-mitigated": "challenge"}
ALIVE = {
    "C7 a session in the path": moved(GOOD, "https://www.example.gov/session/9f3a77aa01bc2299/page", 302),
    "C8 a first byte after nine seconds": replace(GOOD, seconds=9.0),
    "C9 a body that breaks off late": replace(GOOD, is_whole=False, fault=WireFault.RESET),
    "C10 packed in a way that we didn’t ask for": replace(GOOD, body=b"", is_readable=False),
    "C13 a chain that browsers complete": replace(GOOD, fault=WireFault.CHAIN),
    "C14 a redirect without an address, and a page": replace(GOOD, status=308),
    "C17 a changelog that names what was removed": page(
        body=text(words=900) + " The page has been removed from section 3."
    ),
    "C19 an entry on gambling": page("Gambling in policing", text("casino", "betting", "poker", "sleep")),
    "C20 a redesign": page(body=text("duty", "roster", "calls", seed=9)),
    "C21 a title with a counter": page("(3) Officer wellness guide"),
    "C43 a certificate that ran out": replace(GOOD, fault=WireFault.EXPIRED),
    "C70 the same address with https": moved(GOOD, ADDRESS),
    "C71 a slash at the end": moved(GOOD, f"{ADDRESS}/"),
    "C88 a file behind a signature": moved(GOOD, "https://cdn.example.net/g.pdf?X-Amz-Expires=60&X-Amz-Signature=a"),
}


@pytest.mark.parametrize("name", ALIVE)
def test_a_link_that_opens_is_alive_from_the_first_look(name: str) -> None:
    good = ALIVE[name] if name.startswith("C19") else GOOD
    seen = list(looks(Place(from_day({0: ALIVE[name]}), good=good)))
    assert {one.state for one in seen} == {LinkCondition.ALIVE}, name
    is_certificate = ALIVE[name].fault is WireFault.EXPIRED
    assert seen[-1].sentence is (Sentence.CERTIFICATE if is_certificate else Sentence.OPENED)
    assert seen[-1].evidence.target == ""


def test_c18_a_front_page_for_every_address_is_still_a_front_page() -> None:
    root = page("Example", url="https://www.example.gov/")
    seen = list(looks(Place(from_day({0: root}), address="https://www.example.gov/", sibling=root, good=root)))
    assert {one.state for one in seen} == {LinkCondition.ALIVE}


WALLS = {
    "C23 a challenge of Cloudflare": status(403, "Just a moment...", **CHALLENGE),
    "C24 the same with 429": status(429, **CHALLENGE),
    "C25 Akamai’s refusal with 200": status(200, "<h1>Access Denied</h1>Reference #18.2f", server="AkamaiGHost"),
    "C26 a page that tests the browser": status(200, "<title>Just a moment...</title>/cdn-cgi/challenge-platform"),
    "C27 a challenge of AWS": status(202, **{"x-amzn-waf-action": "challenge"}),
    "C28 999": status(999),
    "C28 451": status(451),
    "C28 418": status(418),
    "C28 401": status(401),
    "C34 a login": moved(
        page("Sign in", "<form><input type='password' name='p'></form>"), "https://www.example.gov/login?next=/g"
    ),
    "C69 not for this part of the world": status(200, "<title>Sorry</title>This is not available in your region."),
}


@pytest.mark.parametrize("name", WALLS)
def test_a_wall_is_no_answer_however_long_it_stands(name: str) -> None:
    seen = list(looks(Place(from_day({0: WALLS[name]}), root=WALLS[name], sibling=WALLS[name])))
    assert {one.signal.kind for one in seen} == {SignalKind.WALLED}, name
    assert first_day(seen, LinkCondition.UNSURE) == 3.0  # 2 failing days, and the look after them
    assert {one.state for one in seen} == {LinkCondition.ALIVE, LinkCondition.UNSURE}
    assert seen[-1].sentence is Sentence.WALL


def test_c29_a_site_that_gives_machines_404_even_for_its_front_page_is_a_wall() -> None:
    seen = list(looks(Place(from_day({0: NOT_FOUND}), root=NOT_FOUND)))
    assert first_day(seen, LinkCondition.DEAD) is None
    assert seen[-1].signal.reason is Reason.WHOLE_SITE
    assert seen[-1].sentence is Sentence.WALL


def test_c31_too_many_requests_prove_nothing() -> None:
    seen = list(looks(Place(from_day({0: status(429, **{"retry-after": "3600"}), 1: GOOD}))))
    assert {one.state for one in seen} == {LinkCondition.ALIVE}


def test_c32_a_host_that_shuts_us_out_for_a_day_changes_no_word() -> None:
    seen = list(looks(Place(from_day({0: status(403), 1: GOOD}), host_fails=True)))
    assert {one.state for one in seen} == {LinkCondition.ALIVE}


@pytest.mark.parametrize("fault", [WireFault.TIMEOUT, WireFault.RESET])
def test_c33_c44_a_whole_host_that_is_silent_for_us_is_never_dead(fault: WireFault) -> None:
    seen = list(looks(Place(from_day({0: nothing(fault)}), host_fails=True), days=120))
    assert {one.state for one in seen} == {LinkCondition.ALIVE, LinkCondition.UNSURE}
    assert seen[-1].sentence is Sentence.FAILING


def test_c35_a_paywall_is_a_note() -> None:
    seen = list(looks(Place(from_day({0: page(body="Subscribe to read on.")}))))
    assert {(one.state, one.signal.reason) for one in seen} == {(LinkCondition.ALIVE, Reason.PAYWALL)}


def test_c39_a_night_of_maintenance_is_forgotten_within_the_day() -> None:
    seen = list(looks(Place(from_day({0: status(503), 0.08: GOOD}))))
    assert {one.state for one in seen} == {LinkCondition.ALIVE}


def test_c40_five_days_of_errors_are_doubt_and_no_death() -> None:
    seen = list(looks(Place(from_day({0: status(500), 5: GOOD}))))
    assert [one.state for one in seen[:6]] == [
        LinkCondition.ALIVE,
        LinkCondition.ALIVE,
        LinkCondition.UNSURE,
        LinkCondition.UNSURE,
        LinkCondition.ALIVE,
        LinkCondition.ALIVE,
    ]
    assert seen[3].sentence is Sentence.FAILING


@pytest.mark.parametrize("answer", [nothing(WireFault.REFUSED), status(502), status(522), nothing(WireFault.CIRCLES)])
def test_c41_c52_c79_lasting_trouble_is_a_death_after_four_weeks(answer: Answer) -> None:
    seen = list(looks(Place(from_day({0: answer}))))
    assert first_day(seen, LinkCondition.UNSURE) == round(26 / 24, 2)
    assert first_day(seen, LinkCondition.DEAD) == 28.0
    assert len([one for one in seen if one.day <= 28]) == 10
    assert seen[-1].sentence is Sentence.GONE


def test_c42_one_look_in_three_that_fails_is_no_doubt() -> None:
    number = iter(range(1000))
    seen = list(looks(Place(lambda _day: status(500) if next(number) % 3 == 0 else GOOD)))
    assert LinkCondition.DEAD not in {one.state for one in seen}
    assert LinkCondition.UNSURE not in {one.state for one in seen}


def test_c43b_a_certificate_of_the_hoster_is_trouble() -> None:
    hoster = page("Default page", "It works!", fault=WireFault.OTHER_NAME)
    seen = list(looks(Place(from_day({0: hoster}))))
    assert seen[0].signal.reason is Reason.OTHER_SITE
    assert first_day(seen, LinkCondition.DEAD) == 28.0


def test_c78_a_way_into_a_private_network_is_trouble() -> None:
    seen = list(looks(Place(from_day({0: nothing(WireFault.PRIVATE)})), days=6))
    assert seen[-1].signal.fault is WireFault.PRIVATE
    assert seen[-1].state is LinkCondition.UNSURE
