"""The WSGI entry point: what gunicorn, or another application server, calls.

A reader's request gets two seconds of the database and no more; commands keep the
longer limit of `config.settings`, the admin lifts its own (`library.middleware`).
"""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("STATEMENT_TIMEOUT", "2000")

application = get_wsgi_application()
