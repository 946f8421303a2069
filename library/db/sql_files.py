"""The database's own code as files: `sql/` has the text of today of every function, trigger and view of the library.

A file can be run again: it replaces what it made before. Its name is that of the function or view, or of the table
whose triggers it has. A test holds the files against a migrated database.

To change one, edit its file and add a migration, for libraries that exist, with nothing but the files' names:

    operations = [RunSqlFile("library_facets_of"), RunSqlFile("library_resource_triggers")]

- A new library runs all migrations with the files of today. A file that comes to need a column of a later migration is
  taken off the list in `0002_database_code`, and run by that later one.
- `CREATE OR REPLACE` drops nothing: a file that loses a trigger has `DROP TRIGGER IF EXISTS` in its place.
- After a change of what is searched or counted, `manage.py rebuild_search` brings a library up to date.
"""

from pathlib import Path
from typing import Any

from django.db.migrations.operations.base import Operation

FOLDER = Path(__file__).parent / "sql"


def sql_file(name: str) -> str:
    """The statements in `sql/<name>.sql`."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


class RunSqlFile(Operation):
    """Has the database run a file as it is today.

    Going back leaves the code of today.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, name: str) -> None:
        self.name = name

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Django knows nothing of what is in these files."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(sql_file(self.name), params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """What takes away the tables takes away their triggers."""

    def describe(self) -> str:
        return f"Runs {self.name}.sql"
