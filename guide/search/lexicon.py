"""The guide's own words: what they mean the same as, how they are spelled in pinyin, how they sound. Pure.

Made by `guide.search.compiler` when the index is rebuilt and stored with it; queries only read it.
"""

import json
import re
from dataclasses import asdict, dataclass, field
from itertools import product
from pathlib import Path

FILE = "lexicon.json"
# Sounds that are easily taken for one another: zh/z, ch/c, sh/s, n/ng, l/n.
_FUZZY = ((re.compile(r"^([zcs])h"), r"\1"), (re.compile(r"ng$"), "n"), (re.compile(r"^l"), "n"))
_READINGS = 3  # readings of one character that are tried
_MOST_SOUNDS = 24


@dataclass(frozen=True)
class Lexicon:
    """`same` leads from a word to those that mean the same; `spelled` from full pinyin or initials, `english` from an
    English word, `sounds` from a fuzzy sound to words of the guide; `syllables` from a word to its pinyin, `readings`
    from a character to its fuzzy syllables, `usual` to the pinyin it mostly has. `dictionary` holds the words that are
    cut whole."""

    dictionary: tuple[str, ...] = ()
    same: dict[str, list[str]] = field(default_factory=dict)
    spelled: dict[str, list[str]] = field(default_factory=dict)
    syllables: dict[str, list[str]] = field(default_factory=dict)
    english: dict[str, list[str]] = field(default_factory=dict)
    sounds: dict[str, list[str]] = field(default_factory=dict)
    readings: dict[str, list[str]] = field(default_factory=dict)
    usual: dict[str, str] = field(default_factory=dict)

    def sounding_like(self, text: str) -> list[str]:
        """Words of the guide that sound like `text`, itself left out."""
        syllables = [self.readings.get(character, [])[:_READINGS] for character in text]
        keys = ["".join(choice) for choice, _ in zip(product(*syllables), range(_MOST_SOUNDS), strict=False)]
        return [word for key in dict.fromkeys(keys) for word in self.sounds.get(key, []) if word != text]

    def begun(self, characters: str, letters: str) -> list[str]:
        """Words that begin with `characters` and go on as `letters` spell, in pinyin or initials: 投su, 投s."""
        return [
            word
            for word, syllables in self.syllables.items()
            if word.startswith(characters) and len(word) > len(characters)
            and _is_spelled(syllables[len(characters) :], letters)
        ]  # fmt: skip


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
    values = json.loads((directory / FILE).read_text(encoding="utf-8"))
    return Lexicon(dictionary=tuple(values.pop("dictionary")), **values)


def _is_spelled(syllables: list[str], letters: str) -> bool:
    return "".join(syllables) == letters or "".join(syllable[0] for syllable in syllables) == letters
