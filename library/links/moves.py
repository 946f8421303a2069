"""What many moves of a host have in common, so that an address whose owner forgot to redirect it can be guessed.

Nothing is believed of a guess: it is looked at as any other link before anybody sees it. No models.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

LEAST_MOVES = 3
_LEAST_SHARE = 0.8
_SUFFIX = re.compile(r"(?:\.(?:aspx?|html?|php|jsp|cfm)|/)$", re.IGNORECASE)


@dataclass(frozen=True)
class MoveRule:
    """The new address has another host and, in its path, `after` for `before`: at the start, as a folder, at the end.

    Without either, the path stays as it is.
    """

    scheme: str
    host: str
    kind: str = "same"  # or "start", "folder", "end"
    before: str = ""
    after: str = ""

    def new_address(self, address: str) -> str:
        """Where the address would be by this rule; empty where it says nothing of it."""
        parts = urlsplit(address)
        path = self._new_path(parts.path)
        return urlunsplit((self.scheme, self.host, path, parts.query, "")) if path is not None else ""

    def _new_path(self, path: str) -> str | None:
        match self.kind:
            case "start" if path.startswith(f"{self.before}/"):
                return self.after + path.removeprefix(self.before)
            case "folder" if f"/{self.before}/" in path:
                return path.replace(f"/{self.before}/", f"/{self.after}/", 1)
            case "end" if path.endswith(self.before):
                return path.removesuffix(self.before) + self.after
            case "same":
                return path
        return None


def rule_of(moves: Sequence[tuple[str, str]]) -> MoveRule | None:
    """The rule that four of five of these moves obey, old and new address each; None where there is none, or too few.

    All of them lead from one host to one other.
    """
    if len(moves) < LEAST_MOVES:
        return None
    counts = Counter(rule for move in moves for rule in set(_rules(*move)))
    obeyed = {rule: sum(rule.new_address(old) == new for old, new in moves) for rule, _count in counts.most_common(20)}
    best = max(obeyed, key=lambda rule: (obeyed[rule], rule.kind == "same", len(rule.before)), default=None)
    return best if best is not None and obeyed[best] >= max(LEAST_MOVES, _LEAST_SHARE * len(moves)) else None


def _rules(old: str, new: str) -> Iterator[MoveRule]:
    """Those that this move would obey, but for what happens to its query."""
    was, now = urlsplit(old), urlsplit(new)
    place = now.scheme, now.netloc
    if was.path == now.path:
        yield MoveRule(*place)
        return
    before, after = was.path.split("/"), now.path.split("/")
    differing = [pair for pair in zip(before, after, strict=False) if pair[0] != pair[1]]
    if len(before) == len(after) and len(differing) == 1 and differing[0][0] != before[-1]:
        yield MoveRule(*place, "folder", *differing[0])
    while before and after and before[-1] == after[-1]:
        before.pop()
        after.pop()
    if "/".join(before) != was.path:
        yield MoveRule(*place, "start", "/".join(before), "/".join(after))
    was_end, now_end = _SUFFIX.search(was.path), _SUFFIX.search(now.path)
    if was.path[: was_end.start() if was_end else None] == now.path[: now_end.start() if now_end else None]:
        yield MoveRule(*place, "end", was_end[0] if was_end else "", now_end[0] if now_end else "")
