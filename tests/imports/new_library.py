"""A program: in a library that was just made, 3,000 entries are imported and undone. It says what has been done.

PostgreSQL has looked at the tables while they were empty, and does not look again: a job has to do without.
"""

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from library.imports.uploads import receive  # noqa: E402
from library.imports.worker import run_imports  # noqa: E402
from library.models import FileImport, Section, User  # noqa: E402

ROWS = [f"Officer {place},podcast,podcasts,https://example.org/{place},sleep|x{place % 50}" for place in range(3000)]


def main() -> None:
    call_command("migrate", verbosity=0)
    Section.objects.create(anchor="podcasts", title="Podcasts", position=1)
    user = User.objects.create(username="curator")
    content = "\n".join(["title,kind,section,url,tags", *ROWS]).encode()
    file_import = receive([content], "resources.csv", user, timezone.now(), create_missing=False, publish=False)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for state in ("checking", "importing", "undoing"):
        if state != "checking":
            FileImport.objects.ask(file_import.pk, file_import.state, state, timezone.now(), user)
        run_imports(timezone.now)
        file_import.refresh_from_db()
        print(file_import.state, file_import.message, flush=True)


if __name__ == "__main__":
    main()
