"""The files that the house rules are about, each read and parsed once."""

import ast
import functools
from collections.abc import Iterable
from pathlib import Path

from tests.conftest import ROOT

PYTHON = sorted(path for folder in ("config", "library") for path in (ROOT / folder).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt", ".xml"})
STYLES = sorted((ROOT / "static").rglob("*.css"))
SCRIPTS = sorted((ROOT / "static").rglob("*.js"))
# Overrides of Django's own admin follow its names and its markup.
HTML = [path for path in TEMPLATES if path.suffix == ".html"]
OWN_HTML = [path for path in HTML if "admin" not in path.parts]


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
    listed = list(offenders)
    assert not listed, "\n".join(listed)
