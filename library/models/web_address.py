"""The column for an address on the web, the same in every model; and when two addresses are the same one."""

import contextlib
import hashlib
import re
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

# A longer key is replaced by its hash: an entry of a B-tree has at most 2,700 bytes.
KEY_LIMIT = 400

_UNSAFE = re.compile(r"[\x00-\x20\\]")
_OWN_PORTS = {"http": 80, "https": 443}
# What newsletters, advertisements and networks append to count clicks; the page that opens is the same without.
_TRACKING = re.compile(
    r"(utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|twclid|yclid|igshid|mc_cid|mc_eid)(=|$)", re.IGNORECASE
)


def validate_web_address(value: str) -> None:
    """Refuse what a browser and a server could read differently, or what is no page on the web."""
    try:
        parts = urlsplit(value)
        hidden_name = parts.username is not None or parts.password is not None
    except ValueError as error:
        raise ValidationError(_("Enter a web address a browser can open."), code="invalid") from error
    if parts.scheme not in {"http", "https"}:
        raise ValidationError(_("Enter a web address that starts with https:// or http://."), code="scheme")
    if hidden_name or _UNSAFE.search(value):
        raise ValidationError(_("Remove user names, backslashes, and spaces from the address."), code="unsafe")


class WebAddressField(models.URLField):  # type: ignore[type-arg]
    """An http or https address of up to 2,000 characters; empty when it is not known."""

    default_validators = [URLValidator(schemes=["http", "https"]), validate_web_address]

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_length", 2000)
        super().__init__(*args, **options)

    def formfield(self, **options: Any) -> Any:
        return super().formfield(**({"assume_scheme": "https"} | options))


def address_key(url: str) -> str:
    """What is the same for two addresses that open the same page: `example.org/course?id=6`. Empty for no address.

    The scheme, the case of the host, the port that goes without saying, tracking parameters, slashes at the end and
    the fragment make no difference; `www.`, the order of the parameters, and a fragment that is a route (`#/…`, `#!…`)
    do. Takes any text: one that is no address is its own key. At most `KEY_LIMIT` characters.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        route = f"#{parts.fragment.rstrip('/')}" if parts.fragment.startswith(("/", "!")) else ""
        page = f"{_host_and_port(parts)}{parts.path.rstrip('/')}{_telling_query(parts)}{route.rstrip('#')}"
        key = page if parts.hostname else url
    except ValueError:
        key = url
    if len(key) <= KEY_LIMIT:
        return key
    return f"sha256:{hashlib.sha256(key.encode(errors='surrogatepass')).hexdigest()}"


def without_tracking(url: str) -> str:
    """The address without the parameters by which clicks are counted; all else of it is left as it is written."""
    before, _mark, rest = url.partition("?")
    query, hash_sign, fragment = rest.partition("#")
    parameters = query.split("&")
    kept = [parameter for parameter in parameters if not _TRACKING.match(parameter)]
    if "#" in before or kept == parameters:
        return url
    return f"{before}{'?' if kept else ''}{'&'.join(kept)}{hash_sign}{fragment}"


def _host_and_port(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if not host.isascii():
        with contextlib.suppress(UnicodeError):
            host = host.encode("idna").decode()
    if ":" in host:
        host = f"[{host}]"
    return host if parts.port in {None, _OWN_PORTS.get(parts.scheme)} else f"{host}:{parts.port}"


def _telling_query(parts: SplitResult) -> str:
    parameters = [parameter for parameter in parts.query.split("&") if parameter and not _TRACKING.match(parameter)]
    return f"?{'&'.join(parameters)}" if parameters else ""
