"""Resources in the admin: the list, the form, what is done to many at once, previews, pictures and proposals."""
