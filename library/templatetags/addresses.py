"""Addresses as readers say them."""

from django import template

from library.qr_codes import qr_code
from library.text import host_of

register = template.Library()

register.filter("host", host_of)
register.filter("qr_code", qr_code)
