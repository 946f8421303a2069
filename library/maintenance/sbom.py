"""A software bill of materials (CycloneDX 1.6): what is installed to run the site, down to libraries inside packages.

It is read off the environment that runs, so it needs nothing installed beside it: the usual tool brings thirty
packages of its own into what it describes.
"""

import json
import platform
import re
import subprocess
from collections.abc import Iterator
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from config.embedded_postgres.programs import program

Component = dict[str, Any]


def bill_of_materials(lock: Path, version: str, now: datetime) -> dict[str, Any]:
    """CycloneDX as a dictionary, for the packages that `lock` names and that this system needs."""
    components = {each["bom-ref"]: each for each in _components(lock)}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": now.isoformat(timespec="seconds"),
            "component": {
                "type": "application",
                "bom-ref": "officer-resource-library",
                "name": "officer-resource-library",
                "version": version,
                "licenses": [{"license": {"id": "BSD-3-Clause"}}],
            },
        },
        "components": sorted(components.values(), key=lambda each: (each["name"].lower(), each["bom-ref"])),
    }


def locked_packages(lock: Path) -> list[metadata.Distribution]:
    """The installed packages among those that the lock file names; others are for other systems."""
    names = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==", lock.read_text(encoding="utf-8"), re.MULTILINE)
    distributions = []
    for name in names:
        try:
            distributions.append(metadata.distribution(name))
        except metadata.PackageNotFoundError:
            continue
    return distributions


def license_of(package: metadata.Distribution) -> str:
    """Its license in its own words: an SPDX expression, a name, or what it says in the old list of classifiers."""
    fields = {name: package.metadata.get_all(name) or [] for name in ("License-Expression", "Classifier", "License")}
    if fields["License-Expression"]:
        return str(fields["License-Expression"][0])
    classified = [each.rpartition(" :: ")[2] for each in fields["Classifier"] if each.startswith("License")]
    return " or ".join(classified or fields["License"]).split("\n")[0]


def _components(lock: Path) -> Iterator[Component]:
    python = platform.python_version()
    yield {"type": "platform", "bom-ref": f"python@{python}", "name": "Python", "version": python}
    output = subprocess.run([program("postgres"), "--version"], capture_output=True, text=True, check=True).stdout
    postgres = output.split()[-1]
    url = f"pkg:generic/postgresql@{postgres}"
    yield {"type": "application", "bom-ref": url, "name": "PostgreSQL", "version": postgres, "purl": url}
    for package in locked_packages(lock):
        name, version = package.metadata["Name"], package.version
        url = f"pkg:pypi/{re.sub('[-_.]+', '-', name).lower()}@{version}"
        licenses = [{"license": {"name": license_of(package)}}]
        yield {"type": "library", "bom-ref": url, "name": name, "version": version, "purl": url, "licenses": licenses}
        yield from _inside(package)


def _inside(package: metadata.Distribution) -> Iterator[Component]:
    """What a wheel says is built into it (PEP 770), without the wheel itself."""
    for path in package.files or ():
        if path.parent.name == "sboms" and path.suffix == ".json":
            bill = json.loads(path.read_text(encoding="utf-8"))
            for component in bill.get("components", []) if bill.get("bomFormat") == "CycloneDX" else ():
                url = component.get("purl", "")
                if url and not url.startswith("pkg:pypi/"):
                    copied = {key: component[key] for key in ("name", "version", "licenses") if key in component}
                    yield {"type": "library", "bom-ref": url, "purl": url} | copied
