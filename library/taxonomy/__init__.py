"""What resources are sorted by – sections, categories, publishers, tags: found by name or made, and merged. A leaf."""
