"""Querysets that Django puts into SQL once in a process: for the pages that readers wait for.

Building a queryset and its SQL takes longer than most of these statements. What differs from one request to the next
is a parameter with a name.
"""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from itertools import islice
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet

# The stand-in for a moment.
NOW = datetime(1, 1, 1, tzinfo=UTC)


class Prepared:
    """The statement of the queryset that `build` makes of the stand-ins.

    A stand-in is a value of the parameter's type that nothing else in the statement has, such as `now=NOW`. The
    statement is made at the first use, when the models are loaded.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], **stand_ins: Any) -> None:
        self.build = build
        self.stand_ins = stand_ins

    @cached_property
    def statement(self) -> tuple[str, dict[str, Any]]:
        """SQL with `%(name)s` for each stand-in, and the values of all other parameters by their names in it."""
        sql, values = self.build(**self.stand_ins).query.sql_with_params()
        names = {value: name for name, value in self.stand_ins.items()}
        others: dict[str, Any] = {}
        places = []
        for value in values:
            name = names.get(value) if isinstance(value, Hashable) else None
            if name is None:
                name = f"fixed_{len(others)}"
                others[name] = value
            places.append(f"%({name})s")
        return sql.replace("%%", "%%%%") % tuple(places), others

    def rows(self, **parameters: Any) -> list[tuple[Any, ...]]:
        """What the statement finds. Costs one query."""
        sql, others = self.statement
        return fetch_rows(sql, others | parameters)

    def part(self, part: slice, **parameters: Any) -> list[tuple[Any, ...]]:
        """The same, but only these of them, by their places."""
        sql, others = self.statement
        places = {"first": part.start, "number": part.stop - part.start}
        return fetch_rows(f"{sql} LIMIT %(number)s OFFSET %(first)s", others | parameters | places)


class PreparedInstances:
    """The same, as instances of the model, each with what it is related to by one of `relations`.

    They come with all their fields but those `without`, and with the annotations named in `extra`.
    """

    def __init__(
        self,
        build: Callable[..., QuerySet[Any, Any]],
        *,
        relations: Sequence[str] = (),
        without: Collection[str] = (),
        extra: Sequence[str] = (),
        **stand_ins: Any,
    ) -> None:
        self.build, self.stand_ins = build, stand_ins
        self.relations, self.without, self.extra = relations, without, extra

    @cached_property
    def _model(self) -> type[Model]:
        model: type[Model] = self.build(**self.stand_ins).model
        return model

    @cached_property
    def _parts(self) -> list[tuple[str, type[Model], list[str]]]:
        """Of the row and of each relation: its name, its model, its fields."""
        models: dict[str, Any] = {"": self._model}
        models |= {name: self._model._meta.get_field(name).related_model for name in self.relations}
        return [
            (name, model, [field.attname for field in model._meta.concrete_fields if field.name not in self.without])
            for name, model in models.items()
        ]

    @cached_property
    def _prepared(self) -> Prepared:
        columns = [f"{name}__{field}" if name else field for name, _model, names in self._parts for field in names]
        return Prepared(lambda **named: self.build(**named).values_list(*columns, *self.extra), **self.stand_ins)

    def rows(self, **parameters: Any) -> list[Any]:
        """The instances. Costs one query."""
        return [self._instance(values) for values in self._prepared.rows(**parameters)]

    def _instance(self, values: tuple[Any, ...]) -> Any:
        rest = iter(values)
        made: dict[str, Any] = {}
        for name, model, names in self._parts:
            of_model = list(islice(rest, len(names)))
            is_there = of_model[0] is not None
            made[name] = model.from_db(DEFAULT_DB_ALIAS, names, of_model) if is_there else None
        instance = made.pop("")
        for name, related in made.items():
            field: Any = self._model._meta.get_field(name)
            field.set_cached_value(instance, related)
        for name, value in zip(self.extra, rest, strict=True):
            setattr(instance, name, value)
        return instance


def fetch_rows(sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
