"""The house rules that a machine can hold: who imports whom, what is named where, what a template may do."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

import library
from library.models.section import ANCHOR_PATTERN
from library.urls import urlpatterns
from tests.conftest import ROOT
from tests.ladder import BESIDE, LADDER, LEAVES, SIDEWAYS

PYTHON = sorted(path for folder in ("config", "library") for path in (ROOT / folder).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt", ".xml"})
STYLES = sorted((ROOT / "static").rglob("*.css"))
SCRIPTS = sorted((ROOT / "static").rglob("*.js"))


def read_all(paths: list[Path]) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def of(paths: list[Path]) -> object:
    """One test for each of these files."""
    return pytest.mark.parametrize("path", paths, ids=lambda path: str(path.relative_to(ROOT)))


# The ladder: a module imports from the rungs below its own (`tests/ladder.py`)


def member_of(module: str, names: list[str]) -> str | None:
    return next((name for name in names if module == name or module.startswith(f"{name}.")), None)


def place_of(module: str) -> tuple[int, str] | None:
    """The rung of a module, and the member of the ladder that it belongs to."""
    for rung, members in LADDER.items():
        if member := member_of(module, members):
            return rung, member
    return None


def imports_of(path: Path) -> Iterator[str]:
    """The full names that a module of ours imports from us, type checks left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        node
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test)
        for node in ast.walk(block)
    }
    package = name_of(path) if path.name == "__init__.py" else name_of(path).rpartition(".")[0]
    for node in ast.walk(tree):
        if node in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            base = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, [base, node.module]))
            yield from (f"{module}.{alias.name}" for alias in node.names)


def ours(path: Path) -> list[str]:
    return [name for name in imports_of(path) if name.split(".")[0] in {"config", "library"}]


@of(PYTHON)
def test_every_module_has_its_place(path: Path) -> None:
    module = name_of(path)

    assert place_of(module) or member_of(module, BESIDE) or module in {"config", "library"}


@of([path for path in PYTHON if place_of(name_of(path))])
def test_imports_go_down_the_ladder(path: Path) -> None:
    own_rung, own = place_of(name_of(path)) or (0, "")

    for imported in ours(path):
        found = place_of(imported)
        if found is None:
            assert imported.startswith("config.settings") is False, f"{imported}: use django.conf"
            continue
        rung, member = found
        assert rung < own_rung or member == own or (own, member) in SIDEWAYS, f"{name_of(path)} imports {imported}"


@of([path for path in PYTHON if not member_of(name_of(path), LEAVES)])
def test_nothing_imports_a_leaf(path: Path) -> None:
    assert [name for name in ours(path) if member_of(name, LEAVES)] == []


@of(PYTHON)
def test_imports_stand_at_the_top(path: Path) -> None:
    functions = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]
    inner = {
        function.name
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }

    assert inner <= ({"ready"} if path.name == "apps.py" else set())


def test_search_and_text_know_no_model() -> None:
    for name in ("pages/markdown", "search/text_query", "search/vocabulary/spelling"):
        assert [module for module in ours(ROOT / "library" / f"{name}.py") if "search" not in module] == []


def test_models_are_listed_in_their_reading_order() -> None:
    folder = ROOT / "library" / "models"
    tree = ast.parse((folder / "__init__.py").read_text())
    order = [node.module or "" for node in tree.body if isinstance(node, ast.ImportFrom)]

    for place, module in enumerate(order):
        later = {f"library.models.{name}" for name in order[place + 1 :]}
        assert not [name for name in ours(folder / f"{module}.py") if member_of(name, sorted(later))]


# Names, words and sizes


def test_the_map_names_every_package_once_and_nothing_else() -> None:
    rooms = {name_of(path).split(".")[1] for path in PYTHON if name_of(path).startswith("library.")}
    lines = re.findall(r"^(\w+)  +\w", library.__doc__ or "", re.MULTILINE)

    assert sorted(lines) == sorted(rooms)


def test_few_modules_stand_beside_the_packages() -> None:
    assert len([path for path in PYTHON if path.parent == ROOT / "library" and path.name != "__init__.py"]) <= 5


