"""What `manage.py check --deploy` looks at besides Django's own list."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

# What readers reported is gone after that, the privacy page says.
RETENTION_LIMIT = 90


@register(Tags.security, deploy=True)
def check_backup_retention(app_configs: Any, **_kwargs: Any) -> list[CheckMessage]:
    if settings.BACKUP_KEEP_DAYS <= RETENTION_LIMIT:
        return []
    message = f"BACKUP_KEEP_DAYS is more than {RETENTION_LIMIT}, so backups keep what the privacy page says is deleted."
    return [Warning(message, hint="Keep backups for 90 days at most.", id="library.W001")]
