"""The dangerous link answers 200: what a page was is compared with what it is. And where pages have moved to."""

from dataclasses import replace

import pytest

from library.links.client import Answer
from library.links.evidence import (
    Evidence,
    LinkCondition,
    Sentence,
    advance,
    confirm_by_person,
    reader_sentence,
    signature,
)
from library.links.faults import WireFault
from library.links.naming import is_lasting, lasting_address
from library.links.signals import Reason, Signal, SignalKind
from tests.links.days import (
    ADDRESS,
    DAY,
    GOOD,
    NOT_FOUND,
    START,
    Place,
    first_day,
    from_day,
    looks,
    moved,
    nothing,
    page,
    text,
)

INDONESIAN = (
    "Situs judi slot gacor dengan deposit pulsa yang tidak akan kalah, togel dan poker untuk ini dari dalam. " * 20
)
CASINO = replace(page(), body=f"<html lang=id><title>Slot gacor maxwin</title><p>{INDONESIAN}</p>".encode())
BUSINESS = replace(
    page(), body=f"<title>Oak Street Bakery</title><p>{text('bread', 'cake', 'flour', seed=3)}</p>".encode()
)
OLD = "https://www.policefoundation.example.org/guide"
ORDINARY = "https://wellness.example.org/guide"


def at(address: str, answer: Answer) -> Answer:
    return replace(answer, url=address)


def test_c58_a_casino_on_a_name_that_was_gone_is_never_alive_for_a_moment() -> None:
    place = Place(
        from_day({0: nothing(WireFault.NO_SUCH_NAME), 90: at(ORDINARY, CASINO)}),
        address=ORDINARY,
        good=at(ORDINARY, GOOD),
    )
    seen = list(looks(place, days=130))
    after = [one for one in seen if one.day >= 90]
    assert [one.state for one in after[:2]] == [LinkCondition.DEAD, LinkCondition.CHANGED]
    assert round((after[1].day - after[0].day) * 24, 1) == 1.0
    assert LinkCondition.ALIVE not in {one.state for one in after}
    assert after[1].sentence is Sentence.CHANGED


@pytest.mark.parametrize("address", [ORDINARY, ADDRESS])
def test_c59_a_casino_on_the_same_host_is_withheld_after_an_hour(address: str) -> None:
    place = Place(from_day({0: at(address, CASINO)}), address=address, good=at(address, GOOD))
    seen = list(looks(place, days=10))
    assert [one.state for one in seen[:2]] == [LinkCondition.ALIVE, LinkCondition.CHANGED]
    assert round(seen[1].day * 24, 1) == 1.0
    assert seen[1].signal.reason is Reason.TAKEN_OVER


def test_c60_a_redirect_to_a_casino_is_the_same() -> None:
    casino = moved(CASINO, "https://casino.example.com/")
    place = Place(from_day({0: casino}), address=ORDINARY, good=at(ORDINARY, GOOD))
    assert first_day(list(looks(place, days=10)), LinkCondition.CHANGED) == 0.04


@pytest.mark.parametrize(
    "answer",
    [
        page("example.org", "This domain is for sale. Buy this domain."),
        moved(page("example.org", "Related searches"), "https://ww1.example.org/?sub1=a"),
        moved(page("example.org", "Make an offer"), "https://www.hugedomains.com/domain_profile.cfm?d=example"),
    ],
)
def test_c61_a_name_that_is_for_sale_is_withheld(answer: Answer) -> None:
    place = Place(from_day({0: answer}), address=ORDINARY, good=at(ORDINARY, GOOD))
    seen = list(looks(place, days=10))
    assert first_day(seen, LinkCondition.CHANGED) == 0.04
    assert seen[1].signal.reason is Reason.FOR_SALE


def test_c62_a_page_that_is_only_a_script_that_leads_away_is_withheld() -> None:
    jump = replace(page(), url=ORDINARY, body=b"<title>a</title><script>location.href='https://t.example/x'</script>")
    place = Place(from_day({0: jump}), address=ORDINARY, good=at(ORDINARY, GOOD))
    assert first_day(list(looks(place, days=10)), LinkCondition.CHANGED) == 0.04


def test_c63_a_copy_of_the_old_site_with_links_to_casinos_is_withheld() -> None:
    links = "".join(f"<a href='https://slot-gacor{n}.example.com/'>slot gacor</a>" for n in range(4))
    copy = page(body=f"{text()} {links}", url=ORDINARY)
    place = Place(from_day({0: copy}), address=ORDINARY, good=at(ORDINARY, GOOD))
    seen = list(looks(place, days=10))
    assert (seen[1].state, seen[1].signal.reason) == (LinkCondition.CHANGED, Reason.NEW_LINKS)


@pytest.mark.parametrize("title", ["Strategic plan 2026", "A notice of the new administration"])
def test_c64_c68_another_document_of_the_same_owner_is_a_question_and_no_alarm(title: str) -> None:
    seen = list(looks(Place(from_day({0: page(title, text("budget", "strategy", "goals", seed=5))})), days=30))
    assert {(one.state, one.sentence) for one in seen} == {(LinkCondition.ALIVE, Sentence.OPENED)}
    assert {one.signal.reason for one in seen} == {Reason.ANOTHER_DOCUMENT}


def test_c65_the_honest_business_of_another_owner_is_withheld() -> None:
    place = Place(
        from_day({0: moved(BUSINESS, "https://bakery.example.com/")}),
        address=ORDINARY,
        good=at(ORDINARY, GOOD),
    )
    seen = list(looks(place, days=10))
    assert seen[1].state is LinkCondition.CHANGED


