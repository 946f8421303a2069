"""`make drill-two-hosts`: what two hosts with one database promise, tried on this machine, as a table.

Ends with 1 when a promise was broken. On a machine without the servers it needs, it names them and does nothing.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator

own_folder = tempfile.mkdtemp(prefix="two-hosts-own-")
os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": own_folder}

import django  # noqa: E402

django.setup()

from tests.drill import promises  # noqa: E402
from tests.drill.hosts import Hosts, missing, two_hosts  # noqa: E402
from tests.drill.promises import Outcome  # noqa: E402


def main() -> int:
    if packages := missing():
        print(f"Skipped: this machine doesn't have {', '.join(packages)}. Install them with apt-get.")
        return 0
    broken = 0
    with two_hosts() as hosts:
        for outcome in outcomes(hosts):
            broken += not outcome.holds
            print(f"{'kept' if outcome.holds else 'BROKEN':7} {outcome.promise:58} {outcome.figure}", flush=True)
    print("Every promise was kept." if not broken else f"Broken promises: {broken}.")
    return 1 if broken else 0


def outcomes(hosts: Hosts) -> Iterator[Outcome]:
    """One after the other: each leaves the installation as the next one needs it."""
    yield promises.both_start_at_once(hosts)
    curators = promises.signed_in(hosts)
    yield promises.saves_are_seen(hosts, curators)
    yield promises.picture_is_served(hosts, curators)
    yield promises.import_is_done(hosts, curators)
    yield from promises.pgbouncer_is_restarted(hosts)
    yield from promises.one_host_is_killed(hosts)
    yield promises.nothing_about_readers(hosts)


if __name__ == "__main__":
    try:
        sys.exit(main())
    finally:
        shutil.rmtree(own_folder, ignore_errors=True)
