"""A real Chromium looking at the site as `make run` serves it, with its starting content."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.processes import Process, first_run, free_port, temporary_data_dir

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SERVE = ("manage.py", "serve")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
FLAGS += ["--disable-background-networking", "--disable-component-update"]

PUBLIC_PAGES = [
    "/",
    "/sections/podcasts/",
    "/sections/critical-incident-reviews/",
    "/resources/",
    "/resources/?q=suicide&kind=podcast&category=suicide-prevention",
    "/resources/?q=nothing+answers+this",
    "/resources/?page=2",
    "/resources/leo-near-miss/",
    "/resources/police-under-attack/",
    "/sections/critical-incident-reviews/handout/",
    "/resources/leo-near-miss/handout/",
    "/pack/",
    "/pack/?r=2r7gzbq&r=x7wp4x6&r=8shk4sn",
    "/help/",
    "/about/",
    "/privacy/",
    "/accessibility/",
    "/linking/",
    "/report/",
    "/report/thanks/",
    "/suggest/",
    "/nowhere/",
    "/resources/%00/",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All in one process: they share one site, and another one would only slow it down."""
    for item in items:
        if "/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("There is no Chromium, and CI does not do without.")
        pytest.skip("No Chromium is installed.")
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": FLAGS}


@contextmanager
def running_site(
    prepare: Callable[[str], None] | None = None, program: Sequence[str] = SERVE, **environment: str
) -> Iterator[str]:
    """The address of a site of its own, served by gunicorn from an embedded database; `prepare` gets its directory."""
    port = free_port()
    with temporary_data_dir(like=first_run().data_dir) as data_dir:
        if prepare:
            prepare(str(data_dir))
        environment |= {"DATA_DIR": str(data_dir), "DURABLE": "false", "PORT": port}
        serving = Process([sys.executable, *program], **environment)
        try:
            serving.line_with("The site is at")
            yield f"http://127.0.0.1:{port}"
        finally:
            serving.interrupt()
            serving.close()


def sign_in(page: Page) -> None:
    """Send the form with the first curator's name, and the password that the first start printed, once."""
    page.goto("/admin/")
    page.get_by_label("Username").fill("curator")
    page.get_by_label("Password").fill(first_run().output.split("shown only now:")[1].split()[0])
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    with running_site() as address:
        yield address


@pytest.fixture(params=["with scripts", "without scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return str(request.param) == "with scripts"


@pytest.fixture(params=[390, 1280])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def reader(browser: Browser, site: str) -> Iterator[BrowserContext]:
    """A reader with a laptop of 1280 x 800."""
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 800})
    yield context
    context.close()


@pytest.fixture
def page(reader: BrowserContext) -> Page:
    return reader.new_page()
