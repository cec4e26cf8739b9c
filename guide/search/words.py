"""Text to words: Chinese by dictionary and by pairs of characters, everything else whole. Pure.

Every word carries its true place in the text it came from, so passages can be marked; positions count words, so
phrases match. Traditional characters are read as simplified ones, one for one.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import opencc

from guide.search.segmenter import Segmenter, general

_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]+|[0-9]+(?:\.[0-9]+)+|[a-z0-9]+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]")


class Word(NamedTuple):
    """A word with where it stands: `start` and `end` in characters of the text, `position` in words."""

    text: str
    start: int
    end: int
    position: int


def normalise(text: str) -> str:
    """Lower case, NFKC and simplified, where one character stays one character, so that places in the text hold."""
    return text.translate(_FOLDED)


class _Folded(dict[int, str]):
    """What each character becomes, found when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        forms = (unicodedata.normalize("NFKC", character).lower(), character.lower(), character)
        folded = next(form for form in forms if len(form) == 1)
        self[code] = simple if _HAN.match(folded) and len(simple := _simplifier().convert(folded)) == 1 else folded
        return self[code]


_FOLDED = _Folded()


def use_dictionary(own: Iterable[str]) -> None:
    """From now on cut Chinese with these words beside the general dictionary. Index and queries must use the same."""
    wanted = frozenset(own)
    if wanted != _own.words:
        _own.words, _own.segmenter = wanted, None


def dictionary_words(text: str) -> Iterator[Word]:
    """Words as a dictionary cuts them: long words and the words inside them."""
    position = 0
    for run, start, _, _ in runs(text):
        if not _HAN.match(run):
            yield Word(run, start, start + len(run), position)
            position += 1
            continue
        for word, begin in _segmenter().cut_for_search(run):
            yield Word(word, start + begin, start + begin + len(word), position)
            position += 1


def pairs(text: str) -> Iterator[Word]:
    """Every two neighbouring Chinese characters (a lone one by itself), and everything else whole."""
    position = 0
    for run, start, _, _ in runs(text):
        size = 2 if len(run) > 1 and _HAN.match(run) else len(run)
        for begin in range(len(run) - size + 1):
            yield Word(run[begin : begin + size], start + begin, start + begin + size, position)
            position += 1
        position += 1  # a gap, so that no phrase reaches across punctuation


def segments(text: str) -> list[str]:
    """The words of a query: each run cut once, without the words inside words."""
    found: list[str] = []
    for run, *_ in runs(text):
        found += _segmenter().cut(run) if _HAN.match(run) else [run]
    return found


def runs(text: str) -> Iterator[Word]:
    """What `text` consists of: runs of Chinese characters, numbers and words of other letters."""
    for position, match in enumerate(_RUN.finditer(normalise(text))):
        yield Word(match[0], match.start(), match.end(), position)


def is_han(text: str) -> bool:
    """Whether `text` begins with a Chinese character."""
    return _HAN.match(text) is not None


@dataclass
class _Own:
    """The words that are now cut beside the general dictionary, and the segmenter that knows them."""

    words: frozenset[str] = frozenset()
    segmenter: Segmenter | None = None


_own = _Own()


def _segmenter() -> Segmenter:
    segmenter = _own.segmenter
    if segmenter is None:  # another thread may take it away again: what was made is what is used
        segmenter = _own.segmenter = Segmenter(general(), _own.words)
    return segmenter


@cache
def _simplifier() -> "opencc.OpenCC":
    return opencc.OpenCC("t2s")
