"""The WSGI entry point: what gunicorn, or another application server, calls.

Connections opened behind it have two seconds for a statement, and no more: a reader is waiting. Nor does anybody wait
much longer for a database that says nothing at all. Commands keep the longer limit of the settings, and the admin lifts
its own (`library.middleware.admin_only`).
"""

import os

import django
from django.conf import settings

from library.db.circuit_breaker import GuardedConnection, keep_deadlines
from library.db.pooling import read_through_pool

from .handler import EdgeHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

django.setup(set_prefix=False)
application = EdgeHandler()
settings.DATABASES["default"]["START_PATIENCE"] = settings.READER_STATEMENT_TIMEOUT
settings.DATABASES["default"]["OPTIONS"]["options"] = settings.READER_OPTIONS
for database in settings.DATABASES.values():
    database["OPTIONS"] |= {
        "connection_factory": GuardedConnection,
        "tcp_user_timeout": 1000 * settings.READER_STATEMENT_TIMEOUT,  # the next of several hosts is asked in time
    }
read_through_pool()
keep_deadlines()
