"""Which worker runs what: a file as a whole, so that what its tests share is made once, and the longest files first."""

from xdist.scheduler import LoadScopeScheduling

# What starts sites and servers of its own takes long, and must not be what one worker ends with alone.
# One worker starts the site for the first time (`tests.processes.first_run`), which the next ones need as well: the
# other begins with a file that does without.
LONGEST_FIRST = (
    "tests/browser/test_admin_",
    "tests/test_old_library.py",
    "tests/browser/",
    "tests/test_make_run.py",
    "tests/commands/test_serve.py",
    "tests/maintenance/",
    "tests/server/",
    "tests/config/",
    "tests/imports/",
)


def place_of(nodeid: str) -> int:
    """Where a test stands in the order: those that are not named above come last."""
    return next((place for place, path in enumerate(LONGEST_FIRST) if nodeid.startswith(path)), len(LONGEST_FIRST))


class WholeFiles(LoadScopeScheduling):
    """Files of tests that look at the same site, or at the same backup, go to one worker, which makes it."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        if path.startswith("tests/maintenance/"):
            return "backups"
        if not path.startswith("tests/browser/"):
            return path
        name = path.removeprefix("tests/browser/test_").removesuffix(".py")
        if name in {"day_of_a_curator", "signing_in"}:
            return "browsers of curators with a second step"
        return "browsers of curators" if name.startswith("admin_") else "browsers of readers"
