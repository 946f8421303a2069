"""The house rules that a machine can hold: who imports whom, what is named where, what a template may do.

Each test looks at every file that its rule is about, and names all that break it.
"""

import ast
import functools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

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


@functools.cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@functools.cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path))


@functools.cache
def nodes_of(path: Path) -> list[ast.AST]:
    return list(ast.walk(tree_of(path)))


def lines_of(path: Path) -> list[str]:
    return text_of(path).splitlines()


def read_all(paths: list[Path]) -> str:
    return "\n".join(map(text_of, paths))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def at(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def assert_none(offenders: Iterable[str]) -> None:
    found = list(offenders)
    assert not found, "\n".join(found)


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
    found, (own_rung, own) = place_of(imported), place_of(module) or (0, "")
    if found is None:
        return not imported.startswith("config.settings")
    rung, member = found
    return rung < own_rung or member == own or (own, member) in SIDEWAYS


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
        assert not [name for name in ours(folder / f"{module}.py") if member_of(name, sorted(later))]


# Names, words and sizes


def test_the_map_names_every_package_once_and_nothing_else() -> None:
    rooms = {name_of(path).split(".")[1] for path in PYTHON if name_of(path).startswith("library.")}
    lines = re.findall(r"^(\w+)  +\w", library.__doc__ or "", re.MULTILINE)

    assert sorted(lines) == sorted(rooms)


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
        said = any(isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "help" for node in command.body)
        assert said, at(path)
        assert f"`manage.py {path.stem}`" in (ast.get_docstring(tree_of(path)) or ""), at(path)
        assert len(lines_of(path)) <= 50, at(path)


def test_no_file_is_too_long_to_read() -> None:
    files = PYTHON + TESTS + TEMPLATES + STYLES + SCRIPTS

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
    tests = read_all(sorted((ROOT / "tests" / "models").glob("*.py")))

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


# Templates

# Overrides of Django's own admin follow its names and its markup.
HTML = [path for path in TEMPLATES if path.suffix == ".html"]
OWN_HTML = [path for path in HTML if "admin" not in path.parts]


def test_every_template_is_used() -> None:
    code = read_all(PYTHON)

    for path in TEMPLATES:
        if "admin" not in path.parts:
            quoted = f'"{path.relative_to(ROOT / "templates").as_posix()}"'
            others = (other for other in TEMPLATES if other != path)
            assert quoted in code or any(quoted in text_of(other) for other in others), at(path)


def test_a_template_trusts_nothing() -> None:
    trusting = re.compile(r"\|\s*(safe|safeseq)\b|autoescape off")

    assert_none(at(path) for path in HTML if trusting.search(text_of(path)))


def test_a_template_has_nothing_inline() -> None:
    for path in HTML:
        source = text_of(path).lower()
        assert "<style" not in source, at(path)
        assert not re.search(r"<[^>]*\s(style|on[a-z]+)\s*=", source), at(path)
        for attributes in re.findall(r"<script([^>]*)>", source):
            assert 'type="application/ld+json"' in attributes or "src=" in attributes, at(path)


def test_a_template_spells_no_address_of_the_site() -> None:
    assert_none(at(path) for path in OWN_HTML if re.search(r"""(href|action|src)=["']/""", text_of(path)))


def test_a_partial_begins_with_its_inputs() -> None:
    opening = re.compile(r"\{# .*\b(Inputs:|No inputs).* #\}")

    assert_none(at(path) for path in OWN_HTML if path.name.startswith("_") and not opening.fullmatch(lines_of(path)[0]))


def test_a_template_includes_partials_and_gives_them_what_they_need() -> None:
    for path in OWN_HTML:
        for tag in re.findall(r"{%\s*include\s+(.*?)\s*%}", text_of(path)):
            assert re.match(r'"(?:[\w-]+/)*(_\w+\.html)"', tag), f"{at(path)}: {tag} is no partial"
            assert tag.endswith(" only"), f"{at(path)}: {tag}"


def test_a_page_extends_the_base_and_nothing_deeper() -> None:
    folders = {ROOT / "templates" / "library", ROOT / "templates"}
    pages = [path for path in OWN_HTML if path.parent in folders and not path.name.startswith(("_", "base"))]
    bases = {'{% extends "base.html" %}', '{% extends "base_without_database.html" %}'}

    assert_none(at(path) for path in pages if lines_of(path)[0] not in bases)


def test_no_id_of_the_layout_can_be_an_anchor() -> None:
    for path in OWN_HTML:
        for identifier in re.findall(r'\sid="([^"]*)"', text_of(path)):
            literal = re.sub(r"{{.*?}}", "", identifier)
            if literal:
                assert "_" in literal, f"{at(path)}: {identifier}"
                assert not re.match(ANCHOR_PATTERN, literal), f"{at(path)}: {identifier}"


def test_no_class_of_the_stylesheet_stands_in_python() -> None:
    classes = {name for name in re.findall(r"\.(-?[a-z][\w-]*)", read_all(STYLES)) if "-" in name}
    classes -= {pattern.name for pattern in urlpatterns}
    in_markup = re.compile(r"""\bclass=["']""")

    assert_none(
        f"{at(path)}: {node.value}"
        for path in PYTHON
        for node in nodes_of(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if node.value in classes or in_markup.search(node.value)
    )
