"""A Query against the index: what each document has of what was asked, and how much that weighs."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import log

from guide.search import index, words
from guide.search.postings import NOTHING, Impacts, Postings
from guide.search.queries import Alternative, Concept, Query
from guide.search.ranking import Asked, Evidence

# What a run of characters counts where it is no word by itself, beside a dictionary word.
PAIRS = 0.8
# What two characters count that stand together across two words of the question, and in the document.
ACROSS = 1.0
# What the whole question counts where it stands in a document as it was typed.
LITERAL = 2.0
# What a word weighs that nothing holds, beside the weightiest that is held.
UNHELD = 2.0
# A word tells what a question is about that weighs so much of the weightiest.
TELLING = 0.5
# What a single Chinese character counts, beside a word: it is seldom one.
LONE = 0.5
# A single character in so large a share of all documents is a word of its own, no slip.
EVERYDAY = 0.01
# So many postings are taken for one question, rare words first; what is more frequent only adds to the documents found
# so far or, where even reading its list would take long, to the best of them.
MOST_POSTINGS = 600
MOST_READ = 4_000
MOST_CANDIDATES = 400
USUAL_SIZE = 20_000  # documents

# A score and how far the document holds what was asked (1: wholly), by document number.
Held = Mapping[int, tuple[float, float]]


@dataclass(frozen=True)
class Matches:
    """The documents found, and what the question consists of."""

    rows: tuple[Evidence, ...]
    asked: Asked


def match(query: Query) -> Matches:
    """Find every document that holds something of `query`. Raises IndexUnavailable."""
    try:
        with index.reading() as postings:
            return _match(postings, query)
    except index.IndexUnavailable:
        raise
    except index.BROKEN as error:
        index.mark_broken(error)
        raise index.IndexUnavailable(str(error)) from error


def is_known(word: str) -> bool:
    """Whether `word` is one of the guide's: some document holds it or, for a single character, a good many do by itself.

    Raises IndexUnavailable.
    """
    with index.reading() as postings:
        least = max(2, EVERYDAY * postings.count) if len(word) == 1 else 1
        return postings.frequency(word) >= least


def _match(postings: Postings, query: Query) -> Matches:
    found = [*_found(postings, query.concepts)]
    documents = _by_document(found)
    literal = _literal(postings, query.whole)
    for number in literal:
        documents.setdefault(number, ({}, {}))
    beside = _beside(postings, query.across)
    rows = [
        Evidence(*postings.place(number), *held, beside=beside.get(number, 0.0), literal=literal.get(number, 0.0))
        for number, held in documents.items()
    ]
    asked = _asked(postings, query.concepts, [len(scores) for scores in found])
    return Matches(_without(postings, query.excluded, rows), asked)


def _without(postings: Postings, excluded: tuple[str, ...], rows: list[Evidence]) -> tuple[Evidence, ...]:
    """`rows` without the pages, terms and sources that hold a word of `excluded`, and without all parts of such pages."""
    numbers = {number for word in excluded for number in (*postings.of_word(word), *postings.of_phrase(word))}
    places = [postings.place(number) for number in numbers]
    pages = {place.page_pk for place in places if place.page_pk}
    others = {(place.kind, place.pk) for place in places if not place.page_pk}
    return tuple(row for row in rows if row.page_pk not in pages and (row.kind, row.pk) not in others)


def _asked(postings: Postings, concepts: tuple[Concept, ...], frequencies: list[int]) -> Asked:
    lengths = tuple(len(concept.text) for concept in concepts)
    weights = _weights(postings, concepts, frequencies)
    telling = TELLING * max((weight for weight, held in zip(weights, frequencies, strict=True) if held), default=0.0)
    own = frozenset(place for place, concept in enumerate(concepts) if concept.is_own and weights[place] >= telling)
    return Asked(weights, lengths, own)


def _found(postings: Postings, concepts: tuple[Concept, ...]) -> list[Held]:
    """For each concept the documents that hold it, with their scores and how far; the rarest concepts are read first.

    Once enough postings have been read, a further concept is looked up in the documents found so far alone.
    """
    found: list[Held] = [{}] * len(concepts)
    frequencies = [_frequency(postings, concept) for concept in concepts]
    read = 0
    for place in sorted(range(len(concepts)), key=frequencies.__getitem__):
        read += frequencies[place]
        if read <= MOST_POSTINGS or not any(found):
            found[place] = _concept(postings, concepts[place])
        else:
            found[place] = _among(postings, concepts[place], frequencies[place], found)
    return found


def _among(postings: Postings, concept: Concept, frequency: int, found: list[Held]) -> Held:
    """What the documents found so far hold of a frequent concept, and in a guide of usual size its sections; where it is
    very frequent, the best do."""
    if frequency > MOST_READ:
        best = _best(found)
        return _united(concept, lambda other: postings.of_word_in(other.words[0], best) if len(other.words) == 1 else NOTHING)
    every = _concept(postings, concept)
    among = set[int]().union(*found, postings.sections if postings.count <= USUAL_SIZE else ())
    return {number: every[number] for number in among if number in every}


def _frequency(postings: Postings, concept: Concept) -> int:
    return sum(postings.frequency(word) for other in concept.alternatives for word in other.words)


def _best(found: list[Held]) -> list[int]:
    """The documents that hold most so far, in ascending order."""
    sums: dict[int, float] = defaultdict(float)
    for scores in found:
        for number, (score, _) in scores.items():
            sums[number] += score
    return sorted(sorted(sums, key=sums.__getitem__, reverse=True)[:MOST_CANDIDATES])


def _by_document(found: list[Held]) -> dict[int, tuple[dict[int, float], dict[int, float]]]:
    """For each document its scores by concept, and how far it holds those that it holds only in part."""
    documents: dict[int, tuple[dict[int, float], dict[int, float]]] = {}
    for place, scores in enumerate(found):
        for number, (score, share) in scores.items():
            held = documents.setdefault(number, ({}, {}))
            held[0][place] = score
            if share < 1:
                held[1][place] = share
    return documents


def _concept(postings: Postings, concept: Concept) -> Held:
    """What each document holds of one concept."""
    if concept.is_phrase:
        return {number: (impact, 1.0) for number, impact in postings.of_phrase(concept.text).items()}
    return _united(concept, lambda other: _alternative(postings, other))


def _united(concept: Concept, read: Callable[[Alternative], Impacts]) -> Held:
    """What the alternatives of `concept` come to, each as `read`; the best counts."""
    best: dict[int, tuple[float, float]] = {}
    for alternative in concept.alternatives:
        for number, score in read(alternative).items():
            weighed = score * alternative.weight
            if number not in best or weighed > best[number][0]:
                best[number] = weighed, alternative.share
    return best


def _as_typed(postings: Postings, word: str) -> dict[int, float]:
    """The score of each document for a word as typed: as a dictionary word or as a run of characters."""
    best = dict(postings.of_word(word))
    for number, impact in postings.of_pairs(word).items():
        best[number] = max(best.get(number, 0.0), impact * PAIRS)
    return best


def _alternative(postings: Postings, alternative: Alternative) -> Impacts:
    """The score of each document that holds all words of `alternative`; one that fully stands for what was typed is
    looked for as a run of characters too."""
    if alternative.weight == 1 and len(alternative.words) == 1:
        return _as_typed(postings, alternative.words[0])
    lists = sorted((postings.of_word(word) for word in alternative.words), key=len)
    if len(lists) == 1:
        return lists[0] or _uncut(postings, alternative.words[0])
    shared = set(lists[0]).intersection(*lists[1:])
    return {number: sum(scores[number] for scores in lists) / len(lists) for number in shared}


def _uncut(postings: Postings, word: str) -> Impacts:
    """The score of each document in which `word` stands, though the index was not cut with it: a term that is new."""
    return {number: impact * PAIRS for number, impact in postings.of_phrase(word).items()}


def _literal(postings: Postings, whole: str) -> Impacts:
    """The score of the documents in which `whole` stands as it was typed."""
    found = postings.of_pairs(whole)
    weight = LITERAL * _rarity(postings, len(found))
    return {number: weight * impact for number, impact in found.items()}


def _beside(postings: Postings, across: Iterable[str]) -> Impacts:
    """What documents hold of characters that stand side by side across words; the most frequent are left out."""
    beside: dict[int, float] = defaultdict(float)
    left = MOST_READ
    for pair in across:
        if (frequency := postings.frequency_of_pair(pair)) > left:
            continue
        left -= frequency
        scores = postings.of_pairs(pair)
        weight = ACROSS * _rarity(postings, len(scores))
        for number, score in scores.items():
            beside[number] += weight * score
    return beside


def _rarity(postings: Postings, frequency: int) -> float:
    """The inverse document frequency of BM25, as Lucene computes it: never negative."""
    return log(1 + (postings.count - frequency + 0.5) / (frequency + 0.5))


def _weights(postings: Postings, concepts: tuple[Concept, ...], frequencies: list[int]) -> tuple[float, ...]:
    """The weight of each concept: the rarer, the more. A word that nothing holds weighs somewhat more than the rarest
    that is held; a single character, seldom a word of its own, weighs little."""
    weights = [_rarity(postings, frequency) if frequency else 0.0 for frequency in frequencies]
    unheld = UNHELD * max(weights) if any(weights) else 1.0
    lengths = (LONE if len(concept.text) == 1 and words.is_han(concept.text) else 1.0 for concept in concepts)
    return tuple((weight or unheld) * length for weight, length in zip(weights, lengths, strict=True))
