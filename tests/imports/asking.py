"""Files as a curator uploads them, and the work on them done here instead of by a program of its own."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from library.imports.uploads import receive
from library.imports.worker import run_imports
from library.models import FileImport, User
from tests.imports.conftest import NOW

HEADER = "title,kind,section,url,summary,categories,tags,published,publisher"


def curator() -> User:
    return User.objects.get_or_create(username="curator", defaults={"is_staff": True, "is_superuser": True})[0]


def upload(*rows: str, name: str = "resources.csv", header: str = HEADER, **wishes: Any) -> FileImport:
    """A file that waits for its check; of CSV rows below the usual header."""
    wishes = {"create_missing": False, "publish": False} | wishes
    content = "\n".join([header, *rows]).encode()
    return receive([content], name, curator(), NOW, **wishes)


def work(moment: Any = NOW) -> int:
    return run_imports(lambda: moment)


def checked(*rows: str, **wishes: Any) -> FileImport:
    file_import = upload(*rows, **wishes)
    work()
    file_import.refresh_from_db()
    return file_import


def imported(*rows: str, skip_bad: bool = False, **wishes: Any) -> FileImport:
    file_import = checked(*rows, **wishes)
    ask(file_import, "importing", skip_bad=skip_bad)
    return file_import


def ask(file_import: FileImport, step: str, moment: Any = NOW + timedelta(minutes=1), **values: Any) -> None:
    """Have a step taken, and done."""
    assert FileImport.objects.ask(file_import.pk, file_import.state, step, moment, **values)
    work(moment)
    file_import.refresh_from_db()


def report_of(file_import: FileImport) -> list[tuple[int, str, str, list[list[str]]]]:
    return list(file_import.rows.order_by("line").values_list("line", "outcome", "title", "details"))


def later(**time: float) -> Any:
    return timezone.now() + timedelta(**time)
