"""Three-way merge of a page's or a document's text: by paragraph, by front-matter key, by entry of a list. Pure.

What one side alone changed is taken; what both changed differently is a conflict, with all three texts, and nothing is
dropped. Rows of a table and items of a list count as paragraphs of their own.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from merge3 import Merge3

from guide.pages import syntax

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_OWN_LINE = re.compile(r"^\s*\||^#{1,6}\s|^\s*(?:[-*+]|\d+[.)])\s")  # a table row, a heading, the first line of an item
_KEY = re.compile(r"^([\w-]+)\s*:")
_NAME = re.compile(r"""(?:^-\s+|^\s+|[{,]\s*)(?:id|key):\s*["']?([\w.-]+)""", re.MULTILINE)


@dataclass(frozen=True)
class Part:
    """A piece of a merge. In a conflict `text` is empty and the three texts differ; else they are empty."""

    text: str = ""
    base: str = ""
    ours: str = ""
    theirs: str = ""
    is_conflict: bool = False


@dataclass(frozen=True)
class Merge:
    """What came of merging; `text` is whole only where `is_clean`."""

    parts: tuple[Part, ...]

    @property
    def is_clean(self) -> bool:
        return not any(part.is_conflict for part in self.parts)

    @property
    def text(self) -> str:
        """The merged text; where the two sides differ, ours."""
        return "".join(part.ours if part.is_conflict else part.text for part in self.parts)

    @property
    def marked(self) -> str:
        """The merged text with both sides of each conflict one after the other, marked as git marks them."""
        return "".join(_marked(part) if part.is_conflict else part.text for part in self.parts)

    @property
    def conflicts(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.is_conflict)


def merge(base: str, ours: str, theirs: str) -> Merge:
    """Merge two texts that both come from `base`: the front matter by key, what stands below by paragraph."""
    if (quick := _quick(base, ours, theirs)) is not None:
        return Merge((Part(quick),))
    heads = [_split(text) for text in (base, ours, theirs)]
    if not all(head for head, _ in heads):
        return Merge(tuple(_sequence(*(list(_paragraphs(text)) for text in (base, ours, theirs)))))
    parts = [Part("---\n"), *_keyed(*(_keys(head) for head, _ in heads))]
    parts += _sequence(*(list(_paragraphs(body)) for _, body in heads))
    return Merge(tuple(parts))


def merge_document(base: str, ours: str, theirs: str) -> Merge:
    """Merge two versions of a YAML document by their entries: items of a list by id or key, else keys of a mapping."""
    if (quick := _quick(base, ours, theirs)) is not None:
        return Merge((Part(quick),))
    split = _items if any(line.startswith("- ") for line in base.split("\n")) else _keys
    return Merge(tuple(_keyed(*(split(text) for text in (base, ours, theirs)))))


def merge_text(is_document: bool, base: str, ours: str, theirs: str) -> Merge:
    """Merge as `merge_document` or as `merge`."""
    return merge_document(base, ours, theirs) if is_document else merge(base, ours, theirs)


def _quick(base: str, ours: str, theirs: str) -> str | None:
    if theirs in (base, ours):
        return ours
    return theirs if ours == base else None


def _marked(part: Part) -> str:
    return f"<<<<<<< 现行\n{part.ours}=======\n{part.theirs}>>>>>>> 另一份\n"


def _split(text: str) -> tuple[str, str]:
    """The front matter without its fences' first line, and the rest from its closing fence on."""
    lines = text.split("\n")
    end = syntax.front_matter_end(lines)
    if not end:
        return "", text
    return "\n".join(lines[1:end]) + "\n", "\n".join(lines[end:])


def _paragraphs(text: str) -> Iterator[str]:
    """`text` in pieces that join to exactly itself: paragraphs, table rows, items, headings, fenced blocks, blank lines."""
    held: list[str] = []
    fence = ""
    for line in text.splitlines(keepends=True):
        opened = _FENCE.match(line)
        if fence:
            held.append(line)
            if opened and opened[1].startswith(fence):
                fence = ""
            continue
        if held and (not line.strip() or opened or _OWN_LINE.match(line) or held[0].lstrip().startswith(("|", "#"))):
            yield "".join(held)
            held = []
        fence = opened[1] if opened else ""
        if line.strip():
            held.append(line)
        else:
            yield line
    if held:
        yield "".join(held)


def _sequence(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Iterator[Part]:
    """Merge three sequences of pieces."""
    for region, *places in Merge3(base, ours, theirs).merge_regions():
        if region == "conflict":
            start, end, our_start, our_end, their_start, their_end = places
            texts = "".join(base[start:end]), "".join(ours[our_start:our_end]), "".join(theirs[their_start:their_end])
            yield Part("", *texts, is_conflict=True)
        else:
            side = {"unchanged": base, "same": ours, "a": ours, "b": theirs}[region]
            yield Part("".join(side[places[0] : places[1]]))


Pieces = list[tuple[str, str]]


def _keyed(base: Pieces, ours: Pieces, theirs: Pieces) -> Iterator[Part]:
    """Merge three lists of named pieces, piece by piece; where a name stands twice in a list, by their sequence."""
    sides = (base, ours, theirs)
    if any(len({name for name, _ in side}) < len(side) for side in sides):
        yield from _sequence(*([text for _, text in side] for side in sides))
        return
    texts = [dict(side) for side in sides]
    for name in _order(*([name for name, _ in side] for side in sides)):
        yield from _one(*(side.get(name) for side in texts))


def _one(base: str | None, ours: str | None, theirs: str | None) -> Iterator[Part]:
    if theirs in (base, ours):
        yield Part(ours or "")
    elif ours == base:
        yield Part(theirs or "")
    elif base is None or ours is None or theirs is None:
        yield Part("", base or "", ours or "", theirs or "", is_conflict=True)
    else:
        parts = list(_sequence(*(text.splitlines(keepends=True) for text in (base, ours, theirs))))
        is_clean = not any(part.is_conflict for part in parts)
        yield from parts if is_clean else [Part("", base, ours, theirs, is_conflict=True)]


def _order(base: list[str], ours: list[str], theirs: list[str]) -> list[str]:
    """All names: in our order, or in theirs where only they changed it; those of the other side behind what they follow."""
    common = set(base) & set(ours) & set(theirs)
    is_ours = [name for name in ours if name in common] != [name for name in base if name in common]
    first, second = (ours, theirs) if is_ours else (theirs, ours)
    order = list(first)
    for place, name in enumerate(second):
        if name not in first:
            before = next((earlier for earlier in reversed(second[:place]) if earlier in order), None)
            order.insert(order.index(before) + 1 if before is not None else 0, name)
    return order


def _keys(text: str) -> Pieces:
    """The top-level keys of a mapping with all lines that belong to each; a comment belongs to the key below it."""
    return _named(text, lambda line: bool(_KEY.match(line)), lambda piece: next(iter(_key_of(piece)), ""))


def _key_of(piece: str) -> Iterator[str]:
    return (match[1] for line in piece.split("\n") if (match := _KEY.match(line)))


def _items(text: str) -> Pieces:
    """The items of a top-level list, named by their id or key, or by all they say."""
    return _named(text, lambda line: line.startswith("- "), lambda piece: (_NAME.search(piece) or [piece, piece])[1])


def _named(text: str, begins: Callable[[str], bool], name_of: Callable[[str], str]) -> Pieces:
    lines = text.splitlines(keepends=True)
    starts = [place for place, line in enumerate(lines) if begins(line)]
    starts = [_with_comments(lines, place) for place in starts]
    edges = [*starts, len(lines)]
    pieces = ["".join(lines[: edges[0]])] + ["".join(lines[a:b]) for a, b in pairwise(edges)]
    return [(name_of(piece) if place else "", piece) for place, piece in enumerate(pieces) if piece]


def _with_comments(lines: list[str], place: int) -> int:
    while place and lines[place - 1].startswith("#"):
        place -= 1
    return place


@dataclass(frozen=True)
class Decision:
    """Which text holds after a load: `kind` is same, taken, kept, merged or conflict (where the live text stays)."""

    kind: str
    text: str


def reconcile(base: str, live: str, file: str, *, is_document: bool = False) -> Decision:
    """Decide between the live text and the file's, where `base` is the text on which they last agreed."""
    if file == live:
        return Decision("same", live)
    if live == base:
        return Decision("taken", file)
    if file == base:
        return Decision("kept", live)
    merged = merge_text(is_document, base, live, file)
    return Decision("merged", merged.text) if merged.is_clean else Decision("conflict", live)
