"""How the site is put together and run; what it does is in `library`."""
