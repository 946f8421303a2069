"""What a page shows, as values that a template prints."""
