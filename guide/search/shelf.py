"""All that can be suggested from one catalogue, in little memory: each process holds one for every kind of reader.

Titles, keywords and ways of asking are one long text, a line each, in which every Chinese character is followed by its
pinyin. What bears a line is an object of the catalogue; nothing is made for a line that nobody asks for.
"""

import re
from array import array
from bisect import bisect, bisect_left
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate, pairwise

from guide.search import words
from guide.search.catalogue import Catalogue, Entry, Rule
from guide.search.lexicon import Lexicon

_LATIN = re.compile(r"[a-z0-9.]+")
_PLACE_BITS = 32
_SOUND_BITS = 16

Pair = tuple[str, str]


class Shelf:
    """The lines of `catalogue`, spelled by `lexicon`. The bearer of a line is an entry or, of an entry, a principle."""

    def __init__(self, catalogue: Catalogue, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.numbered = {entry.number: entry for entry in catalogue.pages.values() if entry.number}
        lines = list(_lines(catalogue))
        self._bearers: list[tuple[Entry, Rule | None]] = [bearer for bearer, _ in lines]
        self._others = [other for _, other in lines]
        spelled = ["\n" + _spelled(self.text(place), lexicon) for place in range(len(lines))]
        self._starts = array("I", [0, *accumulate(map(len, spelled))][:-1])
        self.spelled = "".join(spelled)

    def bearer(self, place: int) -> tuple[Entry, Rule | None]:
        """What the line at `place` leads to; lines that lead to the same have the same bearer."""
        return self._bearers[place]

    def other(self, place: int) -> str:
        """The alias, keyword or question that the line at `place` consists of; empty where that is the bearer's title."""
        return self._others[place]

    def text(self, place: int) -> str:
        """The line at `place` as `words.normalise` leaves it."""
        entry, rule = self._bearers[place]
        return words.normalise(self._others[place] or (rule or entry).title)

    def line_at(self, offset: int) -> tuple[int, int]:
        """The place of the line that holds `offset` of `spelled`, and the offset where that line begins."""
        place = bisect(self._starts, offset) - 1
        return place, self._starts[place]

    def holding(self, pair: Pair) -> Iterator[int]:
        """The places of the lines in which these two sounds are neighbours."""
        first, second = (self._sounds.get(sound) for sound in pair)
        if first is not None and second is not None:
            begin = (first << _SOUND_BITS | second) << _PLACE_BITS
            for at in range(bisect_left(self._held, begin), bisect_left(self._held, begin + (1 << _PLACE_BITS))):
                yield self._held[at] - begin

    def pairs(self, text: str) -> frozenset[Pair]:
        """Each two neighbouring sounds of `text`."""
        return frozenset(pairwise(self.lexicon.sound(character) for character in text if words.is_han(character)))

    @cached_property
    def _sounds(self) -> dict[str, int]:
        """Every sound of the lines, numbered."""
        return {sound: number for number, sound in enumerate(sorted(set(self._heard().values())))}

    @cached_property
    def _held(self) -> "array[int]":
        """Of every two neighbouring sounds and every line that holds them: both numbers and its place, as one integer."""
        return array("Q", sorted(self._codes()))

    def _codes(self) -> Iterator[int]:
        numbers = {character: self._sounds[sound] for character, sound in self._heard().items()}
        for place in range(len(self._bearers)):
            heard = [numbers[character] for character in self.text(place) if character in numbers]
            for first, second in set(pairwise(heard)):
                yield (first << _SOUND_BITS | second) << _PLACE_BITS | place

    def _heard(self) -> dict[str, str]:
        """The sound of every Chinese character of the lines."""
        characters = {character for place in range(len(self._bearers)) for character in self.text(place)}
        return {character: self.lexicon.sound(character) for character in characters if words.is_han(character)}


def _lines(catalogue: Catalogue) -> Iterator[tuple[tuple[Entry, Rule | None], str]]:
    """The bearer of each line, and the line itself where it is not the bearer's title."""
    for entry in catalogue.entries.values():
        bearer: tuple[Entry, Rule | None] = (entry, None)
        yield bearer, ""
        for other in entry.others:
            yield bearer, other
        for rule in entry.rules:
            bearer = (entry, rule)
            for other in ("", *rule.asked):
                yield bearer, other


def _spelled(text: str, lexicon: Lexicon) -> str:
    """`text` with every character followed by its pinyin: |投tou|诉su; what is no Chinese follows a ~: |~kyc."""
    parts, at = [], 0
    while at < len(text):
        if not words.is_han(text[at]):
            run = _LATIN.match(text, at)
            parts.append(f"|~{run[0]}" if run else "")
            at = run.end() if run else at + 1
            continue
        syllables = lexicon.syllables(text[at:]) or [lexicon.usual(text[at])]
        parts += [f"|{character}{syllable}" for character, syllable in zip(text[at:], syllables, strict=False)]
        at += len(syllables)
    return "".join(parts)
