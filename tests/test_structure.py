"""The house rules that a machine can hold: who imports whom, what is named where.

Each test looks at every file that its rule is about, and names all that break it.
"""

import ast
import functools
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

import library
from library.urls import urlpatterns
from tests.conftest import ROOT
from tests.ladder import BESIDE, LADDER, LEAVES, SIDEWAYS
from tests.sources import (
    HTML,
    PYTHON,
    SCRIPTS,
    STYLES,
    TEMPLATES,
    TESTS,
    assert_none,
    at,
    lines_of,
    name_of,
    nodes_of,
    read_all,
    text_of,
    tree_of,
)

# The ladder: a module imports from the rungs below its own (`tests/ladder.py`)


def member_of(module: str, names: list[str]) -> str | None:
    return next((name for name in names if module == name or module.startswith(f"{name}.")), None)


@functools.cache
def place_of(module: str) -> tuple[int, str] | None:
    """The rung of a module, and the member of the ladder that it belongs to."""
    for rung, members in LADDER.items():
        if member := member_of(module, members):
            return rung, member
    return None


def imports_of(path: Path) -> Iterator[str]:
    """The full names that a module of ours imports from us, type checks left out."""
    for_types = {
        node
        for block in nodes_of(path)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test)
        for node in ast.walk(block)
    }
    package = name_of(path) if path.name == "__init__.py" else name_of(path).rpartition(".")[0]
    for node in nodes_of(path):
        if node in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            base = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, [base, node.module]))
            yield from (f"{module}.{alias.name}" for alias in node.names)


@functools.cache
def ours(path: Path) -> list[str]:
    return [name for name in imports_of(path) if name.split(".")[0] in {"config", "library"}]


def may_import(module: str, imported: str) -> bool:
    """`config.settings` is read through `django.conf`."""
    place, (own_rung, own) = place_of(imported), place_of(module) or (0, "")
    if place is None:
        return not imported.startswith("config.settings")
    rung, member = place
    return rung < own_rung or member == own or (own, member) in SIDEWAYS


def test_the_configuration_knows_nothing_of_the_library() -> None:
    """Settings and addresses name it in strings, which Django imports."""
    assert_none(
        f"{name_of(path)} imports {name}"
        for path in PYTHON
        if path.is_relative_to(ROOT / "config")
        for name in ours(path)
        if name.split(".")[0] == "library"
    )


def test_every_module_has_its_place() -> None:
    modules = [name_of(path) for path in PYTHON]

    assert_none(
        module
        for module in modules
        if not (place_of(module) or member_of(module, BESIDE) or module in {"config", "library"})
    )


def test_imports_go_down_the_ladder() -> None:
    assert_none(
        f"{name_of(path)} imports {imported}"
        for path in PYTHON
        if place_of(name_of(path))
        for imported in ours(path)
        if not may_import(name_of(path), imported)
    )


def test_nothing_imports_a_leaf() -> None:
    assert_none(
        f"{name_of(path)} imports {imported}"
        for path in PYTHON
        if not member_of(name_of(path), LEAVES)
        for imported in ours(path)
        if member_of(imported, LEAVES)
    )


# How facets are kept: the tables are known to the models and to the package that counts in them.
INDEX = "library.search.index"
INDEX_TABLES = {"FacetBlock", "PendingChange", "Edit"}


def test_nothing_knows_how_the_index_of_facets_is_kept() -> None:
    inner = {name_of(path) for path in PYTHON if name_of(path).startswith(f"{INDEX}.")}
    outside = [path for path in PYTHON if not member_of(name_of(path), [INDEX, "library.models", "library.migrations"])]

    assert_none(
        f"{name_of(path)} imports {imported}"
        for path in outside
        for imported in ours(path)
        if member_of(imported, sorted(inner)) or imported.removeprefix("library.models.") in INDEX_TABLES
    )
    assert_none(at(path) for path in outside if re.search(r"library_(facetblock|change|edit)\b", text_of(path)))


def test_imports_stand_at_the_top() -> None:
    assert_none(
        f"{at(path)}: {function.name}"
        for path in PYTHON
        for function in nodes_of(path)
        if isinstance(function, ast.FunctionDef)
        if not (path.name == "apps.py" and function.name == "ready")
        if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(function))
    )


def test_search_and_text_know_no_model() -> None:
    for name in ("pages/markdown", "search/text_query", "search/vocabulary/spelling"):
        assert [module for module in ours(ROOT / "library" / f"{name}.py") if "search" not in module] == []


def test_models_are_listed_in_their_reading_order() -> None:
    folder = ROOT / "library" / "models"
    order = [node.module or "" for node in tree_of(folder / "__init__.py").body if isinstance(node, ast.ImportFrom)]

    for place, module in enumerate(order):
        later = {f"library.models.{name}" for name in order[place + 1 :]}
        files = [folder / f"{module}.py", *(folder / module).glob("*.py")]
        assert not [name for file in files if file.exists() for name in ours(file) if member_of(name, sorted(later))]


