"""From documents to rows: a section gathers what its own text, its principles, the ways of asking for them, and the cases
and problem cards that belong to them hold. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import sqrt
from typing import NamedTuple

PRINCIPLE, ASKED, CARD = "principle", "asked", "card"
TELLING = ("case", "card", "drill")
NOWHERE: Mapping[int, float] = {}
# How much its own text, and the best document of each other sort, lend to a section.
OWN_SHARE = 0.7
PRINCIPLE_SHARE = 0.7
ASKED_SHARES = (2.0, 0.7)
CASE_SHARES = (0.5, 0.3, 0.2)
CARD_SHARE = 0.8
# A row must hold at least this share of what was asked, by weight (what is rare weighs most), and enough of it: its score
# beside that weight, less where it holds a word of the guide's own. Calibrated on graded questions and senseless ones.
LEAST_COVERAGE = 0.2
LEAST_DENSITY, LEAST_OF_OWN = 0.5, 0.1
# A row that does not hold all is not shown when it is so weak beside the best.
LEAST_BESIDE_BEST = 0.1
WHOLE = 0.999


class Evidence(NamedTuple):
    """What one document holds: its score for each concept by place; `shares` names those that it holds only in part.

    `size` is the number of characters of its title, `beside` what it holds of characters that stand side by side across
    words, `literal` what it holds of the whole question as it was typed. A question meets hundreds: hence no dataclass.
    """

    kind: str
    pk: int
    page_pk: int
    size: int
    scores: Mapping[int, float]
    shares: Mapping[int, float] = NOWHERE
    beside: float = 0.0
    literal: float = 0.0


@dataclass(frozen=True)
class Asked:
    """What the question consists of: the weight of each concept by place, its length in characters, and which are words
    of the guide's own."""

    weights: tuple[float, ...]
    lengths: tuple[int, ...]
    own: frozenset[int] = frozenset()

    @cached_property
    def total(self) -> float:
        """The weight of all that was asked; 1 where that is nothing."""
        return sum(self.weights) or 1.0

    def share(self, held: Mapping[int, float]) -> float:
        """How much of what was asked, by weight, is held, given how far each concept is."""
        return sum(self.weights[place] * share for place, share in held.items()) / self.total

    def worth(self, found: Evidence) -> float:
        """The score of a document, lower the less it holds of what was asked."""
        held = covered = 0.0
        for place, score in found.scores.items():
            held += self.weights[place] * score
            covered += self.weights[place] * found.shares.get(place, 1.0)
        share = 1.0 if found.literal else covered / self.total
        worth = (held + found.beside + found.literal) * share
        return worth * sqrt(self._fit(found)) if found.kind == ASKED else worth

    def is_enough(self, row: "Row") -> bool:
        """Whether `row` is worth showing. What holds the whole question as typed always is."""
        density = row.score / self.total * sqrt(row.coverage)
        least = LEAST_DENSITY if self.own.isdisjoint(row.held) else LEAST_OF_OWN
        return row.score > 0 and (row.is_literal or (row.coverage >= LEAST_COVERAGE and density >= least))

    def _fit(self, found: Evidence) -> float:
        """How much of a way of asking the question is: 1 when it asks for nothing else."""
        return min(1.0, sum(self.lengths[place] for place in found.scores) / (found.size or 1))


@dataclass
class Row:
    """A page, term or source with its score; `principle_pk` is the principle in it that matched best (0: none)."""

    kind: str
    pk: int
    score: float = 0.0
    coverage: float = 0.0
    principle_pk: int = 0
    held: dict[int, float] = field(default_factory=dict)
    is_literal: bool = False

    def take(self, found: Evidence, score: float) -> None:
        """Add what a document lends."""
        self.score += score
        self.is_literal |= bool(found.literal)
        for place in found.scores:
            share = found.shares.get(place, 1.0)
            if share > self.held.get(place, 0.0):
                self.held[place] = share


Rows = dict[tuple[str, int], Row]
Links = Mapping[int, Iterable[int]]


def rank(documents: Iterable[Evidence], asked: Asked, sections_of: Links, parents: Mapping[int, int]) -> list[Row]:
    """Rows, best first, that hold enough of what was asked.

    `sections_of` leads from the pk of a case, card or drill to the pks of the sections whose principles it tells of;
    `parents` to that of the section it lies in.
    """
    scored = [(asked.worth(found), found) for found in documents]
    rows: Rows = {}
    for score, found in scored:
        if found.kind not in (PRINCIPLE, ASKED):
            _row(rows, found.kind, found.pk).take(found, score * (OWN_SHARE if found.kind == "section" else 1.0))
    _add_parts(rows, scored)
    _add_cards(rows, scored, parents)
    _add_cases(rows, scored, sections_of)
    for row in rows.values():
        row.coverage = 1.0 if row.is_literal else asked.share(row.held)
    kept = sorted((row for row in rows.values() if asked.is_enough(row)), key=lambda row: -row.score)
    least = LEAST_BESIDE_BEST * max((row.score for row in kept), default=0.0)
    return [row for row in kept if row.score >= least or row.coverage > WHOLE]


def _row(rows: Rows, kind: str, pk: int) -> Row:
    return rows.setdefault((kind, pk), Row(kind, pk))


Scored = list[tuple[float, Evidence]]


def _add_parts(rows: Rows, scored: Scored) -> None:
    """The best principle of a section and the best ways of asking lend to it; the better names the deep link."""
    parts: dict[int, Scored] = defaultdict(list)
    for score, found in scored:
        if found.kind in (PRINCIPLE, ASKED):
            parts[found.page_pk].append((score, found))
    for page_pk, found_there in parts.items():
        row = _row(rows, "section", page_pk)
        found_there.sort(key=lambda pair: -pair[0])
        _lend(row, [pair for pair in found_there if pair[1].kind == PRINCIPLE], (PRINCIPLE_SHARE,))
        _lend(row, [pair for pair in found_there if pair[1].kind == ASKED], ASKED_SHARES)
        row.principle_pk = next((found.pk for _, found in found_there if found.pk), 0)


def _add_cards(rows: Rows, scored: Scored, parents: Mapping[int, int]) -> None:
    """A problem card answers for the section it lies in."""
    cards: dict[int, Scored] = defaultdict(list)
    for score, found in scored:
        if found.kind == CARD and found.pk in parents:
            cards[parents[found.pk]].append((score, found))
    for section, found_there in cards.items():
        _lend(_row(rows, "section", section), sorted(found_there, key=lambda pair: -pair[0]), (CARD_SHARE,))


def _add_cases(rows: Rows, scored: Scored, sections_of: Links) -> None:
    """Cases lend evidence to the sections whose principles they tell of, where those hold something themselves."""
    lent: dict[int, Scored] = defaultdict(list)
    for score, found in scored:
        for section in sections_of.get(found.pk, ()) if found.kind in TELLING else ():
            lent[section].append((score, found))
    for section, cases in lent.items():
        if row := rows.get(("section", section)):
            _lend(row, sorted(cases, key=lambda pair: -pair[0]), CASE_SHARES)


def _lend(row: Row, scored: Scored, shares: tuple[float, ...]) -> None:
    for share, (score, found) in zip(shares, scored, strict=False):
        row.take(found, share * score)
