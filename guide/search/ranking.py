"""From documents to rows: a section gathers what its own text, its principles and the cases of its principles hold. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

# How much the parts lend to their section.
SHARES = {"principle": 0.3, "asked": 1.0}
CASE_SHARES = (0.3, 0.15, 0.1)
# How sharply a document falls that holds only a part of what was asked, and a row whose documents together do.
DOCUMENT_POWER = 1.0
ROW_POWER = 1.0
# A row must hold at least this share of what was asked, by weight; what is rare weighs most.
LEAST_COVERAGE = 0.4
LEAST_AT_HOME = 0.2  # for a question in which the guide's everyday words stand


@dataclass(frozen=True)
class Evidence:
    """What one document holds: its score for each concept by place."""

    kind: str
    pk: int
    page_pk: int
    scores: Mapping[int, float]
    beside: float = 0.0  # what it holds of characters that stand side by side across words


@dataclass
class Row:
    """A page, term or source with its score; `principle_pk` is the principle in it that matched best (0: none)."""

    kind: str
    pk: int
    score: float = 0.0
    coverage: float = 0.0
    principle_pk: int = 0
    held: set[int] = field(default_factory=set)


Rows = dict[tuple[str, int], Row]
Worth = Callable[[Evidence], float]


def rank(
    documents: Iterable[Evidence],
    weights: tuple[float, ...],
    sections_of: Mapping[int, Iterable[int]],
    *,
    is_at_home: bool = False,
) -> list[Row]:
    """Rows, best first, that hold enough of what was asked.

    `weights` are those of the concepts by place; `sections_of` leads from the pk of a case to the pks of the sections
    whose principles it tells of.
    """
    documents, scale = list(documents), _Scale(weights)
    own = [found for found in documents if found.kind not in ("principle", "asked")]
    rows = {(found.kind, found.pk): Row(found.kind, found.pk, scale.worth(found), held=set(found.scores)) for found in own}
    _add_parts(rows, documents, scale.worth)
    _add_cases(rows, documents, scale.worth, sections_of)
    for row in rows.values():
        row.coverage = scale.share(row.held)
        row.score *= row.coverage**ROW_POWER
    least = LEAST_AT_HOME if is_at_home else LEAST_COVERAGE
    kept = [row for row in rows.values() if row.coverage >= least and row.score > 0]
    return sorted(kept, key=lambda row: -row.score)


@dataclass(frozen=True)
class _Scale:
    """What holding a part of the concepts is worth."""

    weights: tuple[float, ...]

    def share(self, places: Iterable[int]) -> float:
        """How much of what was asked, by weight, these concepts are."""
        return sum(self.weights[place] for place in places) / (sum(self.weights) or 1.0)

    def worth(self, found: Evidence) -> float:
        """The score of a document, lower the less it holds of what was asked."""
        held = sum(self.weights[place] * score for place, score in found.scores.items())
        return float((held + found.beside) * self.share(found.scores) ** DOCUMENT_POWER)


def _add_parts(rows: Rows, documents: list[Evidence], worth: Worth) -> None:
    """The best principle of a section and the best way of asking for one lend to it; the better names the deep link."""
    best: dict[tuple[int, str], tuple[float, Evidence]] = {}
    for found in documents:
        if found.kind in SHARES:
            score, key = worth(found), (found.page_pk, found.kind)
            if key not in best or score > best[key][0]:
                best[key] = score, found
    for (page_pk, kind), (score, found) in sorted(best.items(), key=lambda item: -item[1][0] * SHARES[item[0][1]]):
        row = rows.setdefault(("section", page_pk), Row("section", page_pk))
        row.score += SHARES[kind] * score
        row.principle_pk = row.principle_pk or found.pk
        row.held |= set(found.scores)


def _add_cases(rows: Rows, documents: list[Evidence], worth: Worth, sections_of: Mapping[int, Iterable[int]]) -> None:
    """Cases lend evidence to the sections whose principles they tell of, where those hold something themselves."""
    lent: dict[int, list[Evidence]] = defaultdict(list)
    for found in documents:
        for section in sections_of.get(found.pk, ()) if found.kind in ("case", "card", "drill") else ():
            lent[section].append(found)
    for section, cases in lent.items():
        row = rows.get(("section", section))
        for part, found in zip(CASE_SHARES, sorted(cases, key=worth, reverse=True), strict=False):
            if row is not None:
                row.score += part * worth(found)
                row.held |= set(found.scores)
