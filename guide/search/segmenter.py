"""Chinese cut into words: the likeliest way by the frequencies of a dictionary. Pure.

The words and frequencies are those of jieba's general dictionary, of which nothing but the file is used. It is packed
once into a trie (marisa) and kept: 3 MB without a Python object, read in milliseconds and shared by forked processes,
where a segmenter that reads the text of the dictionary takes a tenth of a second and 30 MB.
"""

import hashlib
import math
import os
import struct
from array import array
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import metadata
from pathlib import Path

from marisa_trie import Trie

PACKAGE = "jieba"
# Above the frequency of any everyday word, so that the guide's own terms stay whole.
OWN_FREQUENCY = 200_000
_LOG_OWN = math.log(OWN_FREQUENCY)
LONGEST = 16  # characters of the longest word in the general dictionary
_REMEMBERED = 4_000  # runs: a principle is indexed by itself right after the section that it stands in
_HEAD = struct.Struct("<Q")  # how many bytes of the trie follow
_SUM = hashlib.blake2b().digest_size


class Dictionary:
    """Words with a number each; `frequencies[number]` says how often the word occurs in a large corpus."""

    def __init__(self, trie: Trie, frequencies: "array[int]") -> None:
        self._trie, self.frequencies = trie, frequencies
        self.total = sum(frequencies)

    def __contains__(self, word: str) -> bool:
        return word in self._trie

    def words(self) -> list[str]:
        """All words."""
        return list(self._trie)

    def frequency(self, word: str) -> int:
        """How often `word` occurs; 0 where it is not known."""
        return self.frequencies[self._trie[word]] if word in self._trie else 0

    def begun(self, text: str) -> Iterator[tuple[str, int]]:
        """The words that `text` begins with, the shortest first, each with its number."""
        found: Iterator[tuple[str, int]] = self._trie.iter_prefixes_with_ids(text)
        return found

    def tobytes(self) -> bytes:
        """All of it; the same words make the same bytes."""
        trie: bytes = self._trie.tobytes()
        return _HEAD.pack(len(trie)) + trie + self.frequencies.tobytes()


@dataclass
class Segmenter:
    """Cuts runs of Chinese characters by `general` and by `own`: words of two characters or more that stay whole."""

    general: Dictionary
    own: frozenset[str] = frozenset()
    _own_by_head: dict[str, list[str]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        for word in sorted(self.own, key=len):
            self._own_by_head.setdefault(word[:2], []).append(word)
        known = sum(map(self.general.frequency, self.own))
        self._log_total = math.log(self.general.total + OWN_FREQUENCY * len(self.own) - known)
        self.cut_for_search = lru_cache(_REMEMBERED)(self._cut_for_search)

    def cut(self, run: str) -> list[str]:
        """`run` as the likeliest sequence of words. No words are made up from likely sequences of characters: they would
        differ between a text and a question, and hide slips."""
        ends = self._likeliest_ends(run)
        words, start = [], 0
        while start < len(run):
            words.append(run[start : ends[start]])
            start = ends[start]
        return words

    def _cut_for_search(self, run: str) -> tuple[tuple[str, int], ...]:
        """The words of `run` with where they start; before each the words of two and three characters inside it."""
        found, start = [], 0
        for word in self.cut(run):
            for size in (2, 3):
                for offset in range(len(word) - size + 1) if len(word) > size else ():
                    part = word[offset : offset + size]
                    if part in self.own or part in self.general:
                        found.append((part, start + offset))
            found.append((word, start))
            start += len(word)
        return tuple(found)

    def _likeliest_ends(self, run: str) -> list[int]:
        """For each place in `run`, where the word ends that begins there in the likeliest sequence from there on: the
        greatest product of frequencies, each over their total (Viterbi, from the end; of equals the longer word)."""
        best, ends = [0.0] * (len(run) + 1), [0] * len(run)
        begun, frequencies, log, log_total = self.general.begun, self.general.frequencies, math.log, self._log_total
        for start in range(len(run) - 1, -1, -1):
            # Every character may stand alone, one that no dictionary knows as the rarest of words.
            likeliest, ends[start] = best[start + 1] - log_total, start + 1
            for word, number in begun(run[start : start + LONGEST]):
                likelihood = log(frequencies[number]) - log_total + best[start + len(word)]
                if likelihood >= likeliest:
                    likeliest, ends[start] = likelihood, start + len(word)
            for word in self._own_by_head.get(run[start : start + 2], ()):
                if run.startswith(word, start) and _LOG_OWN - log_total + best[start + len(word)] >= likeliest:
                    likeliest, ends[start] = _LOG_OWN - log_total + best[start + len(word)], start + len(word)
            best[start] = likeliest
        return ends


def pack(rows: Iterable[str]) -> Dictionary:
    """A dictionary of lines that each hold a word, its frequency and what follows, with blanks between."""
    found = {word: int(frequency) for word, frequency, *_ in (row.split(" ") for row in rows)}
    trie = Trie(found)
    frequencies = array("I", bytes(len(trie) * array("I").itemsize))
    for word, frequency in found.items():
        frequencies[trie[word]] = max(frequency, 1)
    return Dictionary(trie, frequencies)


def save(dictionary: Dictionary, path: Path) -> None:
    """Store `dictionary`; who reads meanwhile sees the old file or the new. Raises OSError."""
    waiting, data = path.with_name(f"{path.name}.{os.getpid()}"), dictionary.tobytes()
    try:
        waiting.write_bytes(hashlib.blake2b(data).digest() + data)
        waiting.replace(path)
    finally:
        waiting.unlink(missing_ok=True)


def load(path: Path) -> Dictionary:
    """Read what `save` stored. Raises OSError or ValueError when it is missing or broken."""
    found = memoryview(path.read_bytes())
    data = found[_SUM:]
    # A trie trusts its bytes: of broken ones it would read beyond their end.
    if hashlib.blake2b(data).digest() != found[:_SUM]:
        raise ValueError(f"{path} is not as it was written")
    (size,) = _HEAD.unpack_from(data)
    trie, frequencies = Trie(), array("I")
    trie.frombytes(bytes(data[_HEAD.size : _HEAD.size + size]))
    frequencies.frombytes(data[_HEAD.size + size :])
    return Dictionary(trie, frequencies)


def keep_in(directory: Path) -> None:
    """Tell where the packed dictionary is kept, from its first use on."""
    _kept.directory = directory


@cache
def general() -> Dictionary:
    """The general dictionary: as it is kept, or packed and, where that can be, kept."""
    if _kept.directory is None:
        return _packed()
    path = _kept.directory / f"general-{metadata.version(PACKAGE)}.trie"
    with suppress(OSError, ValueError):
        return load(path)
    packed = _packed()
    with suppress(OSError):  # a full disk, or no such directory yet: the next process packs it again
        save(packed, path)
    return packed


@dataclass
class _Kept:
    directory: Path | None = None


_kept = _Kept()


def _packed() -> Dictionary:
    """Packed from the package's own file, in 0.6 s; the package itself is not imported, for it reads that file again."""
    with open(str(metadata.distribution(PACKAGE).locate_file(f"{PACKAGE}/dict.txt")), encoding="utf-8") as rows:
        return pack(rows)
