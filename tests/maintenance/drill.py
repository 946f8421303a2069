"""`make drill-restore N=100000`: the long proof of backups and restores, which no run of the tests has time for.

Kills a backup and a restore in every second of their work, and looks each time whether all is as before. Then measures
the backup of a library of N resources. Works in folders of its own.
"""

import os
import sys
import time
from pathlib import Path

from library.maintenance.archive import open_archive
from library.maintenance.fingerprint import Fingerprint, fingerprint_of
from tests import processes
from tests.maintenance.conftest import Library, new_library
from tests.processes import postgres_of

FILL = """
from django.core.management import call_command
from tests.bench import filling
call_command("migrate", verbosity=0)
call_command("load_starting_content", verbosity=0)
filling.fill({})
"""


def content_of(library: Library) -> Fingerprint:
    with library.cursor() as cursor:
        return fingerprint_of(cursor)


def kill_in_every_second(library: Library, *words: str) -> int:
    """How often it was killed before it was once done; after each kill the library holds what it held."""
    before, kills = content_of(library), 0
    while True:
        process = library.start("manage.py", *words)
        try:
            deadline = time.monotonic() + kills + 1
            while process.popen.poll() is None and time.monotonic() < deadline:
                time.sleep(0.05)
            if process.popen.poll() is not None:
                assert process.ended() == 0, process.output
                return kills
            process.kill()
        finally:
            process.close()
        kills += 1
        assert content_of(library) == before, f"killed after {kills} seconds"
        print(f"manage.py {words[0]} killed after {kills} s: the library is as before", flush=True)


def drill(number: int) -> None:
    processes.PATIENCE = 3600.0  # filling a large library takes long
    with new_library() as library, new_library() as other:
        assert library.python(FILL.format(0))[0] == 0
        kill_in_every_second(library, "backup")
        # One that was killed between its end and the end of its process is a backup, too.
        paths = sorted((library.data_dir / "backups").iterdir())
        path = [open_archive(path).path for path in paths][-1]
        assert not postgres_of(library.data_dir)
        other.succeeds("restore", str(path))
        kill_in_every_second(other, "restore", str(path))
        if not number:
            return
        assert library.python(FILL.format(number))[0] == 0
        begun = time.monotonic()
        path = library.back_up("--no-drill")
        copied = time.monotonic()
        library.succeeds("backup")
        done = time.monotonic()
        size = Path(path).stat().st_size
        print(
            f"{number:,} resources: backup {copied - begun:.0f} s, {size / 1e6:.0f} MB, load {os.getloadavg()[0]:.1f}; "
            f"with the drill {done - copied:.0f} s"
        )


if __name__ == "__main__":
    drill(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
