"""A database backend that brings its own private PostgreSQL, for when there is no DATABASE_URL.

`base` is what Django sees; `server` is the life of the server and knows no Django.
"""
