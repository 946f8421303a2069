"""The software bill of materials, and that no package asks for another license of our own code."""

import json
import re
import tomllib

import pytest
from django.core.management import call_command

from library.maintenance.sbom import license_of, locked_packages
from tests.conftest import ROOT

OURS = "BSD-3-Clause"
PERMISSIVE = "MIT|BSD|Apache|PSF|Python Software Foundation|CMU|HPND|ISC"
# To be used as it is, from code of any license: the terms reach the package itself and changes to it.
WEAK_COPYLEFT = {"psycopg2-binary": "Lesser General Public License", "publicsuffixlist": "MPL-2.0"}


def test_it_names_what_runs_the_site_and_what_is_inside(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sbom")
    bill = json.loads(capsys.readouterr().out)

    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["licenses"] == [{"license": {"id": OURS}}]
    components = {each["name"]: each for each in bill["components"]}
    assert {each.metadata["Name"] for each in locked_packages(ROOT / "requirements.txt")} <= components.keys()
    assert {"Python", "PostgreSQL", "ammonia"} <= components.keys()
    assert components["PostgreSQL"]["version"].startswith("18.")
    assert components["Django"]["purl"] == f"pkg:pypi/django@{components['Django']['version']}"
    assert components["Django"]["licenses"] == [{"license": {"name": OURS}}]
    assert "pytest" not in components
    assert len({each["bom-ref"] for each in bill["components"]}) == len(bill["components"])


def test_the_license_is_in_the_checkout() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert project["license"] == OURS
    for name in project["license-files"]:
        assert (ROOT / name).read_text().startswith("BSD 3-Clause License")


def test_no_package_asks_for_another_license_of_our_code() -> None:
    packages = locked_packages(ROOT / "requirements.txt")

    assert len(packages) > 40
    for package in packages:
        name, words = package.metadata["Name"], license_of(package)
        expected = WEAK_COPYLEFT.get(name, PERMISSIVE)
        assert re.search(expected, words), f"{name}: {words}"
        assert name in WEAK_COPYLEFT or not re.search("GPL|General Public|Affero", words), f"{name}: {words}"
