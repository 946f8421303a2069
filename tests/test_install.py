"""`install.py` makes the environment: nothing is in it that is not locked, and a changed lock is installed anew."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

LIST = "import importlib.metadata as m; print(sorted(d.metadata['Name'] for d in m.distributions()))"


def test_leaves_no_installer_behind_and_installs_again_when_the_lock_changes(tmp_path: Path) -> None:
    shutil.copy(ROOT / "install.py", tmp_path)
    for comment in ("# nothing", "# nothing either"):
        for name in ("requirements.txt", "requirements-dev.txt"):
            (tmp_path / name).write_text(f"{comment}\n")

        assert install(tmp_path).startswith("Making .venv ..." if comment == "# nothing" else "Installing the packages")
        assert installed_in(tmp_path) == "[]"
        assert install(tmp_path) == ""


def install(folder: Path) -> str:
    finished = subprocess.run(
        [sys.executable, str(folder / "install.py"), "requirements.txt"], capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    assert "Traceback" not in finished.stderr
    return finished.stdout


def installed_in(folder: Path) -> str:
    command = [str(folder / ".venv" / "bin" / "python"), "-c", LIST]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
