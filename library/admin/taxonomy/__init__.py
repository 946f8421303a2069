"""Categories, tags, publishers, series and sections in the admin, and several of them made one."""
