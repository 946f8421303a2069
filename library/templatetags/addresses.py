"""Addresses as readers say them."""

from django import template

from library.pages.markdown import host_of
from library.pages.qr_codes import qr_code

register = template.Library()

register.filter("host", host_of)
register.filter("qr_code", qr_code)
