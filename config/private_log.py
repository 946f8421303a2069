"""How an error is written down: where it happened and what kind it was, without the words that it quotes."""

import copy
import logging
import traceback
from types import TracebackType

from config.hosts import asked_host

# Where Django writes down suspicious requests, by the kind of what made them so.
_REFUSALS = "django.security."


class PlainFormatter(logging.Formatter):
    """Leaves out the messages of exceptions: PostgreSQL's quote what a reader typed.

    What is wrong with a request is no fault of ours: of that only the kind, for Django quotes the request. A host name
    that the site doesn't answer to is told, with the variable to add it to: it is a name of a site and not of a person.
    """

    def format(self, record: logging.LogRecord) -> str:
        if record.name.startswith(_REFUSALS):
            record = copy.copy(record)
            record.msg, record.args = f"Refused a request: {_reason(record)}", ()
            record.exc_info = record.exc_text = None
        elif record.levelno < logging.ERROR:
            record = copy.copy(record)
            record.exc_info = record.exc_text = None
        return super().format(record)

    def formatException(  # noqa: N802 - logging's own name
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        kind, _error, frames = ei
        return "".join(traceback.format_tb(frames)) + (kind.__name__ if kind else "")


def _reason(record: logging.LogRecord) -> str:
    kind = record.name.removeprefix(_REFUSALS)
    request = getattr(record, "request", None) if kind == "DisallowedHost" else None
    host = asked_host(request.META) if request else ""
    if not host:
        return kind
    return f"{kind}. If “{host}” is a name of this site, add it to ALLOWED_HOSTS and start the site again."
