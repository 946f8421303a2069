"""Addresses that differ only in a fragment that is a route, as in `#/course/1`, are two: entries get new keys."""

from django.db import migrations
from django.db.models import Q

from library.models.web_address import address_key


def renew(apps, schema_editor):
    resources = apps.get_model("library", "Resource").objects
    for pk, url in resources.filter(Q(url__contains="#/") | Q(url__contains="#!")).values_list("pk", "url"):
        resources.filter(pk=pk).update(address_key=address_key(url))


class Migration(migrations.Migration):
    dependencies = [("library", "0033_not_published_index")]

    operations = [migrations.RunPython(renew, migrations.RunPython.noop)]
