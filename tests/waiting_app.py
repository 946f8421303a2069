"""An application whose pages wait until a file is there; `/healthz` doesn't. For tests of what serves it."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    while environ["PATH_INFO"] != "/healthz" and not Path(os.environ["GO_ON"]).exists():
        time.sleep(0.02)
    start_response("200 OK", [("Content-Length", "3")])
    return [b"ok\n"]