# Names, words and sizes


def test_the_map_names_every_package_once_and_nothing_else() -> None:
    rooms = {name_of(path).split(".")[1] for path in PYTHON if name_of(path).startswith("library.")}
    lines = re.findall(r"^(\w+)  +\w", library.__doc__ or "", re.MULTILINE)

    assert sorted(lines) == sorted(rooms)


# Django finds them by these names.
_DJANGOS = {"Command", "register", "urlpatterns"}


def names_defined_in(path: Path) -> Iterator[str]:
    """The public names that a module defines at its top: classes, functions, constants and types."""
    for node in tree_of(path).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name))


def test_every_public_name_is_defined_once() -> None:
    modules = [path for path in PYTHON if "migrations" not in path.parts]
    defined = Counter(name for path in modules for name in set(names_defined_in(path)) if name[0] != "_")

    assert {name for name, times in defined.items() if times > 1} <= _DJANGOS


def test_few_modules_stand_beside_the_packages() -> None:
    assert len([path for path in PYTHON if path.parent == ROOT / "library" and path.name != "__init__.py"]) <= 5


def test_every_module_says_what_it_is_for() -> None:
    modules = [path for path in [*PYTHON, *TESTS, ROOT / "manage.py", ROOT / "install.py"] if text_of(path)]

    assert_none(
        at(path)
        for path in modules
        if not text_of(path).startswith("# Generated by Django") and not ast.get_docstring(tree_of(path))
    )


def test_every_model_says_what_it_is() -> None:
    for model in apps.get_app_config("library").get_models():
        if not model._meta.auto_created:
            assert model.__doc__
            assert not model.__doc__.startswith(f"{model.__name__}("), model.__name__


def test_every_command_says_what_it_does() -> None:
    for path in PYTHON:
        if path.parent.name != "commands" or path.name == "__init__.py":
            continue
        (command,) = [node for node in tree_of(path).body if isinstance(node, ast.ClassDef)]
        has_help = any(isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "help" for node in command.body)
        assert has_help, at(path)
        assert f"`manage.py {path.stem}`" in (ast.get_docstring(tree_of(path)) or ""), at(path)
        assert len(lines_of(path)) <= 50, at(path)


def test_no_file_is_too_long_to_read() -> None:
    generated = "# Generated by Django"
    files = [path for path in PYTHON if not text_of(path).startswith(generated)] + TESTS + TEMPLATES + STYLES + SCRIPTS

    assert_none(at(path) for path in files if len(lines_of(path)) >= 400)
    assert_none(at(path) for path in HTML if len(lines_of(path)) > 150)


def test_no_function_is_too_long_to_read() -> None:
    assert_none(
        f"{at(path)}: {node.name}"
        for path in PYTHON
        for node in nodes_of(path)
        if isinstance(node, ast.FunctionDef)
        if (node.end_lineno or 0) - node.lineno >= (25 if path.parent.name == "views" else 40)
    )


def test_nothing_is_left_to_do() -> None:
    files = PYTHON + TESTS + TEMPLATES + STYLES + SCRIPTS

    assert_none(at(path) for path in files if re.search(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b", text_of(path)))


def test_no_error_is_caught_without_a_name() -> None:
    assert_none(
        f"{at(path)}:{node.lineno}"
        for path in PYTHON
        for node in nodes_of(path)
        if isinstance(node, ast.ExceptHandler)
        if node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"}
    )


def test_the_short_name_of_a_translation_is_the_lazy_one() -> None:
    for path in PYTHON:
        for node in tree_of(path).body:
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
                names = {(alias.name, alias.asname or alias.name) for alias in node.names}
                own = {(name, name) for name, _known_as in names if name != "gettext_lazy"}
                assert names - own <= {("gettext_lazy", "_")}, at(path)


# What is tested


def test_every_address_is_spelled_in_a_test() -> None:
    tests = read_all(TESTS)

    for pattern in urlpatterns:
        address = "/" + str(pattern.pattern)
        spelled = "".join(
            r"[^/\"'{%<]+" if part.startswith("<") else re.escape(part) for part in re.split(r"(<[^>]+>)", address)
        )
        assert re.search(rf"""["']{spelled}["'?#]""", tests), address


def test_every_constraint_has_a_test() -> None:
    tests = read_all(sorted((ROOT / "tests" / "models").rglob("*.py")))

    for model in apps.get_app_config("library").get_models():
        for constraint in model._meta.constraints:
            assert constraint.name in tests, constraint.name


def test_every_view_says_what_it_answers() -> None:
    """Of a function that a reader's request reaches, the docstring names the status."""
    folder = ROOT / "library" / "views"
    exported = text_of(folder / "__init__.py")

    assert_none(
        f"{at(path)}: {node.name}"
        for path in sorted(folder.glob("*.py"))
        if path.stem not in {"__init__", "errors"}
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef) and f'"{node.name}"' in exported
        if not re.search(r"\b(200|302)\b", ast.get_docstring(node) or "")
    )
