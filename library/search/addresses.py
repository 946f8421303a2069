"""Words that are the address of a page or a host, as people paste or type them."""

import re

from library.models.web_address import address_key

from .text_query import WrittenQuery

# What begins with a slash is on this site.
_ADDRESS = re.compile(r"(?:https?://)?[^\s/?#@:.\"]+(?:\.[^\s/?#@:.\"]+)+(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)
_BELOW_A_HOST = re.compile(r"[/?#]")


def address_keys(raw: str) -> list[str]:
    """The keys of what these words are the address of, without `www.` and with it; none for other words."""
    address = raw.strip()
    if not _ADDRESS.fullmatch(address):
        return []
    key = address_key(address if "://" in address else f"https://{address}").removeprefix("www.")
    return [key, f"www.{key}"]


def address_query(raw: str) -> WrittenQuery | None:
    """Finds the entries on the host that was typed, or at the address and below it; None for other words.

    It asks for the words of `library_address_words.sql`, which nothing else that people type asks for: a search for
    “police” doesn't find a page because it's on policeone.com.
    """
    if not (keys := address_keys(raw)):
        return None
    word = "'//{}'".format(keys[0].replace("\\", r"\\").replace("'", "''"))
    return WrittenQuery(f"{word} | {word}:*" if _BELOW_A_HOST.search(keys[0]) else word)
