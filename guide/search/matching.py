"""A Query against the index: what each document has of what was asked, and how much that weighs."""

from collections import defaultdict
from dataclasses import dataclass, field
from math import log

from whoosh.query import Or, Phrase, Term
from whoosh.query import Query as WhooshQuery
from whoosh.searching import Searcher

from guide.search import index, words
from guide.search.queries import Alternative, Concept, Query

# How much a word in each field counts; the pairs of a field count less, for they also match inside other words.
WEIGHTS = {"title": 2.0, "keywords": 4.0, "rules": 2.5, "phrases": 0.6, "text": 1.0}
PAIRED = ("title", "keywords", "text")
PAIRS = 0.6
# A word in so large a share of all documents shows that the question is one for this guide.
AT_HOME = 0.08
UNHELD = 2.0
LONE = 0.3
# A single character in so large a share of all documents is a word of its own, no slip.
EVERYDAY = 0.01


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
        with index.reading() as searcher:
            return _matches(searcher, query)
    except index.IndexUnavailable:
        raise
    except index.BROKEN as error:
        index.mark_broken(error)
        raise index.IndexUnavailable(str(error)) from error


def _matches(searcher: Searcher, query: Query) -> Matches:
    found = [_scores(searcher, concept) for concept in query.concepts]
    banned = {number for word in query.excluded for number in _alternative(searcher, Alternative((word,)))}
    is_at_home = any(len(scores) >= AT_HOME * searcher.doc_count() for scores in found)
    weights = _weights(searcher, query.concepts, found)
    return Matches(tuple(_rows(searcher, found, banned)), weights, is_at_home)


def is_known(word: str) -> bool:
    """Whether `word` is one of the guide's: some document holds it or, for a single character, a good many do by itself.

    Raises IndexUnavailable.
    """
    with index.reading() as searcher:
        reader = searcher.reader()
        if len(word) == 1:
            return bool(reader.doc_frequency("text", word) >= max(2, EVERYDAY * reader.doc_count()))
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
        for number, score in _alternative(searcher, alternative, as_it_stands=concept.is_phrase).items():
            best[number] = max(best.get(number, 0.0), score * alternative.weight)
    return best


def _alternative(searcher: Searcher, alternative: Alternative, *, as_it_stands: bool = False) -> dict[int, float]:
    """The score of each document that holds all words of `alternative`: the sum of what each word scores."""
    found = [_word(searcher, word, as_it_stands=as_it_stands) for word in alternative.words]
    shared = set.intersection(*(set(scores) for scores in found))
    return {number: sum(scores[number] for scores in found) for number in shared}


def _word(searcher: Searcher, text: str, *, as_it_stands: bool) -> dict[int, float]:
    """The score of each document for `text` as a dictionary word or as a run of characters, whichever is more.

    Whoosh's own DisjunctionMax is not used: it scores a document by fields that do not hold the word at all.
    """
    whole = Or([Term(name, text, boost=weight) for name, weight in WEIGHTS.items()])
    scores = {} if as_it_stands else _search(searcher, whole)
    for number, score in _search(searcher, Or(_as_pairs(text))).items():
        scores[number] = max(scores.get(number, 0.0), score * PAIRS)
    return scores


def _search(searcher: Searcher, query: WhooshQuery) -> dict[int, float]:
    return {number: score for score, number in searcher.search(query, limit=None).top_n}


def _as_pairs(text: str) -> list[WhooshQuery]:
    pairs = [pair.text for pair in words.pairs(text)]
    return [_run(f"{name}_pairs", pairs, WEIGHTS[name]) for name in PAIRED if pairs]


def _run(name: str, pairs: list[str], boost: float) -> WhooshQuery:
    if len(pairs) == 1:
        return Term(name, pairs[0], boost=boost)
    return Phrase(name, pairs, boost=boost)


def _weights(searcher: Searcher, concepts: tuple[Concept, ...], found: list[dict[int, float]]) -> tuple[float, ...]:
    """The weight of each concept: the rarer, the more. A word that nothing holds weighs somewhat more than the rarest
    that is held; a single character, seldom a word of its own, weighs little."""
    weights = [log(1 + searcher.doc_count() / len(scores)) if scores else 0.0 for scores in found]
    unheld = UNHELD * max(weights) if any(weights) else 1.0
    lengths = (LONE if len(concept.text) == 1 and words.is_han(concept.text) else 1.0 for concept in concepts)
    return tuple((weight or unheld) * length for weight, length in zip(weights, lengths, strict=True))
