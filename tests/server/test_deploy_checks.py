"""What `manage.py check --deploy` says of the site's own settings."""

import pytest
from django.core.checks import run_checks


def own_warnings() -> list[str]:
    return [message.id for message in run_checks(include_deployment_checks=True) if message.id.startswith("library.")]


@pytest.mark.parametrize(("days", "warnings"), [(30, []), (90, []), (91, ["library.W001"])])
def test_backups_are_kept_no_longer_than_the_privacy_page_says(days: int, warnings: list[str], settings) -> None:
    settings.BACKUP_KEEP_DAYS = days

    assert own_warnings() == warnings
