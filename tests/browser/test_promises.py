"""What the site promises, seen from the browser: nothing stored, nothing from elsewhere, little to load."""

import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request

from tests.browser.visits import Visit, Visitor, words_of
from tests.processes import ROOT
from tests.support.pages import ERROR_PAGES, PUBLIC_PAGES

EVERY_PAGE = PUBLIC_PAGES + ERROR_PAGES
PAGE_BYTES = 60_000
REQUESTS = 6
CSS_BYTES = 10_000
JS_BYTES = 4_000
_IS_LIST = re.compile(r"/(resources|sections/[\w-]+)/(\?.*)?$")


@pytest.fixture(scope="module")
def plain_page(browser: Browser, site: str) -> Iterator[Page]:
    """Of somebody without scripts."""
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 800}, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_a_visit_sets_no_cookie_and_asks_no_other_host(visit: Callable[[str], Visit], site: str, path: str) -> None:
    seen = visit(path)
    assert seen.cookies == []
    assert seen.hosts == {urlsplit(site).netloc}
    assert seen.stored == [0, 0]
    # A page that is not found is itself one complaint of the browser; a policy that is broken would be another.
    assert [words for words in seen.complaints if "Content Security Policy" in words] == []


def test_a_whole_visit_leaves_nothing_in_the_browser_and_asks_no_other_host(visitor: Visitor, site: str) -> None:
    hosts = {host for path in EVERY_PAGE for host in visitor.visit(path).hosts}
    page = visitor.page
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.goto("/report/?r=2r7gzbq")
    page.get_by_label("The link doesn’t work").check()
    page.get_by_role("button", name="Send").click()
    page.goto("/resources/?q=night")
    page.get_by_role("checkbox", name="Podcast episode").check()
    page.wait_for_load_state("networkidle")

    assert hosts == {urlsplit(site).netloc}
    assert visitor.context.cookies() == []
    assert visitor.context.service_workers == []
    assert visitor.context.storage_state(indexed_db=True) == {"cookies": [], "origins": []}
    stored = "async () => [sessionStorage.length, (await caches.keys()).length, (await indexedDB.databases()).length]"
    assert page.evaluate(stored) == [0, 0, 0]


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_the_first_view_stays_within_its_budget(visit: Callable[[str], Visit], path: str) -> None:
    sizes = visit(path).sizes
    bodies = {url: size["responseBodySize"] for url, size in sizes.items()}
    assert len(sizes) <= REQUESTS, sorted(sizes)
    assert sum(bodies.values()) + sum(size["responseHeadersSize"] for size in sizes.values()) <= PAGE_BYTES
    assert 0 < sum(size for url, size in bodies.items() if url.endswith(".css")) <= CSS_BYTES
    assert sum(size for url, size in bodies.items() if url.endswith(".js")) <= JS_BYTES


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_a_page_says_and_offers_the_same_without_scripts(
    visit: Callable[[str], Visit], plain_page: Page, path: str
) -> None:
    plain_page.goto(path)
    assert words_of(plain_page) == visit(path).words


def test_following_an_entrys_link_tells_this_site_that_it_was_opened_and_nothing_else(page: Page, site: str) -> None:
    page.route("https://www.leonearmiss.org/**", lambda route: route.fulfill(body="Elsewhere"))
    sent: list[Request] = []
    page.context.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    page.goto("/resources/leo-near-miss/")
    page.get_by_role("link", name="Open on leonearmiss.org").click()
    page.wait_for_url("https://www.leonearmiss.org/**")
    page.wait_for_timeout(500)
    (ping,) = sent
    assert re.fullmatch(rf"{site}/r/\w+/opened/", ping.url)
    assert ping.headers.get("cookie") is None
    assert page.context.cookies() == []


