"""Keeping the library: backups that are proven, restores, and what happens before an upgrade. Knows no page."""
