"""Keeping the library: backups that are proven, restores, and what happens before an upgrade. Imports no page."""
