"""Addresses as readers say them."""

from django import template

from library.text import host_of

register = template.Library()

register.filter("host", host_of)
