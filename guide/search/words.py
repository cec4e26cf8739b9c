"""Text to words: Chinese by dictionary and by pairs of characters, everything else whole. Pure.

Every word carries its true place in the text it came from, so passages can be marked; positions count words, so
phrases match.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import rjieba

_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]+|[0-9]+(?:\.[0-9]+)+|[a-z0-9]+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]")


class Word(NamedTuple):
    """A word with where it stands: `start` and `end` in characters of the text, `position` in words."""

    text: str
    start: int
    end: int
    position: int


def normalise(text: str) -> str:
    """Lower case and NFKC, where one character stays one character, so that places in the text hold."""
    return text.translate(_FOLDED)


class _Folded(dict[int, str]):
    """What each character becomes, found when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        forms = (unicodedata.normalize("NFKC", character).lower(), character.lower(), character)
        self[code] = next(form for form in forms if len(form) == 1)
        return self[code]


_FOLDED = _Folded()


def dictionary_words(text: str) -> Iterator[Word]:
    """Words as a dictionary cuts them, long words and the words inside them, single characters left out of runs."""
    position = 0
    for start, run in _runs(text):
        if not _HAN.match(run):
            yield Word(run, start, start + len(run), position)
            position += 1
            continue
        for word, begin, end in _segmenter().tokenize(run, mode="search"):
            yield Word(word, start + begin, start + end, position)
            position += 1


def pairs(text: str) -> Iterator[Word]:
    """Every two neighbouring Chinese characters (a lone one by itself), and everything else whole."""
    position = 0
    for start, run in _runs(text):
        is_han = _HAN.match(run) is not None
        size = 2 if is_han and len(run) > 1 else len(run)
        for begin in range(len(run) - size + 1):
            yield Word(run[begin : begin + size], start + begin, start + begin + size, position)
            position += 1
        position += 1  # a gap, so that no phrase reaches across punctuation


def segments(text: str) -> Iterator[str]:
    """The words of a query: each run cut once, without the words inside words."""
    for _, run in _runs(text):
        if _HAN.match(run):
            yield from _segmenter().cut(run)
        else:
            yield run


def is_han(text: str) -> bool:
    """Whether `text` holds a Chinese character."""
    return _HAN.search(text) is not None


def _runs(text: str) -> Iterator[tuple[int, str]]:
    return ((match.start(), match[0]) for match in _RUN.finditer(normalise(text)))


@cache
def _segmenter() -> "rjieba.Jieba":
    return rjieba.Jieba()
