"""How an error is written down: where it happened and what kind it was, without the words that it quotes."""

import logging
import traceback
from types import TracebackType


class PlainFormatter(logging.Formatter):
    """Leaves out the messages of exceptions: PostgreSQL's quote what a reader typed."""

    def formatException(  # noqa: N802 - logging's own name
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        kind, _error, frames = ei
        return "".join(traceback.format_tb(frames)) + (kind.__name__ if kind else "")
