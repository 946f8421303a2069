"""`manage.py sbom`: what is installed to run the site, as CycloneDX JSON."""

import json
import tomllib
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from library.maintenance.sbom import bill_of_materials


class Command(BaseCommand):
    help = "Prints a software bill of materials (CycloneDX JSON): what is installed to run the site."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        bill = bill_of_materials(settings.BASE_DIR / "requirements.txt", project["version"], timezone.now())
        self.stdout.write(json.dumps(bill, indent=1))
