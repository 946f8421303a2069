"""`make bench N=100000`: what the pages of a library of that size cost, beside what cannot be avoided, as a table.

The yardstick of a page is the best SQL that we know for the same answer, plus a bare Django view that returns a page
of that size, both measured in the same run. Nothing here is a test; machines are noisy, so look at the ratios.
"""

import os
import sys
from pathlib import Path

N = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402

from tests.bench import admin_pages, admin_rows, filling, importing, pages, serving, sizes, slow_line  # noqa: E402


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("load_starting_content", verbosity=0)
    filling.fill(N)
    print(f"{N:,} resources, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n", flush=True)
    pages.measure()
    serving.measure()
    serving.measure_behind_nginx()
    slow_line.measure()
    sizes.measure()
    admin_rows.fill(N)
    admin_pages.measure()
    importing.measure(min(N, 100_000), Path(os.environ["DATA_DIR"]))


if __name__ == "__main__":
    main()
