"""Check constraints asked all at once: Django asks each in three statements, and a form has two dozen of them."""

from collections.abc import Collection, Sequence
from functools import reduce
from operator import and_
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models.functions import Coalesce


class JointChecks(models.BaseConstraint):
    """Several check constraints as one: what a row breaks of them is what it breaks of each."""

    def __init__(self, checks: Sequence[models.CheckConstraint]) -> None:
        super().__init__(name="joint_checks")
        self.checks = checks

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Collection[str] | None = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """One query for a row that breaks none. Those about an excluded field are passed over, as by Django."""
        passed_over = set(exclude or ())
        checks = [check for check in self.checks if not passed_over & models.Q(check.condition).referenced_base_fields]
        if not checks:
            return
        kept = reduce(and_, (models.Q(_keeps(check)) for check in checks))
        # A row that keeps them all breaks the opposite. Of what ends in an error Django says that it is kept.
        opposite = models.CheckConstraint(condition=~kept, name=self.name, violation_error_code=self.name)
        if self.name in [getattr(error, "code", "") for error in _errors(opposite, model, instance, exclude, using)]:
            return
        if errors := [error for check in checks for error in _errors(check, model, instance, exclude, using)]:
            raise ValidationError(errors)


def _keeps(check: models.CheckConstraint) -> Coalesce:
    """What is not known is kept, as in the database."""
    return Coalesce(check.condition, True, output_field=models.BooleanField())


def _errors(check: models.CheckConstraint, *about: Any) -> list[ValidationError]:
    try:
        check.validate(*about)
    except ValidationError as error:
        return [error]
    return []


class CheckedAtOnce(models.Model):
    """A model whose check constraints are asked in one query."""

    class Meta:
        abstract = True

    def get_constraints(self) -> list[tuple[type[models.Model], Sequence[models.BaseConstraint]]]:
        return [(model, _joined(constraints)) for model, constraints in super().get_constraints()]


def _joined(constraints: Sequence[models.BaseConstraint]) -> list[models.BaseConstraint]:
    checks = [each for each in constraints if isinstance(each, models.CheckConstraint)]
    return [JointChecks(checks), *(each for each in constraints if not isinstance(each, models.CheckConstraint))]
