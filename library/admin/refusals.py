"""What the database or another row refused, in words for the person who asked."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import DataError, IntegrityError, OperationalError
from django.db.models import Model, ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from library.history.bringing_back import CannotBringBack
from library.second_person import CannotDecide

# PostgreSQL's code for a statement that ran out of time.
_QUERY_CANCELED = "57014"
# These say for people why.
_OURS = (CannotBringBack, CannotDecide)
# Also raised by the triggers. A row that another curator has removed meanwhile is one, too.
REFUSALS = (*_OURS, IntegrityError, DataError, ProtectedError, RestrictedError, ObjectDoesNotExist)


def words_for(error: Exception, model: type[Model]) -> str:
    """Why it could not be done: the constraint's own words, or the trigger's, or what is most likely."""
    if isinstance(error, _OURS):
        return str(error)
    if isinstance(error, ProtectedError | RestrictedError):
        return _("Other entries still use it. Change those first.")
    if isinstance(error, DataError):
        return _("A value is longer or larger than the library can keep. Nothing was changed.")
    told: Any = getattr(error.__cause__, "diag", None)
    name = getattr(told, "constraint_name", None)
    for constraint in model._meta.constraints:
        if name and constraint.name == name:
            return str(constraint.get_violation_error_message())
    # A `RAISE EXCEPTION` of our triggers has no constraint's name, and is written for people.
    if told is not None and name is None and getattr(told, "source_function", "") == "exec_stmt_raise":
        return str(told.message_primary)
    return _("Somebody changed or removed something that this needs at the same moment. Look at it again and repeat.")


def took_too_long(error: OperationalError) -> bool:
    """Whether the database answers, and only this question was too much for it."""
    return bool(getattr(error.__cause__, "pgcode", None) == _QUERY_CANCELED)