def test_c66_the_same_organization_under_a_new_name_has_moved() -> None:
    new = "https://www.policinginstitute.example.com/guide"
    place = Place(from_day({0: moved(GOOD, new)}), address=OLD, good=at(OLD, GOOD))
    seen = list(looks(place, days=30))
    assert first_day(seen, LinkCondition.MOVED) == 6.0
    assert (seen[-1].evidence.target, seen[-1].sentence) == (new, Sentence.ELSEWHERE)


def test_c72_a_lasting_redirect_is_a_move_after_two_looks_six_days_apart() -> None:
    seen = list(looks(Place(from_day({0: moved(GOOD, "https://www.example.gov/new/guide")})), days=30))
    assert [one.state for one in seen[:2]] == [LinkCondition.ALIVE, LinkCondition.MOVED]


def test_c73_a_redirect_for_now_is_one_after_two_weeks() -> None:
    seen = list(looks(Place(from_day({0: moved(GOOD, "https://www.example.gov/new/guide", 302)})), days=40))
    assert first_day(seen, LinkCondition.MOVED) == 18.0


def test_c74_a_redirect_to_another_place_each_time_is_none() -> None:
    number = iter(range(1000))
    seen = list(looks(Place(lambda _day: moved(GOOD, f"https://www.example.gov/{next(number)}/guide"))))
    assert {one.state for one in seen} == {LinkCondition.ALIVE}


def test_a_redirect_that_has_forked_is_none_for_eight_looks_in_a_row() -> None:
    targets = ["a", "b", *["a"] * 7, "b"]
    answers = iter([moved(GOOD, f"https://www.example.gov/{target}/guide") for target in targets])
    seen = list(looks(Place(lambda _day: next(answers)), days=54))
    assert {one.state for one in seen} == {LinkCondition.ALIVE}
    answers = iter([moved(GOOD, f"https://www.example.gov/{target}/guide") for target in ["a", *["b"] * 9]])
    seen = list(looks(Place(lambda _day: next(answers)), days=54))
    assert [one.state is LinkCondition.MOVED for one in seen] == [False] * 8 + [True] * 2


@pytest.mark.parametrize("address", ["https://doi.org/10.1000/182", "https://dx.doi.org/10.1000/182"])
def test_c75_what_is_meant_to_lead_on_is_never_replaced(address: str) -> None:
    assert is_lasting(address)
    answer = moved(GOOD, "https://journal.example.com/182")
    seen = list(looks(Place(from_day({0: answer}), address=address, good=answer)))
    assert {(one.state, one.evidence.target) for one in seen} == {(LinkCondition.ALIVE, "")}


def test_c77_a_chain_of_nine_redirects_is_a_move_after_two_looks() -> None:
    answer = moved(GOOD, "https://www.example.gov/new/guide", *[301] * 9)
    assert first_day(list(looks(Place(from_day({0: answer})))), LinkCondition.MOVED) == 6.0


@pytest.mark.parametrize(
    ("address", "lasting"),
    [
        ("https://a.example/b?utm_source=x&id=6#top", "https://a.example/b?id=6"),
        ("https://a.example/b;jsessionid=5F2", "https://a.example/b"),
        ("https://a.example/b?id=6", "https://a.example/b?id=6"),
        ("https://a.example/session/9f3a77aa01bc2299/page", ""),
        ("https://a.example/b.pdf?X-Amz-Signature=1", ""),
    ],
)
def test_c80_only_what_lasts_of_an_address_is_proposed(address: str, lasting: str) -> None:
    assert lasting_address(address) == lasting


def test_c87_another_size_of_a_file_is_a_new_edition() -> None:
    pdf = "https://www.example.gov/guide.pdf"

    def file(size: int, etag: str) -> Answer:
        headers = {"content-type": "application/pdf", "content-length": str(size), "etag": etag}
        return page(url=pdf, headers=headers, body=b"%PDF-1.7")

    place = Place(from_day({0: file(900, "b")}), address=pdf, good=file(500, "a"))
    seen = list(looks(place, days=1))
    assert (seen[0].state, seen[0].signal.reason) == (LinkCondition.ALIVE, Reason.NEW_EDITION)


def test_c95_what_a_person_has_seen_holds_until_the_checks_say_something_else() -> None:
    wall = replace(GOOD, status=403)
    seen = list(looks(Place(from_day({0: wall})), days=20))
    confirmed = confirm_by_person(seen[-1].evidence, signature(seen[-1].signal), START + 20 * DAY)
    assert (confirmed.state, confirmed.person_at) == (LinkCondition.UNSURE, START + 20 * DAY)

    def look(evidence: Evidence, signal: Signal, day: int) -> Evidence:
        return advance(evidence, signal, START + day * DAY, period=6 * DAY, spread=0.5)

    same = look(confirmed, seen[-1].signal, 34)
    assert same.person_at == confirmed.person_at
    assert reader_sentence(same) is Sentence.WALL
    other = look(same, Signal(SignalKind.GONE, Reason.NOT_FOUND, None, 404), 35)
    assert other.person_at is None
    assert look(confirmed, seen[-1].signal, 20 + 365).person_at is None


def test_c96_what_a_person_has_seen_goes_before_a_death() -> None:
    seen = list(looks(Place(from_day({0: NOT_FOUND})), days=8))
    assert seen[-1].state is LinkCondition.DEAD
    confirmed = confirm_by_person(seen[-1].evidence, signature(seen[-1].signal), START + 8 * DAY)
    assert confirmed.state is LinkCondition.UNSURE
    later = advance(confirmed, seen[-1].signal, START + 30 * DAY, period=6 * DAY, spread=0.5)
    assert later.state is LinkCondition.UNSURE
