"""What changed between two texts, by words as a Chinese dictionary cuts them: inline, and side by side. Pure.

Nothing here is HTML: templates print the pieces, escaped like any other text.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

SAME, REMOVED, ADDED = "same", "removed", "added"

CONTEXT = 2  # unchanged lines shown around a change
_ALIKE = 0.35  # lines that share less than this are not one line reworded
_LARGEST_BLOCK = 2_500  # pairs of lines to be compared with one another; beyond that they are paired in order
_LONGEST_LINE = 4_000  # words; beyond that a line is replaced as a whole


@dataclass(frozen=True)
class Piece:
    """A run of text that is the same in both, or stands in one of them only."""

    kind: str
    text: str


@dataclass(frozen=True)
class Row:
    """A line of the older text beside the line of the newer one that it became; a number is None where there is none."""

    before: int | None
    after: int | None
    pieces: tuple[Piece, ...]

    @property
    def is_changed(self) -> bool:
        return any(piece.kind != SAME for piece in self.pieces) or self.before is None or self.after is None

    @property
    def old(self) -> tuple[Piece, ...]:
        return tuple(piece for piece in self.pieces if piece.kind != ADDED)

    @property
    def new(self) -> tuple[Piece, ...]:
        return tuple(piece for piece in self.pieces if piece.kind != REMOVED)


@dataclass(frozen=True)
class Stretch:
    """Rows that stand together: changes with the lines around them, or lines without a change that can be folded."""

    is_folded: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Difference:
    """All rows of two texts, and how many characters went and came."""

    stretches: tuple[Stretch, ...]
    removed: int
    added: int

    @property
    def is_empty(self) -> bool:
        return all(stretch.is_folded for stretch in self.stretches)


def compare(before: str, after: str) -> Difference:
    """What became of `before` in `after`, line by line and word by word."""
    return _difference(list(_rows(before.split("\n"), after.split("\n"))))


def compare_values(before: str, after: str) -> Difference:
    """The same for two values of one field: a value of one line became the other, however little they share."""
    if "\n" in before + after:
        return compare(before, after)
    return _difference([Row(1 if before else None, 1 if after else None, compare_words(before, after))])


def _difference(rows: list[Row]) -> Difference:
    pieces = [piece for row in rows for piece in row.pieces]
    return Difference(
        tuple(_stretches(rows)),
        removed=sum(len(piece.text) for piece in pieces if piece.kind == REMOVED),
        added=sum(len(piece.text) for piece in pieces if piece.kind == ADDED),
    )


def compare_words(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces of two lines, in reading order; what went comes before what came in its place."""
    old, new = _words(before), _words(after)
    if max(len(old), len(new)) > _LONGEST_LINE:
        return tuple(_joined([Piece(REMOVED, before), Piece(ADDED, after)]))
    pieces: list[Piece] = []
    for tag, start, end, begin, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        went, came = "".join(old[start:end]), "".join(new[begin:stop])
        pieces += [Piece(SAME, went)] if tag == "equal" else [Piece(REMOVED, went), Piece(ADDED, came)]
    return tuple(_joined(_without_crumbs(pieces)))


def _words(line: str) -> list[str]:
    """`line` cut into words; joined again they are the line."""
    from rjieba import cut  # noqa: PLC0415  # takes a tenth of a second and 30 MB, which those who serve readers can spare

    words = cut(line)
    return words if "".join(words) == line else list(line)


def _without_crumbs(pieces: list[Piece]) -> Iterator[Piece]:
    """Take a lone character that stayed between two changes into them: a sentence in shreds is not read."""
    for place, piece in enumerate(pieces):
        is_between = 0 < place < len(pieces) - 1
        if piece.kind == SAME and is_between and len(piece.text.strip()) <= 1:
            yield from (Piece(REMOVED, piece.text), Piece(ADDED, piece.text))
        else:
            yield piece


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Neighbouring changes as one removal and one addition; nothing empty."""
    for is_same, group in groupby(pieces, lambda piece: piece.kind == SAME):
        run = list(group)
        for kind in (SAME,) if is_same else (REMOVED, ADDED):
            if text := "".join(piece.text for piece in run if piece.kind == kind):
                yield Piece(kind, text)


def _rows(old: list[str], new: list[str]) -> Iterator[Row]:
    for tag, start, end, begin, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            for offset in range(end - start):
                yield Row(start + offset + 1, begin + offset + 1, (Piece(SAME, old[start + offset]),))
            continue
        for left, right in _paired(old[start:end], new[begin:stop]):
            yield _row(old, new, None if left is None else start + left, None if right is None else begin + right)


def _row(old: list[str], new: list[str], left: int | None, right: int | None) -> Row:
    if left is None or right is None:
        kind, text = (ADDED, new[right]) if right is not None else (REMOVED, old[left or 0])
        return Row(None if left is None else left + 1, None if right is None else right + 1, (Piece(kind, text),))
    return Row(left + 1, right + 1, compare_words(old[left], new[right]))


def _paired(old: list[str], new: list[str]) -> Iterator[tuple[int | None, int | None]]:
    """Which line became which, in order; lines with too little in common stand alone."""
    left = right = 0
    for at_left, at_right in _alike(old, new):
        yield from ((place, None) for place in range(left, at_left))
        yield from ((None, place) for place in range(right, at_right))
        yield at_left, at_right
        left, right = at_left + 1, at_right + 1
    yield from ((place, None) for place in range(left, len(old)))
    yield from ((None, place) for place in range(right, len(new)))


def _alike(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """The pairs of lines, in order and without crossing, that have the most in common taken together."""
    if len(old) * len(new) > _LARGEST_BLOCK:
        return list(zip(range(len(old)), range(len(new)), strict=False))
    bags = [Counter(line) for line in old], [Counter(line) for line in new]
    best: list[list[tuple[float, list[tuple[int, int]]]]] = [[(0.0, [])] * (len(new) + 1)]
    for left, bag in enumerate(bags[0]):
        row = [(0.0, list[tuple[int, int]]())]
        for right, other in enumerate(bags[1]):
            shared = _shared(bag, other)
            corner, pairs = best[left][right]
            options = [best[left][right + 1], row[right]]
            options += [(corner + shared, [*pairs, (left, right)])] if shared > _ALIKE else []
            row.append(max(options, key=lambda option: option[0]))
        best.append(row)
    return best[-1][-1][1]


def _shared(one: Counter[str], other: Counter[str]) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def _stretches(rows: Sequence[Row]) -> Iterator[Stretch]:
    """Part `rows` into what is shown (changes and the lines around them) and what can be folded."""
    near = set[int]()
    for place, row in enumerate(rows):
        if row.is_changed:
            near.update(range(place - CONTEXT, place + CONTEXT + 1))
    for is_near, group in groupby(enumerate(rows), lambda numbered: numbered[0] in near):
        yield Stretch(not is_near, tuple(row for _, row in group))
