"""The cookies of one check: what a site sets on the way to a page, sent back to it, and thrown away. No models."""

_MOST, _LONGEST = 50, 4096  # RFC 6265, 6.1


class CookieJar:
    """Some sites redirect to the same address until their cookie comes back; what they keep in it is lost at once."""

    def __init__(self) -> None:
        self._cookies: dict[tuple[str, str], str] = {}  # by the domain, with a dot before it for all its hosts

    def take(self, host: str, fields: list[str]) -> None:
        """Keep what a host has set in these `Set-Cookie` fields, if it is for itself or for what it belongs to."""
        for field in fields:
            pair, *attributes = field.split(";")
            name, equals, value = pair.partition("=")
            if not equals or len(pair) > _LONGEST or len(self._cookies) >= _MOST:
                continue
            domain = next((text for key, text in map(_attribute, attributes) if key == "domain"), "").lstrip(".")
            if domain and not (f".{host}".endswith(f".{domain}") and "." in domain):
                continue
            self._cookies[f".{domain}" if domain else host, name.strip()] = value.strip()

    def header(self, host: str) -> str:
        """What is sent back to this host; empty where it has set nothing."""
        own = [
            f"{name}={value}"
            for (domain, name), value in self._cookies.items()
            if domain == host or (domain.startswith(".") and f".{host}".endswith(domain))
        ]
        return "; ".join(own)


def _attribute(text: str) -> tuple[str, str]:
    name, _equals, value = text.partition("=")
    return name.strip().lower(), value.strip().lower()
