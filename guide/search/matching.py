"""A Query against the index: what each document has of what was asked, and how much that weighs."""

from collections import defaultdict
from dataclasses import dataclass, field
from math import log

from whoosh.query import And, DisjunctionMax, Phrase, Term
from whoosh.query import Query as WhooshQuery
from whoosh.searching import Searcher

from guide.search import index, words
from guide.search.queries import Alternative, Concept, Query

# How much a word in each field counts; the pairs of a field count less, for they also match inside other words.
WEIGHTS = {"title": 4.0, "keywords": 4.0, "rules": 2.5, "phrases": 1.2, "text": 1.0}
PAIRED = ("title", "keywords", "text")
PAIRS = 0.6
# A word in so large a share of all documents shows that the question is one for this guide.
AT_HOME = 0.15


@dataclass
class Match:
    """A document and its score for each concept that it holds (by the concept's place in the query)."""

    kind: str
    pk: int
    page_pk: int
    scores: dict[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Matches:
    """The documents found, and the weight of each concept: the rarer, the more; what nothing holds weighs most."""

    rows: tuple[Match, ...]
    weights: tuple[float, ...]
    is_at_home: bool = False  # one of the words is among those that the guide uses everywhere


def match(query: Query) -> Matches:
    """Find every document that holds something of `query`. Raises IndexUnavailable."""
    try:
        searcher = index.searcher()
        found = [_scores(searcher, concept) for concept in query.concepts]
        banned = {number for word in query.excluded for number in _numbers(searcher, _alternative(Alternative((word,))))}
        is_at_home = any(len(scores) >= AT_HOME * searcher.doc_count() for scores in found)
        weights = tuple(_weight(searcher, scores) for scores in found)
        return Matches(tuple(_rows(searcher, found, banned)), weights, is_at_home)
    except index.IndexUnavailable:
        raise
    except index.BROKEN as error:
        index.mark_broken(error)
        raise index.IndexUnavailable(str(error)) from error


def is_known(word: str) -> bool:
    """Whether some document holds `word`. Raises IndexUnavailable."""
    reader = index.searcher().reader()
    return any((name, word) in reader for name in WEIGHTS)


def _rows(searcher: Searcher, found: list[dict[int, float]], banned: set[int]) -> list[Match]:
    scores: dict[int, dict[int, float]] = defaultdict(dict)
    for place, by_number in enumerate(found):
        for number, score in by_number.items():
            scores[number][place] = score
    stored = ((number, searcher.stored_fields(number)) for number in scores if number not in banned)
    return [Match(row["kind"], row["pk"], row["page_pk"], scores[number]) for number, row in stored]


def _scores(searcher: Searcher, concept: Concept) -> dict[int, float]:
    """The score of each document for one concept, by document number; the best alternative counts."""
    best: dict[int, float] = {}
    for alternative in concept.alternatives:
        query = _phrase(concept.text) if concept.is_phrase else _alternative(alternative)
        for score, number in searcher.search(query, limit=None).top_n:
            best[number] = max(best.get(number, 0.0), score * alternative.weight)
    return best


def _numbers(searcher: Searcher, query: WhooshQuery) -> set[int]:
    return {number for _, number in searcher.search(query, limit=None).top_n}


def _weight(searcher: Searcher, scores: dict[int, float]) -> float:
    return log(1 + searcher.doc_count() / max(1, len(scores)))


def _alternative(alternative: Alternative) -> WhooshQuery:
    parts = [_term(word) for word in alternative.words]
    return parts[0] if len(parts) == 1 else And(parts)


def _term(text: str) -> WhooshQuery:
    """`text` as a dictionary word in any field, or as a run of characters."""
    return DisjunctionMax([Term(name, text, boost=weight) for name, weight in WEIGHTS.items()] + _as_pairs(text), tiebreak=0.3)


def _phrase(text: str) -> WhooshQuery:
    return DisjunctionMax(_as_pairs(text))


def _as_pairs(text: str) -> list[WhooshQuery]:
    pairs = [pair.text for pair in words.pairs(text)]
    return [_run(f"{name}_pairs", pairs, WEIGHTS[name] * PAIRS) for name in PAIRED if pairs]


def _run(name: str, pairs: list[str], boost: float) -> WhooshQuery:
    if len(pairs) == 1:
        return Term(name, pairs[0], boost=boost)
    return Phrase(name, pairs, boost=boost)
