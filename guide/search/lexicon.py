"""The guide's own words: what they mean the same as, how they are spelled in pinyin, how they sound. Pure.

Made by `guide.search.compiler` when the index is rebuilt and stored with it; queries only read it.
"""

import json
import re
from dataclasses import asdict, dataclass, field
from functools import cache, cached_property
from itertools import product
from pathlib import Path
from typing import Any

FILE = "lexicon.json"
# Sounds that are easily taken for one another: zh/z, ch/c, sh/s, n/ng, l/n.
_FUZZY = ((re.compile(r"^([zcs])h"), r"\1"), (re.compile(r"ng$"), "n"), (re.compile(r"^l"), "n"))
_READINGS = 3  # readings of one character that are tried
_MOST_SOUNDS = 24
_SHORTEST_LIKE = 3  # characters of a word that may be known by its look


@dataclass(frozen=True)
class Lexicon:
    """`same` leads from a word to those that mean the same; `spelled` from full pinyin or initials, `english` from an
    English word, `sounds` from a fuzzy sound to words of the guide; `syllables` from a word to its pinyin, `readings`
    from a character to its fuzzy syllables, `usual` to the pinyin it mostly has. `dictionary` holds the words that are
    cut whole, `own` those that the editors have gathered."""

    dictionary: tuple[str, ...] = ()
    same: dict[str, list[str]] = field(default_factory=dict)
    spelled: dict[str, list[str]] = field(default_factory=dict)
    syllables: dict[str, list[str]] = field(default_factory=dict)
    english: dict[str, list[str]] = field(default_factory=dict)
    sounds: dict[str, list[str]] = field(default_factory=dict)
    readings: dict[str, list[str]] = field(default_factory=dict)
    own: list[str] = field(default_factory=list)
    usual: dict[str, str] = field(default_factory=dict)

    def is_own(self, word: str) -> bool:
        """Whether the guide's editors have gathered `word`: as a synonym, a term or a keyword."""
        return word in self._own

    @cached_property
    def _own(self) -> frozenset[str]:
        return frozenset(self.own)

    def sounding_like(self, text: str) -> list[str]:
        """Words of the guide that sound like `text`, itself left out."""
        syllables = [self.readings.get(character, [])[:_READINGS] for character in text]
        keys = ["".join(choice) for choice, _ in zip(product(*syllables), range(_MOST_SOUNDS), strict=False)]
        return [word for key in dict.fromkeys(keys) for word in self.sounds.get(key, []) if word != text]

    def looking_like(self, text: str) -> list[str]:
        """Words of three characters or more that are one edit away from `text`, or two as when neighbours change places."""
        found = [word for key in _shortened(text) for word in self._by_shortened.get(key, "").split()]
        return [word for word in dict.fromkeys(found) if word != text]

    @cached_property
    def _by_shortened(self) -> dict[str, str]:
        """Words by what is left of them when one character is left out, and by themselves (Garbe's SymSpell); with
        blanks between where there are several, as lists of one would take most of the memory."""
        by_shortened: dict[str, str] = {}
        for word in self.syllables:
            for key in _shortened(word) if len(word) >= _SHORTEST_LIKE else ():
                by_shortened[key] = f"{by_shortened[key]} {word}" if key in by_shortened else word
        return by_shortened

    def begun(self, characters: str, letters: str) -> list[str]:
        """Words that begin with `characters` and go on as `letters` spell, in pinyin or initials: 投su, 投s."""
        return [
            word
            for word, syllables in self.syllables.items()
            if word.startswith(characters) and len(word) > len(characters)
            and _is_spelled(syllables[len(characters) :], letters)
        ]  # fmt: skip


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
    waiting = directory / f"{FILE}.new"
    waiting.write_text(json.dumps(asdict(lexicon), ensure_ascii=False), encoding="utf-8")
    waiting.replace(directory / FILE)


def load(directory: Path) -> Lexicon:
    """Read the lexicon of the index in `directory`. Raises OSError or ValueError when it is missing or broken."""
    values = _interned(json.loads((directory / FILE).read_text(encoding="utf-8")), {})
    return Lexicon(dictionary=tuple(values.pop("dictionary")), **values)


def _interned(value: Any, known: dict[str, str]) -> Any:
    """`value` as read from JSON, with each text once in memory: most stand in many lists."""
    if isinstance(value, str):
        return known.setdefault(value, value)
    if isinstance(value, list):
        return [_interned(one, known) for one in value]
    return {known.setdefault(key, key): _interned(one, known) for key, one in value.items()}


def _is_spelled(syllables: list[str], letters: str) -> bool:
    return "".join(syllables) == letters or "".join(syllable[0] for syllable in syllables) == letters
