"""“Leave this site”: with a script it takes the page's own place, without one it is a link like any other."""

from playwright.sync_api import Browser, Route

ELSEWHERE = "https://www.weather.gov/"


def sunny(route: Route) -> None:
    route.fulfill(content_type="text/html", body="<h1>Sunny</h1>")


def test_going_back_does_not_lead_to_the_page_that_was_left(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site)
    context.route(f"{ELSEWHERE}**", sunny)
    page = context.new_page()
    page.goto("/about/")
    page.goto("/help/")

    page.get_by_role("link", name="Leave this site").click()
    page.wait_for_url(ELSEWHERE)
    page.go_back()

    assert page.url == f"{site}/about/"
    context.close()


def test_leaves_without_a_script_too(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    context.route(f"{ELSEWHERE}**", sunny)
    page = context.new_page()
    page.goto("/help/")

    page.get_by_role("link", name="Leave this site").click()
    page.wait_for_url(ELSEWHERE)

    assert page.get_by_role("heading").inner_text() == "Sunny"
    context.close()
