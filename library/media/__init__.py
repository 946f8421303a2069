"""Pictures: made anew, stored, uploaded."""
