"""How much each word of a document counts: BM25F with the field weights below, computed once, when it is indexed. Pure.

The impact of a word is the saturated, length-normalised frequency of Robertson, Zaragoza and Taylor, "Simple BM25
extension to multiple weighted fields" (CIKM 2004). How rare a word is, is left to the query, which knows all documents.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from guide.search import words
from guide.search.words import Word

# How much an occurrence in each field counts.
WEIGHTS = {"title": 2.0, "keywords": 4.0, "rules": 2.5, "phrases": 0.6, "text": 1.0, "asked": 2.0}
PAIRED = ("title", "keywords", "rules", "text", "asked")
_K1, _B = 2.0, 0.4
# The weighted number of words in a usual document of each kind: a long text is measured by its like.
_USUAL = {"section": 1400, "chapter": 100, "principle": 380, "asked": 6, "term": 65, "source": 130}
_USUAL_STORY = 300  # cases, cards and drills

Cut = Callable[[str], Iterable[Word]]


def of_words(kind: str, fields: Mapping[str, str]) -> dict[str, float]:
    """The impact, 0 to 3, of each dictionary word in the `fields` of a document of `kind`."""
    return _impacts(kind, fields, WEIGHTS, words.dictionary_words)


def of_pairs(kind: str, fields: Mapping[str, str]) -> dict[str, float]:
    """The same of each pair of neighbouring characters."""
    return _impacts(kind, fields, PAIRED, words.pairs)


def _impacts(kind: str, fields: Mapping[str, str], names: Iterable[str], cut: Cut) -> dict[str, float]:
    frequencies: dict[str, float] = defaultdict(float)
    for name in names:
        for word in cut(fields.get(name, "")):
            frequencies[word.text] += WEIGHTS[name]
    length = sum(frequencies.values()) / _USUAL.get(kind, _USUAL_STORY)
    norm = _K1 * (1 - _B + _B * length)
    return {word: frequency * (_K1 + 1) / (frequency + norm) for word, frequency in frequencies.items()}
