"""A real Chromium looking at the site as `make run` serves it: one site for readers, two for curators."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.accounts.people import SITE
from tests.browser.admin_pages import sign_in
from tests.browser.sites import CHROMIUM, FLAGS, running_site
from tests.browser.visits import LAPTOP, Visit, Visitor


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("There is no Chromium, and CI does not do without.")
        pytest.skip("No Chromium is installed.")
    # Playwright's event loop stays in this thread until the run ends. Tests that come later in the same worker use the
    # database while it waits, which Django refuses otherwise.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """For readers: the starting content, and entries of the kinds that it has none of."""
    with running_site("rows.make_entries_for_readers", WEB_CONCURRENCY="1") as address:
        yield address


@pytest.fixture(scope="session")
def office() -> Iterator[str]:
    """For curators: a row in every list, and a password is enough; by the name at which passkeys work without TLS.

    It has a mail server, which takes nothing.
    """
    mail = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": "9", "EMAIL_FROM": "library@example.org", "SITE_ADDRESS": SITE}
    with running_site("admin_rows.make_rows", REQUIRE_SECOND_FACTOR="false", WEB_CONCURRENCY="1", **mail) as address:
        yield address.replace("127.0.0.1", "localhost")


@pytest.fixture(scope="session")
def guarded_office() -> Iterator[str]:
    """For curators who need a second step to sign in. A page of somebody else is there for them to be read."""
    with running_site("rows.make_maria") as address:
        yield address.replace("127.0.0.1", "localhost")


@pytest.fixture(scope="session")
def session_of_maria(browser: Browser, office: str) -> Any:
    """What the browser of somebody holds who has signed in to the office."""
    context = browser.new_context(base_url=office)
    sign_in(context.new_page())
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(scope="session")
def visitor(browser: Browser, site: str) -> Iterator[Visitor]:
    visitor = Visitor(browser, site)
    yield visitor
    visitor.context.close()


@pytest.fixture(scope="session")
def visit(visitor: Visitor) -> Callable[[str], Visit]:
    return visitor.visit


@pytest.fixture(params=["with scripts", "without scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return str(request.param) == "with scripts"


@pytest.fixture(params=[390, 1280])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(scope="session")
def reader(browser: Browser, site: str) -> Iterator[BrowserContext]:
    """A reader with a browser that holds nothing."""
    context = browser.new_context(base_url=site)
    context.new_page()
    yield context
    context.close()


@pytest.fixture
def page(reader: BrowserContext) -> Iterator[Page]:
    """The reader's tab, on a laptop."""
    page = reader.pages[0]
    page.emulate_media(media="null")
    page.set_viewport_size(LAPTOP)
    page.mouse.move(0, 0)
    yield page
    page.unroute_all(behavior="ignoreErrors")
