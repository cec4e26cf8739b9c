"""The guide's own words: what they mean the same as, how they are spelled in pinyin, how they sound. Pure.

Made by `guide.search.compiler` when the index is rebuilt and stored with it; queries only read it. All of it is one trie
(marisa): half a megabyte without a single Python object, so that reading it costs neither time nor memory of each process.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from pathlib import Path

from marisa_trie import BytesTrie

FILE = "lexicon.trie"
# Sounds that are easily taken for one another: zh/z, ch/c, sh/s, n/ng, l/n.
_FUZZY = ((re.compile(r"^([zcs])h"), r"\1"), (re.compile(r"ng$"), "n"), (re.compile(r"^l"), "n"))
_READINGS = 3  # readings of one character that are tried
_MOST_SOUNDS = 24
_SHORTEST_LIKE = 3  # characters of a word that may be known by its look
LONGEST = 8  # characters of a word that is spelled out
_SUM = hashlib.blake2b().digest_size
# The shelves of the trie: every key begins with the sign of its own.
_SAME, _SPELLED, _SYLLABLES, _ENGLISH, _SOUNDS, _READING, _USUAL, _OWN, _CUT, _SHORTENED = "=#+@~?!*/-"

Lists = Mapping[str, Sequence[str]]


class Lexicon:
    """What the guide knows of its words. A word is a text as `words.normalise` leaves it; lists have the likeliest first."""

    def __init__(self, trie: BytesTrie | None = None) -> None:
        self._trie = trie or BytesTrie()
        self.dictionary = tuple(sorted(key[1:] for key in self._trie.iterkeys(_CUT)))

    @property
    def is_empty(self) -> bool:
        """Whether it knows no word at all, as where there is no index yet."""
        return len(self._trie) == 0

    def same(self, word: str) -> list[str]:
        """The words that mean the same as `word`."""
        return self._list(_SAME, word)

    def spelled(self, letters: str) -> list[str]:
        """The words that `letters` are the full pinyin or the initials of."""
        return self._list(_SPELLED, letters)

    def english(self, word: str) -> list[str]:
        """The terms whose English name holds `word`."""
        return self._list(_ENGLISH, word)

    def readings(self, character: str) -> list[str]:
        """Every syllable, fuzzy, that `character` may be read as."""
        return self._list(_READING, character)

    def sound(self, character: str) -> str:
        """The syllable, fuzzy, that `character` is likeliest read as; itself where that is not known."""
        return next(iter(self.readings(character)), character)

    def usual(self, character: str) -> str:
        """The pinyin that `character` mostly has; empty where that is not known."""
        return next(iter(self._list(_USUAL, character)), "")

    def is_own(self, word: str) -> bool:
        """Whether the guide's editors have gathered `word`: as a synonym, a term or a keyword."""
        return _OWN + word in self._trie

    def words(self) -> list[str]:
        """The words that are known by what they mean the same as, and those known by their sound."""
        return list(dict.fromkeys([key[1:] for sign in (_SAME, _SYLLABLES) for key in self._trie.iterkeys(sign)]))

    def syllables(self, text: str) -> list[str]:
        """The pinyin of the longest word that `text` begins with, a syllable a character; empty where there is none."""
        known = self._trie.prefixes(_SYLLABLES + text[:LONGEST])
        return self._list(_SYLLABLES, max(known, key=len)[1:])[1:] if known else []

    def sounding_like(self, text: str) -> list[str]:
        """Words of the guide that sound like `text`, itself left out."""
        syllables = [self.readings(character)[:_READINGS] for character in text]
        keys = ["".join(choice) for choice, _ in zip(product(*syllables), range(_MOST_SOUNDS), strict=False)]
        return [word for key in dict.fromkeys(keys) for word in self._list(_SOUNDS, key) if word != text]

    def looking_like(self, text: str) -> list[str]:
        """Words of three characters or more that are one edit away from `text`, or two as when neighbours change places."""
        found = [word for key in _shortened(text) for word in self._list(_SHORTENED, key)]
        return [word for word in dict.fromkeys(found) if word != text]

    def begun(self, characters: str, letters: str) -> list[str]:
        """Words that begin with `characters` and go on as `letters` spell, in pinyin or initials: 投su, 投s."""
        found = []
        for key in self._trie.iterkeys(_SYLLABLES + characters):
            place, *syllables = self._list(_SYLLABLES, key[1:])
            if len(key) > len(characters) + 1 and _is_spelled(syllables[len(characters) :], letters):
                found.append((int(place), key[1:]))
        return [word for _, word in sorted(found)]

    def cut_with(self, dictionary: Iterable[str]) -> "Lexicon":
        """The same with another `dictionary`."""
        kept = [row for row in self._trie.iteritems() if not row[0].startswith(_CUT)]
        return Lexicon(BytesTrie([*kept, *_rows({_CUT: dict.fromkeys(dictionary, ())})]))

    def tobytes(self) -> bytes:
        """All of it; the same words make the same bytes."""
        return bytes(self._trie.tobytes())

    def _list(self, sign: str, key: str) -> list[str]:
        found = self._trie.get(sign + key)
        return found[0].decode().split("\n") if found else []


