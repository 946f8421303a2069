"""What templates leave to `library.pages.markup`."""

from django import template

from library.pages.markup import entries, options

register = template.Library()

register.filter("entries", entries)
register.filter("options", options)
