"""An authority whose certificates are trusted in a test, and no other."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from library.links.wire import tls_context
from tests.links.certificates import Authority


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Authority]:
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.trusted))
    tls_context.cache_clear()
    yield made
    tls_context.cache_clear()
