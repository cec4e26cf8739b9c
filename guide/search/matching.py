"""A Query against the index: which documents match, best first."""

from dataclasses import dataclass

from whoosh.query import And, DisjunctionMax, Or, Phrase, Term
from whoosh.query import Query as WhooshQuery

from guide.search import index, words
from guide.search.queries import Query

# How much a word in each field counts; the pairs of a field count less, for they also match inside other words.
WEIGHTS = {"title": 4.0, "keywords": 5.0, "text": 1.0}
PAIRS = 0.6
# More matches than this are not looked at; whoever sees so many asks anew.
MOST = 400


@dataclass(frozen=True)
class Match:
    """A document that matches, as the index knows it."""

    kind: str
    pk: int
    page_pk: int
    score: float


@dataclass(frozen=True)
class Matches:
    """Matches, best first. `is_partial`: no document holds all the words, these hold at least half of them."""

    rows: tuple[Match, ...]
    is_partial: bool = False


def match(query: Query) -> Matches:
    """Find the documents that hold all words of `query`, else those that hold at least half. Raises IndexUnavailable."""
    parts = [_phrase(text) for text in query.phrases] + [_term(text) for text in query.terms]
    if not parts:
        return Matches(())
    try:
        rows = _search(And(parts))
        if rows or len(parts) == 1:
            return Matches(rows)
        return Matches(_search(_at_least_half(parts)), is_partial=True)
    except index.IndexUnavailable:
        raise
    except index.BROKEN as error:
        index.mark_broken(error)
        raise index.IndexUnavailable(str(error)) from error


def _search(query: WhooshQuery) -> tuple[Match, ...]:
    found = index.searcher().search(query, limit=MOST)
    return tuple(Match(hit["kind"], hit["pk"], hit["page_pk"], hit.score or 0.0) for hit in found)


def _at_least_half(parts: list[WhooshQuery]) -> WhooshQuery:
    return Or(parts, minmatch=(len(parts) + 1) // 2)


def _term(text: str) -> WhooshQuery:
    """`text` as a dictionary word in any field, or as a run of characters."""
    return DisjunctionMax([Term(field, text, boost=weight) for field, weight in WEIGHTS.items()] + _as_pairs(text))


def _phrase(text: str) -> WhooshQuery:
    return DisjunctionMax(_as_pairs(text))


def _as_pairs(text: str) -> list[WhooshQuery]:
    pairs = [pair.text for pair in words.pairs(text)]
    return [_run(f"{field}_pairs", pairs, weight * PAIRS) for field, weight in WEIGHTS.items() if pairs]


def _run(field: str, pairs: list[str], boost: float) -> WhooshQuery:
    if len(pairs) == 1:
        return Term(field, pairs[0], boost=boost)
    return Phrase(field, pairs, boost=boost)