def make(
    *, dictionary: Iterable[str] = (), same: Lists | None = None, spelled: Lists | None = None, syllables: Lists | None = None,
    english: Lists | None = None, sounds: Lists | None = None, readings: Lists | None = None, own: Iterable[str] = (),
    usual: Mapping[str, str] | None = None,
) -> Lexicon:  # fmt: skip
    """A lexicon in which `same` leads from a word to those that mean the same; `spelled` from full pinyin or initials,
    `english` from an English word, `sounds` from a fuzzy sound to words of the guide; `syllables` from a word to its
    pinyin, the likeliest word first, `readings` from a character to its fuzzy syllables, `usual` to the pinyin it mostly
    has. `dictionary` holds the words that are cut whole, `own` those that the editors have gathered."""
    placed = {word: [str(place), *parts] for place, (word, parts) in enumerate((syllables or {}).items())}
    lists = {
        _SAME: same, _SPELLED: spelled, _SYLLABLES: placed, _ENGLISH: english, _SOUNDS: sounds, _READING: readings,
        _USUAL: {character: [reading] for character, reading in (usual or {}).items()},
        _SHORTENED: _by_shortened(placed), _OWN: dict.fromkeys(own, ()), _CUT: dict.fromkeys(dictionary, ()),
    }  # fmt: skip
    return Lexicon(BytesTrie(_rows(lists)))


def _rows(lists: Mapping[str, Lists | None]) -> Iterator[tuple[str, bytes]]:
    for sign, found in lists.items():
        for key, values in (found or {}).items():
            if values or sign in (_OWN, _CUT):
                yield sign + key, "\n".join(values).encode()


def _by_shortened(known: Iterable[str]) -> dict[str, list[str]]:
    """Words by what is left of them when one character is left out, and by themselves (Garbe's SymSpell)."""
    found: dict[str, list[str]] = {}
    for word in known:
        for key in _shortened(word) if len(word) >= _SHORTEST_LIKE else ():
            found.setdefault(key, []).append(word)
    return found


def _shortened(text: str) -> list[str]:
    return list(dict.fromkeys([text, *(text[:place] + text[place + 1 :] for place in range(len(text)))]))


@cache
def fuzzy(syllable: str) -> str:
    """A syllable with the sounds made equal that are easily taken for one another."""
    for pattern, plain in _FUZZY:
        syllable = pattern.sub(plain, syllable)
    return syllable


def save(lexicon: Lexicon, directory: Path) -> None:
    """Store `lexicon` with the index in `directory`; who reads meanwhile sees the old one or the new."""
    waiting, data = directory / f"{FILE}.new", lexicon.tobytes()
    waiting.write_bytes(hashlib.blake2b(data).digest() + data)
    waiting.replace(directory / FILE)


def load(directory: Path) -> Lexicon:
    """Read the lexicon of the index in `directory`. Raises OSError or ValueError when it is missing or broken."""
    found = (directory / FILE).read_bytes()
    # A trie trusts its bytes: of broken ones it would read beyond their end.
    if hashlib.blake2b(found[_SUM:]).digest() != found[:_SUM]:
        raise ValueError(f"{directory / FILE} is not as it was written")
    return Lexicon(BytesTrie().frombytes(found[_SUM:]))


def _is_spelled(syllables: list[str], letters: str) -> bool:
    return "".join(syllables) == letters or "".join(syllable[0] for syllable in syllables) == letters
