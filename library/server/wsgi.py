"""The WSGI entry point: what gunicorn, or another application server, calls.

Connections opened behind it have two seconds for a statement, and no more: a reader is waiting. Nor does anybody wait
much longer for a database that says nothing at all. Commands keep the longer limit of the settings, and the admin lifts
its own (`library.middleware.admin_only`).
"""

import os

import django

from library.db.pooling import connect_as_reader

from .handler import EdgeHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

django.setup(set_prefix=False)
connect_as_reader()
application = EdgeHandler()
