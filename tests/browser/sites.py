"""Sites for a browser: started as `make run` starts them, each with data of its own."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

from tests.processes import Process, first_run, free_port, temporary_data_dir

# The first has no windows to paint, and takes a third of the processor's time for a page.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
FLAGS += ["--disable-background-networking", "--disable-component-update"]


@contextmanager
def running_site(*rows: str, **environment: str) -> Iterator[str]:
    """The address of a site of its own, served by gunicorn from an embedded database.

    `rows` names what puts more into its data than the starting content, as in `rows.make_maria`.
    """
    port = free_port()
    with temporary_data_dir(like=first_run().data_dir) as data_dir:
        environment |= {"DATA_DIR": str(data_dir), "DURABLE": "false", "PORT": port}
        serving = Process([sys.executable, "-m", "tests.browser.serve", *rows], **environment)
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
    page.get_by_label("Password").fill(first_run().output.split("shown only once:")[1].split()[0])
    page.get_by_role("button", name="Sign in", exact=True).click()
