"""Pictures: made anew within bounds; uploads of any kind, read within bounds; pictures of older versions taken over."""
