"""`install.py` makes the environment: nothing is in it that is not locked, and a changed lock is installed anew."""

import os
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


def test_says_so_where_there_is_no_network(tmp_path: Path) -> None:
    shutil.copy(ROOT / "install.py", tmp_path)
    (tmp_path / "requirements.txt").write_text(f"nothing==1 --hash=sha256:{'0' * 64}\n")
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "0", "PIP_CONFIG_FILE": os.devnull}

    finished = subprocess.run(
        [sys.executable, str(tmp_path / "install.py"), "requirements.txt"],
        env={"PATH": os.environ["PATH"], **nowhere},
        capture_output=True,
        text=True,
        check=False,
    )

    assert finished.returncode == 1
    assert finished.stderr.splitlines()[-1] == (
        "The packages couldn't be installed: this machine can't reach the package index. Check its network; behind a "
        "proxy, set HTTPS_PROXY; for your own index, set PIP_INDEX_URL. What's there is kept, so try again."
    )
