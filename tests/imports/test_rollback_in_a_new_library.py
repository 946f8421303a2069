"""Undoing in a library that was just made, on the oldest PostgreSQL: its plans are worse where it knows no tables."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import postgres15
from tests.processes import ROOT

PATIENCE = 400.0  # seconds: it takes twenty, and took more than anybody waited for


@pytest.mark.skipif(postgres15.is_missing(), reason=postgres15.MISSING)
def test_an_import_of_thousands_is_undone(tmp_path: Path) -> None:
    with postgres15.server() as address:
        environment = {
            "DATA_DIR": str(tmp_path),
            "DATABASE_URL": f"{address}/postgres",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        done = subprocess.run(
            [sys.executable, "-m", "tests.imports.new_library"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["checked", "imported", "undone"]
    assert "3000 drafts deleted" in done.stdout
