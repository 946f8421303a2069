"""What a template may do, and what it is called.

Each test looks at every file that its rule is about, and names all that break it.
"""

import ast
import re

from library.models.resource.kinds import Kind
from library.models.slugs import ANCHOR_PATTERN
from library.urls import urlpatterns
from tests.conftest import ROOT
from tests.sources import (
    HTML,
    OWN_HTML,
    PYTHON,
    STYLES,
    TEMPLATES,
    assert_none,
    at,
    lines_of,
    nodes_of,
    read_all,
    text_of,
)


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

    assert_none(at(path) for path in HTML if path.name.startswith("_") and not opening.fullmatch(lines_of(path)[0]))


def test_a_template_includes_partials_and_gives_them_what_they_need() -> None:
    for path in HTML:
        for tag in re.findall(r"{%\s*include\s+(.*?)\s*%}", text_of(path)):
            assert re.match(r'"(?:[\w-]+/)*(_\w+\.html)"', tag), f"{at(path)}: {tag} is no partial"
            assert tag.endswith(" only"), f"{at(path)}: {tag}"


def test_no_line_of_a_template_is_too_long_to_review() -> None:
    assert_none(f"{at(path)}: {line}" for path in TEMPLATES for line in lines_of(path) if len(line) > 120)


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


def test_icons_are_small_and_each_is_used() -> None:
    drawn = re.search(r"<svg hidden>.*?</svg>", text_of(ROOT / "templates" / "base.html"), re.DOTALL)
    assert drawn
    assert len(drawn[0].encode()) <= 2_000
    names = re.findall(r'<symbol id="icon_(\w+)" viewBox="0 0 24 24">\s*<path d="[^"]+"/></symbol>', drawn[0])
    assert len(names) == drawn[0].count("<symbol") == drawn[0].count("<path")

    actions = {name for path in HTML for name in re.findall(r'_icon\.html" with name="(\w+)"', text_of(path))}
    assert sorted(names) == sorted([*Kind.values, *actions])


def test_icons_are_not_read_out() -> None:
    assert_none(
        f"{at(path)}: {tag}"
        for path in HTML
        for tag in re.findall(r"<svg[^>]*>", text_of(path))
        if not (tag == "<svg hidden>" or 'aria-hidden="true"' in tag)
    )


def test_classes_of_the_stylesheet_stand_in_one_module_of_python_at_most() -> None:
    classes = {name for name in re.findall(r"\.(-?[a-z][\w-]*)", read_all(STYLES)) if "-" in name}
    classes -= {pattern.name for pattern in urlpatterns}
    in_markup = re.compile(r"""\bclass=["']""")

    assert_none(
        f"{at(path)}: {node.value}"
        for path in PYTHON
        if at(path) != "library/pages/markup.py"  # what stands on a page dozens of times
        for node in nodes_of(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if node.value in classes or in_markup.search(node.value)
    )
