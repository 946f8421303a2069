"""The activity log, for administrators."""
