"""What the database refused, in the words that a rule of ours has for people."""

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

# What is most likely where no rule of ours was met.
CONCURRENT_CHANGE = _("Someone changed or removed something this needs at the same moment. Check it and try again.")


def constraint_text(error: Exception, model: type[Model]) -> str:
    """The sentence of the constraint of this model, or of the trigger, that was met; empty for any other reason."""
    diagnostics: Any = getattr(error.__cause__, "diag", None)
    name = getattr(diagnostics, "constraint_name", None)
    for constraint in model._meta.constraints:
        if name and constraint.name == name:
            return str(constraint.get_violation_error_message())
    # A `RAISE EXCEPTION` of our triggers has no constraint's name, and is written for people.
    if diagnostics is not None and name is None and getattr(diagnostics, "source_function", "") == "exec_stmt_raise":
        return str(diagnostics.message_primary)
    return ""
