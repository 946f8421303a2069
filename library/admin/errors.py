"""What the database or another row refused, in words for the person who asked."""

from django.core.exceptions import ObjectDoesNotExist
from django.db import DataError, IntegrityError, OperationalError
from django.db.models import Model, ProtectedError, RestrictedError
from django.utils.translation import gettext

from library.db.constraints import CONCURRENT_CHANGE, constraint_text
from library.help_lines.approval import CannotDecide
from library.history.restore import RestoreError

# PostgreSQL's codes of a statement that ran out of time, and of a wait for a lock that did.
_OUT_OF_TIME = frozenset({"57014", "55P03"})
# These say for people why.
_OURS = (RestoreError, CannotDecide)
# Also raised by the triggers. A row that another curator has removed meanwhile is one, too, and so is a wait that was
# too long; of another operational error `error_text` has no text.
REFUSALS = (
    *_OURS,
    IntegrityError,
    DataError,
    ProtectedError,
    RestrictedError,
    ObjectDoesNotExist,
    OperationalError,
)


def error_text(error: Exception, model: type[Model]) -> str:
    """Why it could not be done: the constraint's own words, or the trigger's, or what is most likely.

    Raises the error again where that is a database that does not answer.
    """
    if isinstance(error, _OURS):
        return str(error)
    if isinstance(error, OperationalError):
        if not is_timeout(error):
            raise error
        return gettext("That took too long, maybe because an import is running. Try again in a minute.")
    if isinstance(error, ProtectedError | RestrictedError):
        return gettext("Other entries still use it. Change those first.")
    if isinstance(error, DataError):
        return gettext("Something you entered is too long or too large to save. Nothing was changed.")
    return constraint_text(error, model) or str(CONCURRENT_CHANGE)


def is_timeout(error: OperationalError) -> bool:
    """Whether the database answers, and only this question was too much for it."""
    return bool(getattr(error.__cause__, "pgcode", None) in _OUT_OF_TIME)
