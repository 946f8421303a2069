"""The admin is put together from functions that get values: nothing is left on a request, or taken over from Django."""

import ast
import inspect
from pathlib import Path

import pytest
from django.contrib import admin

from library.admin.resources.resource_admin import ResourceAdmin
from tests.conftest import ROOT

MODULES = sorted((ROOT / "library" / "admin").rglob("*.py"))


def ours(owner: type) -> list[str]:
    return [base.__name__ for base in inspect.getmro(owner) if base.__module__.startswith("library.")]


def test_the_admin_of_resources_has_one_base_of_ours() -> None:
    assert ours(ResourceAdmin) == ["ResourceAdmin", "CuratedAdmin"]


def test_every_admin_has_at_most_two_bases_of_ours() -> None:
    for owner in admin.site._registry.values():
        assert len(ours(type(owner))) <= 3, owner


def test_no_private_method_of_django_is_overridden() -> None:
    private = {name for name in dir(admin.ModelAdmin) if name.startswith("_") and not name.startswith("__")}

    for owner in admin.site._registry.values():
        for base in inspect.getmro(type(owner)):
            if base.__module__.startswith("library."):
                assert not private & vars(base).keys(), base


def test_forms_are_made_once_for_each_admin() -> None:
    for owner in admin.site._registry.values():
        assert owner.get_form(None) is owner.get_form(None), owner  # type: ignore[arg-type]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_is_left_on_a_request(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets += [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else []
        written = [ast.unparse(target) for target in targets if isinstance(target, ast.Attribute)]
        assert [target for target in written if target.startswith(("request.", "asked.request."))] == []
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "setattr":
            assert not ast.unparse(node.args[0]).endswith("request")


def test_each_public_name_of_the_admin_is_defined_once() -> None:
    defined: dict[str, list[str]] = {}
    for path in MODULES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            names = [node.name] if isinstance(node, ast.ClassDef | ast.FunctionDef) else []
            if isinstance(node, ast.Assign):
                names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            for name in names:
                if not name.startswith("_"):
                    defined.setdefault(name, []).append(str(path.relative_to(ROOT)))

    assert {name: paths for name, paths in defined.items() if len(paths) > 1} == {}
