"""By which name a request calls the site, where that can be written down: what a stranger sends may be anything."""

import re
from ipaddress import ip_address
from typing import Any

_PORT = re.compile(r":[0-9]*\Z")
_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?|\[[0-9a-f:.]{2,45}\]")


def asked_host(meta: dict[str, Any]) -> str:
    """The host name or address that a request asks for, as ALLOWED_HOSTS may have it, so without a port; else empty."""
    name = _PORT.sub("", meta.get("HTTP_HOST", "").lower())
    return name if _NAME.fullmatch(name) else ""


def is_local(meta: dict[str, Any]) -> bool:
    """Whether a browser on this very machine asks, and no proxy for somebody else."""
    try:
        return ip_address(meta.get("REMOTE_ADDR", "")).is_loopback and "HTTP_X_FORWARDED_FOR" not in meta
    except ValueError:
        return False
