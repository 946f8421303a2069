"""A page as a reader's browser understands it: elements, their words, what they link to. For tests."""

from collections.abc import Iterator
from functools import cached_property
from html.parser import HTMLParser
from typing import Any

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Element:
    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.parts: list[Element | str] = []

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def get(self, name: str) -> str | None:
        return self.attributes.get(name)

    @cached_property
    def descendants(self) -> list["Element"]:
        """All elements in it, in their order; to be asked once the page is read."""
        found, waiting = [], [self]
        while waiting:
            found.append(waiting.pop())
            waiting += [part for part in reversed(found[-1].parts) if isinstance(part, Element)]
        return found[1:]

    def all(self, *tags: str, **attributes: str) -> list["Element"]:
        """The elements in it of these tags with these attributes; `class_` holds one class among others."""
        wanted_class = attributes.pop("class_", None)
        return [
            element
            for element in self.descendants
            if (not tags or element.tag in tags)
            and all(element.get(name) == value for name, value in attributes.items())
            and (wanted_class is None or wanted_class in (element.get("class") or "").split())
        ]

    def one(self, *tags: str, **attributes: str) -> "Element":
        matches = self.all(*tags, **attributes)
        assert len(matches) == 1, f"{len(matches)} of {tags} {attributes}"
        return matches[0]

    @property
    def words(self) -> str:
        """Its text, with single spaces; of scripts and styles, nothing."""
        return " ".join("".join(self._texts()).split())

    @property
    def source(self) -> str:
        """The raw text of a script."""
        return "".join(part for part in self.parts if isinstance(part, str))

    def _texts(self) -> Iterator[str]:
        for part in self.parts:
            if isinstance(part, str):
                yield part
            elif part.tag not in {"script", "style", "template"}:
                yield from part._texts()
                if part.tag not in {"a", "span", "strong", "em", "time"}:
                    yield " "


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Element("", {})
        self.open = [self.page]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attributes})
        self.open[-1].parts.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].parts.append(data)


def read(html: bytes | str) -> Element:
    """The page; fails where an element is closed that is not open."""
    reader = _Reader()
    reader.feed(html.decode() if isinstance(html, bytes) else html)
    reader.close()
    assert len(reader.open) == 1, f"never closed: {[element.tag for element in reader.open[1:]]}"
    return reader.page


def fields_of(form: Element) -> dict[str, Any]:
    """What a browser sends of a form to which nobody has done anything."""
    data: dict[str, Any] = {}
    for field in form.all("input", "textarea", "select"):
        name, kind = field.get("name"), field.get("type")
        if not name or kind == "submit" or (kind in {"checkbox", "radio"} and field.get("checked") is None):
            continue
        if field.tag == "select":
            chosen = [option.get("value") or "" for option in field.all("option") if option.get("selected") is not None]
            data[name] = chosen if field.get("multiple") is not None else (chosen or [""])[0]
        elif field.tag == "textarea":
            data[name] = field.source.removeprefix("\n")
        else:
            unsaid = "on" if kind == "checkbox" else ""  # what a browser sends of a box without a value
            data[name] = field.get("value") or unsaid
    return data
