"""A database backend that brings its own private PostgreSQL, for when there is no DATABASE_URL.

`base` is what Django sees, `server` the life of the server, `cluster` its files, `programs` what all of it is run with;
only the first knows Django.
"""
