"""What the environment says, read once and refused where it makes no sense.

Reading numbers, lists and truth values is `environs`' work; here is only what it has not.
"""

import contextlib
import os
import re
import secrets
import tempfile
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import dj_database_url
from environs import Env, EnvError
from psycopg2 import ProgrammingError, extensions  # type: ignore[import-untyped]

env = Env()

# PostgreSQL cuts a longer name, and Django refuses it.
_LONGEST_NAME = 63
# What the settings say of every connection, and an address would say in vain.
_OURS = {"connect_timeout", "options"}
_SHORTEST_SECRET = 32
_FEWEST_SIGNS = 5
_LONGEST_OPERATOR = 120
# A page with a form, an email address, or a phone number.
REACHABLE_PATTERN = r"https://[!-~]+|[!-~]+@[A-Za-z0-9.-]+|\+?[0-9(][0-9() -]{2,29}"


def database_at(name: str) -> dict[str, Any] | None:
    """The database whose address the variable `name` gives, as Django wants it; None without one.

    Raises `EnvError`, which never repeats the address: there may be a password in it.
    """
    url = env.str(name, "")
    if not url:
        return None
    if not re.match(r"postgres(ql)?://", url):
        raise EnvError(f"{name} must start with postgres:// or postgresql://: the library needs PostgreSQL.")
    try:
        parameters: dict[str, Any] = dict(dj_database_url.parse(url))
    except ValueError:
        parameters = {}
    if not parameters or not re.fullmatch(r"[!-~]+", url) or "%00" in url or _is_torn(url):
        raise EnvError(
            f"{name} has a port that isn't a number from 1 to 65535, or a character in its password or name that must "
            "be percent-encoded (%2F for /, %3A for :, %40 for @, %23 for #, %3F for ?, %20 for a space)."
        )
    if not 0 < len(parameters["NAME"].encode()) <= _LONGEST_NAME:
        raise EnvError(f"{name} must end with the name of a database, as in postgres://user:password@host/name.")
    # As they are written: dj_database_url makes a number of a password that is one.
    parameters["OPTIONS"] = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    _refuse_unknown(name, parameters["OPTIONS"])
    return parameters


def _is_torn(url: str) -> bool:
    """Whether a sign in a password that is not escaped has put a part of it where host, port or database belong."""
    parts = urlsplit(url)
    return parts.port == 0 or "#" in url or re.search("[/:@]", parts.path[1:]) is not None or "@" in parts.query


def pool_at(name: str, *, needs: str) -> dict[str, Any] | None:
    """The pooler in front of the database that the variable `needs` names; None without one. Raises `EnvError`."""
    parameters = database_at(name)
    if parameters and not env.str(needs, ""):
        raise EnvError(f"{name} needs {needs}: the address of the same database, past the pooler.")
    return parameters


def _refuse_unknown(name: str, parameters: dict[str, Any]) -> None:
    """Raise `EnvError` for a parameter that PostgreSQL does not know, or that the settings would overwrite."""
    try:
        extensions.make_dsn(**parameters)
    except (ProgrammingError, TypeError):
        pass
    else:
        if not _OURS & set(parameters):
            return
    raise EnvError(
        f"{name} has a parameter after the question mark that can't be used. One that can is sslmode=require."
    )


def contact_at(name: str) -> str:
    """An address that security.txt may give (RFC 9116, 2.5.3); "" without one. Raises `EnvError` for anything else."""
    address = env.str(name, "")
    if address and not re.fullmatch(r"(https://|mailto:)[!-~]+", address):
        raise EnvError(f"{name} must start with https:// or mailto: and have no spaces, or be empty.")
    return address


def operator_at(name: str) -> tuple[str, str, str]:
    """Who runs the site, their own site, and how to reach them: the variable `name`, and those with _URL and _CONTACT.

    Raises `EnvError` for a name that is too long, an address that is none, and for either without a name.
    """
    operator, url, contact = (env.str(f"{name}{part}", "").strip() for part in ("", "_URL", "_CONTACT"))
    if len(operator) > _LONGEST_OPERATOR:
        raise EnvError(f"{name} must be at most {_LONGEST_OPERATOR} characters.")
    if url and not re.fullmatch(r"https?://[!-~]{1,1990}", url):
        raise EnvError(f"{name}_URL must start with https:// or http:// and have no spaces, or be empty.")
    if contact and not re.fullmatch(REACHABLE_PATTERN, contact):
        raise EnvError(
            f"{name}_CONTACT must be an email address, a phone number, or a web address that starts with https://."
        )
    if (url or contact) and not operator:
        raise EnvError(f"{name} must name who runs the site, since {name}_URL or {name}_CONTACT is set.")
    return operator, url, contact


