"""`make drill SEED=7`: 20 kills under six curators; prints what became of their edits, and fails if one was lost."""

import contextlib
import secrets
import statistics
import sys
import threading
import time
from itertools import chain
from random import Random

from tests.drill.curators import PASSWORD, Curator
from tests.drill.site import TARGETS, Site, until
from tests.drill.verdict import verdict_on
from tests.processes import temporary_data_dir

CURATORS = ("ada", "ben", "cleo", "dan", "eve", "finn")
ENTRIES = 3  # so that two curators often have the same one open
KILLS = 20
EDITS = 6  # that have to be acknowledged between two kills, however slow the machine is
MOMENTS = (0.0, 2.0)  # seconds after that until the next kill


def drill(seed: str, site: Site) -> bool:
    """Whether every promise was kept."""
    site.run(
        "from library.models import User\n"
        f"for name in {CURATORS}: User.objects.create_superuser(name, password={PASSWORD!r})"
    )
    entries, over, random = site.entries(ENTRIES), threading.Event(), Random(seed)
    curators = [Curator(name, site.address, entries, f"{seed} {name}", over) for name in CURATORS]
    for curator in curators:
        curator.sign_in()
    for curator in curators:
        curator.start()
    seconds: dict[str, list[float]] = {target: [] for target in TARGETS}
    for number in range(KILLS):
        enough = count(curators) + EDITS
        until(lambda enough=enough: count(curators) >= enough or any(curator.failure for curator in curators))
        time.sleep(random.uniform(*MOMENTS))
        target = TARGETS[number % len(TARGETS)]
        seconds[target].append(site.kill(target, random.random()))
        print(f"{number + 1:2}. {target} killed, ready after {seconds[target][-1]:.1f} s", flush=True)
    over.set()
    for curator in curators:
        curator.join()
    return report(site, entries, curators, seconds)


def count(curators: list[Curator]) -> int:
    return sum(len(edits) for curator in curators for edits in list(curator.acknowledged.values()))


def report(site: Site, entries: list[int], curators: list[Curator], seconds: dict[str, list[float]]) -> bool:
    """Print the figures; whether every promise was kept."""
    acknowledged = {entry: [edit for curator in curators for edit in curator.acknowledged[entry]] for entry in entries}
    verdict = verdict_on(acknowledged, site.histories(entries))
    failures = [curator.failure for curator in curators if curator.failure]
    print(
        f"\nacknowledged {count(curators)}, refused as conflicts {sum(curator.conflicts for curator in curators)}",
        end=", ",
    )
    print(f"never answered {sum(len(curator.unanswered) for curator in curators)}")
    print(f"lost {len(verdict.lost)}, twice {len(verdict.twice)}", end=", ")
    print(f"forks {len(verdict.forks)}, out of order {len(verdict.out_of_order)}")
    for target, measured in (*seconds.items(), ("any", [*chain(*seconds.values())])):
        figures = (min(measured), statistics.median(measured), max(measured))
        print(f"seconds to ready, {target} killed: min/median/max {' / '.join(f'{each:.1f}' for each in figures)}")
    for broken in (*verdict.lost, *verdict.twice, *verdict.forks, *verdict.out_of_order, *failures):
        print(f"BROKEN: {broken}")
    return verdict.holds and not failures


def main() -> None:
    seed = sys.argv[1] if len(sys.argv) > 1 else str(secrets.randbelow(1_000_000))
    print(f"SEED={seed} chooses the moments.", flush=True)
    with temporary_data_dir() as folder, contextlib.closing(Site(folder)) as site:
        site.start()
        holds = drill(seed, site)
    sys.exit(0 if holds else "A promise was broken.")


if __name__ == "__main__":
    main()
