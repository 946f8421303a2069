"""Lists that answer in place: what a reader asks for is shown without a new page, and lost on nobody who listens."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests.browser.axe import violations

STATUS = "p[role=status]"
PLACE_ON_SCREEN = "element => element.getBoundingClientRect().top"
IS_LIST = re.compile(r"/(resources|sections/[\w-]+)/(\?.*)?$")


def open_list(page: Page, path: str) -> None:
    page.goto(path)
    page.evaluate("window.isSameDocument = true")


def is_same_document(page: Page) -> bool:
    """Whether it is still the document that `open_list` opened."""
    return bool(page.evaluate("window.isSameDocument"))


def box(page: Page, label: str) -> Locator:
    """The box of an option, with or without a number behind its label."""
    return page.get_by_role("checkbox", name=re.compile(rf"^{label}( \([\d,]+\))?$"))


def expect_list(page: Page, query: str, heading: str, number: str = r"\d+") -> None:
    """Address, canonical address, heading, title and status are those of one and the same list."""
    address = re.compile(r"^[^?]+" + re.escape(f"?{query}" if query else "") + "$")
    expect(page).to_have_url(address)
    expect(page.locator("link[rel=canonical]")).to_have_attribute("href", address)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    expect(page).to_have_title(re.compile(rf"^{re.escape(heading)}(, page \d+)? – "))
    expect(page.locator(STATUS)).to_contain_text(re.compile(rf"^\s*{number} "))
    expect(page.locator("#list_results")).not_to_have_attribute("aria-busy", "true")


def two_back(page: Page) -> None:
    page.evaluate("() => { setTimeout(() => history.go(-2)) }")  # later: the answer would be lost with the page


@contextmanager
def first_answer_held_back(page: Page) -> Iterator[list[Route]]:
    """The first question of the script is not answered until `continue_` is called for it; later ones are, at once."""
    held: list[Route] = []

    def answer(route: Route) -> None:
        if route.request.resource_type == "fetch" and not held:
            held.append(route)
        else:
            route.continue_()

    page.route(IS_LIST, answer)
    yield held
    page.unroute(IS_LIST)


# Filters, order, words


def test_a_ticked_box_changes_results_count_title_and_address_in_place(page: Page) -> None:
    open_list(page, "/resources/")
    box(page, "Forum").click()
    expect_list(page, "kind=forum", "Forums", "2")
    expect(page.get_by_role("link", name="Remove filter: Type: Forum")).to_be_visible()
    box(page, "Course").click()
    expect_list(page, "kind=course&kind=forum", "Courses or forums")
    expect(box(page, "Course")).to_be_focused()
    assert is_same_document(page)


def test_what_is_shown_is_what_a_visit_to_the_address_shows(page: Page) -> None:
    shown = "document.querySelector('main').innerText + [...document.querySelectorAll(':checked')].map(n => n.value)"
    open_list(page, "/sections/podcasts/")
    box(page, "Leadership and agency culture").click()
    expect(page.locator(".chosen-filter")).to_have_count(1)
    page.get_by_label("Sort").select_option("title")
    expect(page).to_have_url(re.compile(r"/sections/podcasts/\?category=[a-z-]+&sort=title$"))
    in_place = page.evaluate(shown)
    page.goto(page.url)
    assert page.evaluate(shown) == in_place


def test_the_status_is_said_once_in_the_element_that_was_there(page: Page) -> None:
    open_list(page, "/resources/")
    page.evaluate(
        """status => {
            window.statuses = [];
            new MutationObserver(() => window.statuses.push(status.innerText))
                .observe(status, { characterData: true, childList: true, subtree: true });
        }""",
        page.query_selector(STATUS),
    )
    box(page, "Forum").click()
    expect_list(page, "kind=forum", "Forums", "2")
    assert [words.split()[0] for words in page.evaluate("window.statuses")] == ["2"]
    # An answer with the same number is an answer, too.
    page.get_by_label("Sort").select_option("title")
    expect_list(page, "kind=forum&sort=title", "Forums, title A–Z", "2")
    assert [words.split()[0] for words in page.evaluate("window.statuses")] == ["2", "2"]


def test_an_order_that_nobody_chose_stays_out_of_the_address(page: Page) -> None:
    open_list(page, "/resources/")
    page.locator("#search_words").fill("  stress ")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/resources/\?q=stress$"))
    expect(page.locator("#sort_order")).to_have_value("")
    expect(page.locator("#list_results")).to_be_focused()
    page.get_by_label("Sort").select_option("newest")
    expect(page).to_have_url(re.compile(r"/resources/\?q=stress&sort=newest$"))
    page.locator("#search_words").fill("")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile(r"/resources/$"))


def test_nothing_asked_anew_is_stored_or_asked_of_another_host(reader: BrowserContext, page: Page, site: str) -> None:
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    open_list(page, "/resources/")
    box(page, "Forum").click()
    expect_list(page, "kind=forum", "Forums", "2")
    assert hosts == {urlsplit(site).netloc}
    assert reader.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


@pytest.mark.parametrize("words", ["stress", "nothing answers this"])
def test_axe_finds_nothing_after_an_update(page: Page, words: str) -> None:
    open_list(page, "/resources/?kind=podcast")
    page.locator("#search_words").fill(words)
    page.keyboard.press("Enter")
    expect(page.locator(".chosen-filter")).to_have_count(2)
    assert violations(page) == ""
    assert is_same_document(page)


# Links and history


def test_a_removed_filter_leaves_the_focus_at_the_results(page: Page) -> None:
    open_list(page, "/resources/?kind=forum&q=near+miss")
    page.get_by_role("link", name="Remove filter: Search: near miss").click()
    expect_list(page, "kind=forum", "Forums", "2")
    expect(page.locator("#search_words")).to_have_value("")
    expect(page.locator("#list_results")).to_be_focused()
    page.get_by_role("link", name="Clear all filters").click()
    expect_list(page, "", "All resources")
    expect(box(page, "Forum")).not_to_be_checked()
    expect(page.locator("#list_results")).to_be_focused()
    assert is_same_document(page)


def test_a_way_out_of_no_results_is_answered_in_place(page: Page) -> None:
    open_list(page, "/resources/?q=nothing+answers+this&kind=forum")
    page.get_by_role("link", name="Without your search words").click()
    expect_list(page, "kind=forum", "Forums", "2")
    assert is_same_document(page)


def test_a_page_link_brings_the_reader_to_the_top_of_the_results(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_list(page, "/resources/")
    page.get_by_role("link", name="Next page").click()
    expect_list(page, "page=2", "All resources")
    expect(page.locator("#list_results")).to_be_focused()
    expect(page.locator(STATUS)).to_be_in_viewport()
    page.go_back()
    expect_list(page, "", "All resources")
    expect(page.get_by_role("link", name="Next page")).to_be_in_viewport()
    assert is_same_document(page)


def test_back_and_forward_show_the_lists_that_were_seen(page: Page) -> None:
    open_list(page, "/resources/")
    box(page, "Forum").click()
    expect_list(page, "kind=forum", "Forums", "2")
    page.get_by_label("Sort").select_option("title")
    expect_list(page, "kind=forum&sort=title", "Forums, title A–Z", "2")
    page.go_back()
    expect_list(page, "kind=forum", "Forums", "2")
    expect(page.locator("#sort_order")).to_have_value("")
    page.go_back()
    expect_list(page, "", "All resources")
    expect(box(page, "Forum")).not_to_be_checked()
    page.go_forward()
    expect_list(page, "kind=forum", "Forums", "2")
    expect(box(page, "Forum")).to_be_checked()
    assert is_same_document(page)


def test_coming_back_from_a_resource_shows_the_list_of_the_address(page: Page) -> None:
    open_list(page, "/resources/")
    box(page, "Forum").click()
    expect_list(page, "kind=forum", "Forums", "2")
    box(page, "Course").click()
    expect(page).to_have_url(re.compile("kind=course&kind=forum$"))
    page.locator(".entry-title").first.click()
    expect(page).to_have_url(re.compile(r"/resources/[\w-]+/$"))
    two_back(page)
    expect_list(page, "kind=forum", "Forums", "2")
    expect(page.locator("#filter_form :checked")).to_have_count(1 + 1)  # the box, and the order


def test_an_address_that_the_server_corrects_is_corrected(page: Page) -> None:
    open_list(page, "/resources/")
    page.evaluate("history.replaceState(null, '', '?page=99'); history.pushState(null, '', '/resources/')")
    box(page, "Forum").click()
    expect_list(page, "kind=forum", "Forums", "2")
    two_back(page)
    expect_list(page, "page=3", "All resources")


def test_a_link_to_a_part_of_the_page_is_left_to_the_browser(page: Page) -> None:
    open_list(page, "/resources/")
    box(page, "Forum").click()
    expect_list(page, "kind=forum", "Forums", "2")
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.locator(".skip-link").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?kind=forum#main_content$"))
    page.go_back()
    expect_list(page, "kind=forum", "Forums", "2")
    assert requested == []


def test_a_link_that_is_meant_for_another_tab_opens_there(reader: BrowserContext, page: Page) -> None:
    open_list(page, "/resources/?kind=forum")
    with reader.expect_page() as opened:
        page.get_by_role("link", name="Clear all filters").click(modifiers=["ControlOrMeta"])
    expect_list(opened.value, "", "All resources")
    opened.value.close()
    expect_list(page, "kind=forum", "Forums", "2")


# What stays as it was


def test_a_list_is_narrowed_and_widened_with_the_keyboard_alone(page: Page) -> None:
    open_list(page, "/resources/")
    box(page, "Forum").focus()
    page.keyboard.press("Space")
    expect_list(page, "kind=forum", "Forums", "2")
    expect(box(page, "Forum")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#filter_form :focus")).to_have_value("review")
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("kind=forum&kind=review$"))
    page.keyboard.press("Enter")
    expect(page.locator("#list_results")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".chosen-filter")).to_have_count(1)
    expect(page.locator("#list_results")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".chosen-filter")).to_be_focused()
    assert is_same_document(page)


def test_the_next_box_stays_under_the_finger(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_list(page, "/resources/")
    if width < 640:
        page.get_by_text("Filter and sort").click()
    page.mouse.wheel(0, 200)
    for name in ("Peer support", "Suicide prevention", "Resilience and stress"):
        box(page, name).scroll_into_view_if_needed()
        before = box(page, name).evaluate(PLACE_ON_SCREEN)
        with page.expect_response(IS_LIST):
            box(page, name).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(name, re.IGNORECASE))
        assert box(page, name).evaluate(PLACE_ON_SCREEN) == pytest.approx(before, abs=1)


def test_open_groups_stay_open_and_folded_ones_folded(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    open_list(page, "/resources/")
    page.get_by_text("Filter and sort").click()
    others = page.locator("details.facet-group", has_not=box(page, "Peer support"))
    for summary in others.locator("summary").all():
        summary.click()
    is_open = "groups => Object.fromEntries(groups.map(group => [group.id, group.open]))"
    before = others.evaluate_all(is_open)
    box(page, "Peer support").click()
    expect(page.locator(".chosen-filter")).to_have_count(1)
    assert set(before.values()) == {True, False}
    assert before.items() >= others.evaluate_all(is_open).items()
    expect(page.locator("details.filters")).to_have_attribute("open", "")


def test_the_button_leads_to_the_results_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    open_list(page, "/resources/")
    page.get_by_text("Filter and sort").click()
    box(page, "Forum").click()
    expect_list(page, "kind=forum", "Forums", "2")
    expect(page.locator(STATUS)).not_to_be_in_viewport()
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("#list_results")).to_be_focused()
    expect(page.locator(STATUS)).to_be_in_viewport()
    assert is_same_document(page)


def test_words_that_are_being_typed_are_not_taken_away(page: Page) -> None:
    open_list(page, "/resources/")
    with first_answer_held_back(page) as held:
        with page.expect_request(IS_LIST):
            box(page, "Forum").click()
        expect(page.locator("#list_results")).to_have_attribute("aria-busy", "true")
        page.locator("#search_words").fill("nea")
        held[0].continue_()
        expect_list(page, "kind=forum", "Forums", "2")
    expect(page.locator("#search_words")).to_have_value("nea")
    expect(page.locator("#search_words")).to_be_focused()


# Slow and failing answers


def test_boxes_ticked_in_one_go_are_one_question(page: Page) -> None:
    open_list(page, "/resources/")
    queries: list[str] = []
    page.on("request", lambda request: queries.append(urlsplit(request.url).query))
    page.evaluate("document.querySelectorAll('[value=forum], [value=site]').forEach(box => box.click())")
    expect_list(page, "kind=forum&kind=site", "Forums or websites")
    assert len(queries) == 1


def test_a_slow_answer_never_takes_the_place_of_a_newer_one(page: Page) -> None:
    open_list(page, "/resources/")
    with first_answer_held_back(page) as held:
        with page.expect_request(IS_LIST):
            box(page, "Forum").click()
        box(page, "Course").click()
        expect_list(page, "kind=course&kind=forum", "Courses or forums")
        held[0].continue_()
        page.wait_for_timeout(500)
    expect_list(page, "kind=course&kind=forum", "Courses or forums")
    assert is_same_document(page)


def test_a_reader_who_leaves_is_not_called_back(page: Page) -> None:
    open_list(page, "/resources/")
    with first_answer_held_back(page):
        with page.expect_request(IS_LIST):
            box(page, "Forum").click()
        page.locator(".entry-title").first.click()
        expect(page).to_have_url(re.compile(r"/resources/[\w-]+/$"))
        page.wait_for_timeout(500)
    expect(page).to_have_url(re.compile(r"/resources/[\w-]+/$"))


@pytest.mark.parametrize(
    "fail",
    [
        pytest.param(lambda route: route.abort(), id="no network"),
        pytest.param(lambda route: route.fulfill(status=503, content_type="text/html", body="<h1>Away"), id="503"),
        pytest.param(lambda route: route.fulfill(status=200, content_type="application/json", body="{}"), id="no page"),
    ],
)
def test_a_failing_answer_becomes_a_plain_visit(page: Page, fail: Callable[[Route], None]) -> None:
    open_list(page, "/resources/")
    page.route(IS_LIST, lambda route: fail(route) if route.request.resource_type == "fetch" else route.continue_())
    box(page, "Forum").click()
    expect_list(page, "kind=forum", "Forums", "2")
    assert not is_same_document(page)
    page.go_back()
    expect_list(page, "", "All resources")


def test_a_server_that_is_away_is_shown_as_it_is(page: Page) -> None:
    open_list(page, "/resources/")
    page.route(IS_LIST, lambda route: route.fulfill(status=503, content_type="text/html", body="<h1>Away for a moment"))
    box(page, "Forum").click()
    expect(page.get_by_role("heading")).to_have_text("Away for a moment")
    expect(page).to_have_url(re.compile(r"/resources/\?kind=forum$"))