def root_at(name: str) -> str:
    """The beginning of every address of the site, without a slash at its end; "" without one. Raises `EnvError`."""
    root = env.str(name, "").removesuffix("/")
    if root and not re.fullmatch(r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:[0-9]{1,5})?", root):
        raise EnvError(f"{name} must look like https://library.example.org, with nothing after it, or be empty.")
    return root


def networks_at(name: str, default: str) -> list[IPv4Network | IPv6Network]:
    """The IP addresses and networks that the variable `name` lists, with commas between them.

    Raises `EnvError` for anything else, and for a network that holds everyone.
    """
    try:
        networks = [ip_network(part.strip()) for part in (env.str(name, "") or default).split(",")]
    except ValueError:
        networks = []
    if not networks or any(network.prefixlen == 0 for network in networks):
        raise EnvError(
            f"{name} must be a comma-separated list of IP addresses or networks, as in 10.0.0.5,10.1.0.0/16. "
            "A network ends in zeros and isn't everyone (no *, no 0.0.0.0/0)."
        )
    return networks


def sender_at(name: str, *, is_needed: bool) -> str:
    """The address that mail comes from. Raises `EnvError` for what is none, and without one where mail is sent."""
    address = env.str(name, "")
    if (address or is_needed) and not re.fullmatch(r"[!-~]+@[A-Za-z0-9.-]+", address):
        raise EnvError(f"{name} must be an email address, like library@example.org, when EMAIL_HOST names a server.")
    return address


def zone_at(name: str, default: str) -> str:
    """The IANA name of a time zone. Raises `EnvError` for any other."""
    zone = env.str(name, "") or default
    if zone_named(zone) is None:
        raise EnvError(f"{name} must be the name of a time zone, as in America/Chicago: {zone} isn't one.")
    return zone


def zone_named(name: str) -> ZoneInfo | None:
    """The time zone of this IANA name; None for what this machine doesn't know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def secret_at(name: str, path: Path) -> str:
    """The secret that the variable `name` gives, or else the one that is kept in the file `path`.

    Raises `EnvError` for one that can be guessed, and never repeats it.
    """
    given = env.str(name, "")
    if not given:
        return stored_secret(path)
    if _can_be_guessed(given):
        raise EnvError(
            f"{name} can be guessed: it needs at least {_SHORTEST_SECRET} random characters, as python3 -c 'import "
            "secrets; print(secrets.token_urlsafe(64))' prints; without it, the site makes its own."
        )
    return given


def stored_secret(path: Path) -> str:
    """The secret in the file `path`; made at random on the first call, readable by its owner alone.

    Two processes that start at once agree: the file is made whole under another name and then
    linked into place, which only one of them can do. Raises `EnvError` where nothing can be written or read.
    """
    try:
        if not path.exists():
            _make_secret(path)
        secret = path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise EnvError(folder_fault(error)) from error
    except UnicodeDecodeError:
        secret = ""
    if _can_be_guessed(secret):
        raise EnvError(
            f"The file {path} is empty or damaged: put back your copy of it. Without one, delete it, and the next "
            "start makes a new secret key; apps for signing in and links to previews then stop working."
        )
    return secret


def folder_fault(error: OSError) -> str:
    """What is wrong with `DATA_DIR` or something in it, and what to do, in a sentence or two."""
    name = f"DATA_DIR must be a folder the site can read and write: {error.filename}: {error.strerror}"
    owner = _owner_of(error.filename)
    if owner is None or not isinstance(error, PermissionError):
        return f"{name}."
    return f"{name}. It belongs to {owner}. Start the site as that user, or set DATA_DIR to a folder of your own."


def _owner_of(path: Any) -> str | None:
    """The name of the user whose file or folder this is, or would be in; None where nothing can be known of it."""
    for place in (Path(path), Path(path).parent) if path else ():
        try:
            return place.owner()
        except KeyError:
            return f"the user number {place.stat().st_uid}"
        except OSError:
            continue
    return None


def _can_be_guessed(secret: str) -> bool:
    return len(secret) < _SHORTEST_SECRET or len(set(secret)) < _FEWEST_SIGNS


def _make_secret(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64))
            file.flush()
            os.fsync(handle)  # a power cut leaves no empty file
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        os.unlink(draft)
