"""The WSGI entry point: what gunicorn, or another application server, calls.

Connections opened behind it have two seconds for a statement, and no more: a reader is waiting. Commands keep the
longer limit of the settings, and the admin lifts its own (`library.middleware`).
"""

import os

import django
from django.conf import settings

from config.handler import EdgeHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

django.setup(set_prefix=False)
application = EdgeHandler()
settings.DATABASES["default"]["OPTIONS"]["options"] = settings.READER_OPTIONS
