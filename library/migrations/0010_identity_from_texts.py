"""The one row of the site's identity, with what older libraries say of it in their texts.

Their help page began with the emergency number as a heading, the library page had the name of the site as its title,
and the about page said that the site is not official: all three now come from the row. A text that curators have
written anew stays as it is.
"""

import re

from django.db import migrations

_NAME = "Officer Mental Health Resources"
_NOT_OFFICIAL = ("It is not an official government site. ", "It isn’t an official government site. ")
# As it was written first, and as it is written today.
_EMERGENCY = (
    re.compile(r"## \[Call (?P<number>[0-9][0-9 -]{1,14})\]\(tel:[0-9]+\) (?P<text>.{1,120})(\n+|\Z)"),
    re.compile(r"## \[(?P<text>.{1,120}) Call (?P<number>[0-9][0-9 -]{1,14})\]\(tel:[0-9]+\)(\n+|\Z)"),
)
_NUMBER, _TEXTS = "911", ("if somebody is in danger at this moment", "In immediate danger?")


def take_over(apps, schema_editor):
    pages = apps.get_model("library", "Page").objects
    row = apps.get_model("library", "SiteIdentity")()
    library, help_lines, about = (pages.filter(name=name).first() for name in ("library", "help", "about"))
    if library and library.title != _NAME:
        row.name = library.title
    headings = [form.match(help_lines.body) for form in _EMERGENCY] if help_lines else []
    if heading := next(filter(None, headings), None):
        number, text = heading["number"], heading["text"]
        row.emergency_number = "" if number == _NUMBER else number
        row.emergency_text = "" if text in _TEXTS else text[0].upper() + text[1:]
        html = re.sub(r"\A<h2\b.*?</h2>\s*", "", help_lines.body_html, flags=re.S)
        pages.filter(pk=help_lines.pk).update(body=help_lines.body[heading.end() :], body_html=html)
    for sentence in _NOT_OFFICIAL if about else ():
        about.body, about.body_html = about.body.replace(sentence, ""), about.body_html.replace(sentence, "")
        pages.filter(pk=about.pk).update(body=about.body, body_html=about.body_html)
    row.save(force_insert=True)


class Migration(migrations.Migration):
    dependencies = [("library", "0009_site_identity")]

    operations = [migrations.RunPython(take_over, migrations.RunPython.noop)]
