"""The scripts, read as text: how much there is of them, and what they never do."""

import gzip
import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

SCRIPTS = sorted((ROOT / "static").rglob("*.js"))
# What only curators load.
ADMIN = ROOT / "static" / "js" / "admin"
# Ways to keep something in the browser, to watch a reader, to put text in as markup, or to run text as code.
NEVER = re.compile(
    r"\b(localStorage|sessionStorage|indexedDB|caches|cookie|sendBeacon|setInterval|onscroll|beforeunload|unload"
    r"|innerHTML|outerHTML|insertAdjacentHTML|eval|Function)\b"
)
# What curators type is kept in their tab, and they are asked before they leave it.
EXCEPT = {ADMIN / "drafts.js": {"sessionStorage", "beforeunload"}}


@pytest.mark.parametrize(("of_admin", "limit"), [(False, 4_096), (True, 10_240)], ids=["readers", "curators"])
def test_all_scripts_together_are_at_most_4_kb_for_readers_and_10_for_curators(of_admin: bool, limit: int) -> None:
    scripts = [path for path in SCRIPTS if path.is_relative_to(ADMIN) is of_admin]

    assert scripts
    assert sum(len(gzip.compress(path.read_bytes())) for path in scripts) <= limit


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_stores_nothing_and_asks_only_this_site(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    assert set(NEVER.findall(source)) <= EXCEPT.get(path, set())
    assert "//" not in re.sub(r"^\s*//.*$| // .*$", "", source, flags=re.MULTILINE)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_says_what_it_is_for_and_is_loaded_by_a_template(path: Path) -> None:
    templates = "".join(template.read_text(encoding="utf-8") for template in (ROOT / "templates").rglob("*.html"))

    assert path.read_text(encoding="utf-8").startswith("// ")
    assert f"{{% static '{path.relative_to(ROOT / 'static').as_posix()}' %}}" in templates
