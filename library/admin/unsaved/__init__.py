"""A form of the admin that couldn't be saved comes back as a page with everything that was typed into it."""
