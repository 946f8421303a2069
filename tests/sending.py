"""A reader's form, sent as a browser sends it. For tests."""

from typing import Any
from urllib.parse import urlencode

from django.test import Client

from tests.reading import read

URLENCODED = "application/x-www-form-urlencoded"


def form_on(page: Any) -> dict[str, str]:
    """What a browser sends of the form on this page when nothing is typed or chosen."""
    fields = read(page.content).one("form", class_="reader-form").all("input", "textarea")
    return {field["name"]: field.get("value") or "" for field in fields if field.get("type") != "radio"}


def post(client: Client, path: str, form: dict[str, str], headers: dict[str, str] | None = None, **environ: Any) -> Any:
    return client.post(path, urlencode(form, errors="surrogatepass"), URLENCODED, headers=headers, **environ)


def send(client: Client, path: str, headers: dict[str, str] | None = None, **values: str) -> Any:
    """Open the form, fill it in with `values`, and send it."""
    return post(client, path, form_on(client.get(path)) | values, headers)
