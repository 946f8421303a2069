"""The column for an address on the web, the same in every model."""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


def validate_web_address(value: str) -> None:
    """Refuse what a browser and a server could read differently, or what is no page on the web."""
    try:
        parts = urlsplit(value)
        hidden_name = parts.username is not None or parts.password is not None
    except ValueError as error:
        raise ValidationError(_("This is not an address a browser can open."), code="invalid") from error
    if parts.scheme not in {"http", "https"}:
        raise ValidationError(_("Enter an address that begins with https:// or http://."), code="scheme")
    if hidden_name or "\\" in value or any(ord(character) < 33 for character in value):
        raise ValidationError(_("Remove user names, backslashes and spaces from the address."), code="unsafe")


class WebAddressField(models.URLField):  # type: ignore[type-arg]
    """An http or https address of up to 2,000 characters; empty when it is not known."""

    default_validators = [URLValidator(schemes=["http", "https"]), validate_web_address]

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_length", 2000)
        super().__init__(*args, **options)

    def formfield(self, **options: Any) -> Any:
        return super().formfield(**({"assume_scheme": "https"} | options))
