"""What every test stands on: a data directory that is never the curators' own, and static files without a manifest.

Django is set up here and not by pytest-django's own option, which would read the settings before these lines.
"""

import contextlib
import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DATA_DIR", str(ROOT / "var" / "test"))
os.environ.setdefault("DURABLE", "false")
# The entries of the original page are enough for most tests, and load in a second.
os.environ["STARTING_CONTENT"] = "seed"
# No test asks another site, and no site that a test starts does.
os.environ["LINK_CHECKS"] = "false"
_OF_THE_SITE = ("ALLOWED_HOSTS", "DEBUG", "EMAIL_HOST", "HTTPS", "REQUIRE_SECOND_FACTOR", "SECRET_KEY", "SITE_NAME")
_NAMED = ("SITE_SHORT_NAME", "OPERATOR", "OPERATOR_URL", "OPERATOR_CONTACT")
for name in (
    *_OF_THE_SITE,
    "SECURITY_CONTACT",
    "SITE_ADDRESS",
    "TIME_ZONE",
    "TRUSTED_PROXIES",
    "HSTS_PRELOAD",
    *_NAMED,
):
    os.environ.pop(name, None)

# Never the curators' own database. One of another release is named for the tests alone (`tests.postgres15`).
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "")

import django  # noqa: E402
import pytest  # noqa: E402
from django.conf import settings as django_settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.template import Context, Engine, Template  # noqa: E402
from django.test.signals import template_rendered  # noqa: E402
from django.utils.module_loading import autodiscover_modules  # noqa: E402
from pytest_django import DjangoDbBlocker  # noqa: E402

django.setup()
# Tests ask which lists and forms there are before anybody asks for an address.
autodiscover_modules("admin")
# Hashed names come from a run of `collectstatic`, which a test of a page does not need.
django_settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
# But where a test is about it.
django_settings.REQUIRE_SECOND_FACTOR = False
# The real one takes half a second for each password, on purpose.
django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Another process would work on another database.
django_settings.RUN_IMPORTS = ["true"]
Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)

from library.db.edit_cache import edit_cache  # noqa: E402
from library.identity.current import kept  # noqa: E402
from library.imports import feeds  # noqa: E402
from library.maintenance.seed_content import LoadResult, load_starting_content  # noqa: E402
from library.search.vocabulary.lookup import library_words  # noqa: E402
from tests.factories import settled_once  # noqa: E402
from tests.outside import Outside, outside_world  # noqa: E402
from tests.processes import PATIENCE, shared_folder  # noqa: E402
from tests.support.scheduling import WholeFiles, place_of  # noqa: E402

# What ends a feed's process in tests is its limit of processor time, also where other tests take the processor.
feeds.SECONDS = PATIENCE
# Made by the process that starts the workers, and not by one of them.
shared_folder()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: place_of(item.nodeid))


def pytest_collection_finish() -> None:
    """What is there before the first test stays to the end: no collection of garbage has to look through it."""
    gc.collect()
    gc.freeze()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> WholeFiles:
    return WholeFiles(config, log)


def flush_at_once() -> None:
    """Have the database work off each change at once, and not at the end of a transaction that never ends well."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS library_settled IMMEDIATE")


@pytest.fixture(autouse=True)
def _settled_at_once(request: pytest.FixtureRequest) -> None:
    """In every test that has the database in a transaction of its own."""
    if request.node.get_closest_marker("django_db") or "db" in request.fixturenames:
        request.getfixturevalue("_django_db_helper")
        if connection.in_atomic_block:
            flush_at_once()


@pytest.fixture(scope="session", autouse=True)
def _contexts_of_pages_alone(django_test_environment: None) -> None:
    """Django's clients keep a copy of what each template was given. Of a page that is enough: a form has hundreds."""

    def render(template: Template, context: Context) -> str:
        if context.template is template and template.engine is Engine.get_default():
            template_rendered.send(sender=template, template=template, context=context)
        return template.nodelist.render(context)

    Template._render = render  # Django puts its own back


@contextlib.contextmanager
def rows_for_many(blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is written inside is there for every test of a module or a class, and undone after the last of them.

    For fixtures of a wider scope that ask for `django_db_setup` and `django_db_blocker`. The tests themselves still
    ask for `db`; what they change is undone after each.
    """
    with blocker.unblock(), transaction.atomic():
        flush_at_once()
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def starting_content(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[LoadResult]:
    """The entries of the original page and all that they need, loaded once for all tests of a module."""
    with rows_for_many(django_db_blocker):
        with settled_once():
            result = load_starting_content(ROOT / "fixtures", "seed")
        yield result


@pytest.fixture(scope="module")
def full_content(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[LoadResult]:
    """The starting content whole, with what was added to the original page."""
    with rows_for_many(django_db_blocker):
        with settled_once():
            result = load_starting_content(ROOT / "fixtures", "full")
        yield result


@pytest.fixture(scope="session")
def copies() -> Path:
    """In memory, where there is enough of it: every test begins with it empty."""
    folder = shared_folder() / f"copies-{os.getpid()}"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def _copies_of_this_test_only(settings, copies: Path) -> None:
    """Every page may leave a copy of help lines and of who the site is; no test reads that of another one."""
    settings.HELP_LINES_COPY = copies / "help_lines.json"
    settings.SITE_IDENTITY_COPY = copies.with_name(f"{copies.name}-identity.json")
    for path in (*copies.iterdir(), settings.SITE_IDENTITY_COPY):
        path.unlink(missing_ok=True)
    kept.clear()  # the process keeps who the site is until the next edit; edits of a test are undone


@pytest.fixture(autouse=True)
def _parts_of_pages_of_this_test_only() -> None:
    """The process keeps them until the number of the last edit is another one; a test's number is undone with it."""
    edit_cache.clear()


@pytest.fixture(autouse=True)
def _words_of_this_test_only() -> None:
    """The process remembers the library's words for minutes; each test has a library of its own."""
    library_words.clear()


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[Outside]:
    """Other people's sites, on this machine; nothing leaves it."""
    with outside_world(monkeypatch) as world:
        yield world