def test_searching_and_filtering_work_without_scripts(browser: Browser, site: str, width: int) -> None:
    context = browser.new_context(base_url=site, viewport={"width": width, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Search the library").fill("near miss")
    page.get_by_role("button", name="Search").click()
    assert urlsplit(page.url).path == "/resources/"
    assert "LEO Near Miss" in page.get_by_role("main").inner_text()
    summary = page.get_by_text("Filter and sort")
    if summary.is_visible():
        summary.click()
    page.get_by_role("checkbox", name="Forum").check()
    page.get_by_role("button", name="Apply").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Forums matching “near miss”"
    page.get_by_role("link", name="Remove filter: Type: Forum").click()
    assert page.url == f"{site}/resources/?q=near+miss"
    page.get_by_role("link", name="Clear all filters").click()
    assert page.url == f"{site}/resources/"
    context.close()


def test_a_printed_page_keeps_help_addresses_and_date_and_leaves_out_the_navigation(page: Page, site: str) -> None:
    page.goto("/resources/leo-near-miss/")
    page.emulate_media(media="print")
    (strip,) = page.locator(".help-strip").all()
    for words in ("Call 988", "text 988", f"{site}/help/"):
        assert words in strip.inner_text()
    lines = page.locator(".printed-help li").all_inner_texts()
    assert [line.split(":")[0] for line in lines] == [
        "988 Suicide & Crisis Lifeline",
        "COPLINE",
        "Crisis Text Line",
        "Veterans Crisis Line",
    ]
    assert "call 1-800-267-5463" in lines[1]
    assert page.get_by_text(f"All help lines: {site}/help/").is_visible()
    assert page.get_by_text("https://www.leonearmiss.org/about/").is_visible()
    assert page.get_by_text("From Officer Mental Health Resources at").is_visible()
    for hidden in (".site-nav", ".footer-links", ".skip-link"):
        assert not page.locator(hidden).is_visible()
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background in {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_every_page_has_help_lines_on_paper_and_once_on_the_screen(
    visit: Callable[[str], Visit], site: str, path: str
) -> None:
    seen = visit(path)
    assert not seen.shows_printed_help
    assert "COPLINE" not in seen.footer
    assert f"{site}/help/" not in seen.help_strip
    assert "1-800-267-5463" in seen.printed_help
    assert seen.fits_on_paper


def test_every_hand_out_is_one_sheet(page: Page, site: str) -> None:
    entries = json.loads((ROOT / "fixtures/04_resources.json").read_text(encoding="utf-8"))
    sections = ("online-training", "critical-incident-reviews", "podcasts", "forums", "websites")
    paths = [f"/resources/{entry['fields']['slug']}/handout/" for entry in entries]
    sheets = {}
    for path in [*paths, *(f"/sections/{anchor}/handout/" for anchor in sections)]:
        page.goto(path)
        sheets[path] = len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="Letter")))
    assert {path: number for path, number in sheets.items() if number != 1} == {}


def test_paper_has_the_code_that_a_screen_keeps_folded(page: Page, site: str) -> None:
    page.goto("/resources/leo-near-miss/")
    with page.expect_response("**/r/2r7gzbq/qr.svg") as drawing:
        page.pdf()  # nobody has unfolded it
    assert drawing.value.ok
    code = page.get_by_role("img", name=f"QR code for {site}/r/2r7gzbq/")
    assert not code.is_visible()
    page.get_by_text("Open on your phone").click()
    assert code.is_visible()
    page.reload()
    page.emulate_media(media="print")
    assert page.locator("img.qr-code-picture").bounding_box() is not None


def test_paper_is_white_for_a_reader_of_dark_pages(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, color_scheme="dark")
    page = context.new_page()
    page.goto("/help/")
    page.emulate_media(media="print", color_scheme="dark")
    colors = page.evaluate("[document.body, document.querySelector('.help-line')].map(e => getComputedStyle(e).color)")
    assert set(colors) == {"rgb(0, 0, 0)"}
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    context.close()


def test_forced_colors_keep_what_matters_visible(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, forced_colors="active")
    page = context.new_page()
    page.goto("/resources/leo-near-miss/")
    button = page.get_by_role("link", name="Open on leonearmiss.org")
    assert button.evaluate("link => getComputedStyle(link).borderTopColor") != "rgba(0, 0, 0, 0)"
    context.close()


def test_nothing_moves_for_readers_who_asked_for_no_motion(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, reduced_motion="reduce")
    page = context.new_page()
    page.goto("/")
    assert page.evaluate("document.getAnimations().length") == 0
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    context.close()


def test_only_lists_and_delicate_pages_load_a_script_and_none_is_inline(visit: Callable[[str], Visit]) -> None:
    for path in EVERY_PAGE:
        scripts = visit(path).scripts
        names = {"live_results"} if _IS_LIST.search(path) else set()
        names |= {"leave"} if visit(path).ways_to_leave else set()
        assert len(scripts) == len(names), path
        for kind, source, text in scripts:
            assert (kind, text) == ("module", "")
            match = re.search(r"/static/js/(\w+)\.[0-9a-f]{12}\.js$", source)
            assert match, source
            names.remove(match[1])
