"""The first view of a page over a slow line, 50 kB/s with 400 ms of delay, in a browser that has nothing yet."""

import os
import subprocess
import sys

from playwright.sync_api import Browser, sync_playwright

from tests.bench.serving import PORT, wait_for_site
from tests.browser.sites import CHROMIUM, FLAGS

PAGES = ["/", "/sections/part-3/", "/resources/?q=sleep", "/help/"]
LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}


def measure() -> None:
    """Print the table; nothing where there is no Chromium."""
    if CHROMIUM is None:
        return
    environment = os.environ | {"PORT": str(PORT)}
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for_site()
        print("\n| first view over a slow line | seconds until it can be used | kB |\n|---|---|---|")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for path in PAGES:
                seconds, size = _visit(browser, path)
                print(f"| {path} | {seconds:.1f} | {size / 1000:.1f} |", flush=True)
            browser.close()
    finally:
        server.terminate()
        server.wait()


def _visit(browser: Browser, path: str) -> tuple[float, float]:
    """Seconds until everything has come and all scripts have run, and the bytes of it all."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", LINE)
    page.goto(f"http://127.0.0.1:{PORT}{path}", wait_until="load")
    seconds, size = page.evaluate(
        """[performance.getEntriesByType('navigation')[0].domComplete / 1000,
            performance.getEntries().reduce((sum, entry) => sum + (entry.transferSize || 0), 0)]"""
    )
    context.close()
    return float(seconds), float(size)
