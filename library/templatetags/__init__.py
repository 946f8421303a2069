"""What templates need to show things; nothing here asks the database."""