@of([path for path in PYTHON + TESTS + [ROOT / "manage.py", ROOT / "install.py"] if path.stat().st_size])
def test_every_module_says_what_it_is_for(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    if not source.startswith("# Generated by Django"):
        assert ast.get_docstring(ast.parse(source))


def test_every_model_says_what_it_is() -> None:
    for model in apps.get_app_config("library").get_models():
        if not model._meta.auto_created:
            assert model.__doc__
            assert not model.__doc__.startswith(f"{model.__name__}("), model.__name__


@of([path for path in PYTHON if path.parent.name == "commands" and path.name != "__init__.py"])
def test_every_command_says_what_it_does(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    (command,) = [node for node in tree.body if isinstance(node, ast.ClassDef)]

    assert f"`manage.py {path.stem}`" in (ast.get_docstring(tree) or "")
    assert any(isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "help" for node in command.body)
    assert len(path.read_text().splitlines()) <= 50


@of(PYTHON + TESTS + TEMPLATES + STYLES + SCRIPTS)
def test_no_file_is_too_long_to_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < 400


@of([path for path in TEMPLATES if path.suffix == ".html"])
def test_no_template_is_too_long_to_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 150


@of(PYTHON)
def test_no_function_is_too_long_to_read(path: Path) -> None:
    limit = 25 if path.parent.name == "views" else 40

    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < limit, node.name


@of(PYTHON + TESTS + TEMPLATES + STYLES + SCRIPTS)
def test_nothing_is_left_to_do(path: Path) -> None:
    assert not re.search(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b", path.read_text(encoding="utf-8"))


@of(PYTHON)
def test_no_error_is_caught_without_a_name(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None
            assert ast.unparse(node.type) not in {"Exception", "BaseException"}


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
    tests = read_all(sorted((ROOT / "tests" / "models").glob("*.py")))

    for model in apps.get_app_config("library").get_models():
        for constraint in model._meta.constraints:
            assert constraint.name in tests, constraint.name


@of([path for path in (ROOT / "library" / "views").glob("*.py") if path.name != "__init__.py"])
def test_every_view_says_what_it_answers(path: Path) -> None:
    """Of a function that a reader's request reaches, the docstring names the status."""
    exported = (ROOT / "library" / "views" / "__init__.py").read_text()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef) and f'"{node.name}"' in exported and path.stem != "errors":
            assert re.search(r"\b(200|302)\b", ast.get_docstring(node) or ""), node.name


# Templates

# Overrides of Django's own admin follow its names and its markup.
OWN_HTML = [path for path in TEMPLATES if path.suffix == ".html" and "admin" not in path.parts]
HTML = [path for path in TEMPLATES if path.suffix == ".html"]


@of([path for path in TEMPLATES if "admin" not in path.parts])
def test_every_template_is_used(path: Path) -> None:
    name = path.relative_to(ROOT / "templates").as_posix()

    assert f'"{name}"' in read_all(PYTHON + [other for other in TEMPLATES if other != path])


@of(HTML)
def test_a_template_trusts_nothing(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    assert not re.search(r"\|\s*(safe|safeseq)\b", source)
    assert "autoescape off" not in source


@of(HTML)
def test_a_template_has_nothing_inline(path: Path) -> None:
    source = path.read_text(encoding="utf-8").lower()

    assert "<style" not in source
    assert not re.search(r"<[^>]*\s(style|on[a-z]+)\s*=", source)
    for attributes in re.findall(r"<script([^>]*)>", source):
        assert 'type="application/ld+json"' in attributes or "src=" in attributes


@of(OWN_HTML)
def test_a_template_spells_no_address_of_the_site(path: Path) -> None:
    assert not re.search(r"""(href|action|src)=["']/""", path.read_text(encoding="utf-8"))


@of([path for path in OWN_HTML if path.name.startswith("_")])
def test_a_partial_begins_with_its_inputs(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]

    assert first.startswith("{# ")
    assert first.endswith(" #}")
    assert re.search(r"\b(Inputs:|No inputs)", first)


@of(OWN_HTML)
def test_a_template_includes_partials_and_gives_them_what_they_need(path: Path) -> None:
    for tag in re.findall(r"{%\s*include\s+(.*?)\s*%}", path.read_text(encoding="utf-8")):
        name = re.match(r'"(?:[\w-]+/)*(_\w+\.html)"', tag)
        assert name, f"{tag} is no partial"
        assert tag.endswith(" only"), tag


@of([path for path in OWN_HTML if path.parent == ROOT / "templates" / "library" or path.parent == ROOT / "templates"])
def test_a_page_extends_the_base_and_nothing_deeper(path: Path) -> None:
    if path.name.startswith(("_", "base")):
        return
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first in {'{% extends "base.html" %}', '{% extends "base_without_database.html" %}'}


@of(OWN_HTML)
def test_no_id_of_the_layout_can_be_an_anchor(path: Path) -> None:
    for identifier in re.findall(r'\sid="([^"]*)"', path.read_text(encoding="utf-8")):
        literal = re.sub(r"{{.*?}}", "", identifier)
        if literal:
            assert "_" in literal, identifier
            assert not re.match(ANCHOR_PATTERN, literal)


def test_no_class_of_the_stylesheet_stands_in_python() -> None:
    classes = {name for name in re.findall(r"\.(-?[a-z][\w-]*)", read_all(STYLES)) if "-" in name}
    addresses = {pattern.name for pattern in urlpatterns}

    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert node.value not in classes - addresses, f"{path.name}: {node.value}"
                assert not re.search(r"""\bclass=["']""", node.value), f"{path.name}: {node.value}"
