"""The one error of backups and restores."""


class MaintenanceError(Exception):
    """It can't be done, and nothing has changed; the message is one sentence for the person who runs the site."""
