"""What to suggest as one types: titles, principles and terms, by their beginning, by words inside them, by pinyin.

All that can be suggested is one long text in memory, a line each, in which every Chinese character is followed by its
pinyin; what was typed becomes one regular expression that is looked for in it.
"""

import re
from array import array
from bisect import bisect
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, islice, pairwise
from typing import Any
from weakref import WeakKeyDictionary

from guide.pages.models import Page
from guide.pages.outline import Outline
from guide.search import index, words
from guide.search.catalogue import Catalogue, Entry, catalogue_for
from guide.search.documents import PRINCIPLE, SOURCE, TERM
from guide.search.lexicon import Lexicon

MOST = 8
LONGEST = 40  # characters that are looked at
_SCANNED = 400  # matches among which the best are chosen
_NEAREST = 6
_ALIKE = 0.4  # the share of the pairs of what was typed that something near must have
# How far behind its equals a kind stands: what one came for is a section or a term, a story seldom.
_BEHIND = {
    Page.Kind.SECTION: 0.0, TERM: 0.15, Page.Kind.CARD: 0.3, PRINCIPLE: 0.35, Page.Kind.CHAPTER: 0.4, SOURCE: 0.7,
    Page.Kind.DRILL: 0.8, Page.Kind.CASE: 0.9,
}  # fmt: skip
_INSIDE, _OTHER_WORD, _INITIALS, _WHOLE = 0.3, 0.25, 0.3, 0.3
_UNIT = re.compile(r"[a-z0-9.]|[\u3400-\u9fff]")
_LATIN = re.compile(r"[a-z0-9.]+")
_REST = "[a-z0-9.]*"  # what is left of a syllable
_LINE_END = re.compile(_REST + r"(?:\n|\Z)")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing to go to: `words` is its title, `number` that of its section, `through` the alias or question that was
    typed."""

    kind: str
    words: str
    url: str
    number: str = ""
    through: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    """A title, or another word for what bears it, by which it can be found."""

    suggestion: Suggestion
    text: str


class _Shelf:
    """Everything that can be suggested from one catalogue, spelled by one lexicon."""

    def __init__(self, catalogue: Catalogue, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.lines = [_Line(suggestion, text) for suggestion, text in _offered(catalogue)]
        self.numbers = {entry.number: _of(entry) for entry in catalogue.pages.values() if entry.number}
        spelled = ["\n" + _spelled(line.text, lexicon) for line in self.lines]
        self.starts = [0, *accumulate(map(len, spelled))][:-1]
        self.text = "".join(spelled)

    @cached_property
    def holding(self) -> "dict[tuple[str, str], array[int]]":
        """The places of the lines that hold each two neighbouring sounds."""
        holding: dict[tuple[str, str], array[int]] = {}
        for place, line in enumerate(self.lines):
            for pair in _pairs(line.text, self.lexicon):
                holding.setdefault(pair, array("I")).append(place)
        return holding


_kept: "WeakKeyDictionary[Catalogue, _Shelf]" = WeakKeyDictionary()


def suggest(text: str, user: Any, outline: Outline) -> tuple[Suggestion, ...]:
    """At most MOST things that `text` may be the beginning of, the likeliest first, as `user` sees them in `outline`."""
    typed = "".join(words.normalise(text[:LONGEST]).split())
    shelf = _shelf(user, outline)
    found = [shelf.numbers[number] for number in shelf.numbers if typed and number.startswith(typed)]
    if not typed or found:
        return tuple(found[:MOST])
    best: dict[str, tuple[float, Suggestion]] = {}
    for line, worth in _matches(typed, shelf):
        if worth < best.get(line.suggestion.url, (9.0,))[0]:
            best[line.suggestion.url] = (worth, line.suggestion)
    return tuple(suggestion for _, suggestion in sorted(best.values(), key=lambda pair: pair[0])[:MOST])


def nearest(text: str, user: Any, outline: Outline) -> tuple[Suggestion, ...]:
    """What has the most pairs of neighbouring sounds in common with `text`; few or none."""
    shelf = _shelf(user, outline)
    typed = _pairs(words.normalise(text[:LONGEST]), shelf.lexicon)
    if not typed:
        return _begun(text, user, outline)
    alike: dict[str, tuple[float, float, Suggestion]] = {}
    shared = Counter(place for pair in typed for place in shelf.holding.get(pair, ()))
    for place in sorted(shared):
        line, share = shelf.lines[place], shared[place] / len(typed)
        worth = (-share, _BEHIND.get(line.suggestion.kind, 1.0) + len(line.text) / 100)
        if share >= _ALIKE and worth < alike.get(line.suggestion.url, (0.0, 0.0))[:2]:
            alike[line.suggestion.url] = (*worth, line.suggestion)
    return tuple(suggestion for *_, suggestion in sorted(alike.values(), key=lambda row: row[:2])[:_NEAREST])


def _begun(text: str, user: Any, outline: Outline) -> tuple[Suggestion, ...]:
    """What is suggested for the longest beginning of `text` for which anything is."""
    typed = "".join(text.split())[:LONGEST]
    tries = (suggest(typed[:length], user, outline) for length in range(len(typed) - 1, 1, -1))
    return next((found[:_NEAREST] for found in tries if found), ())


def _shelf(user: Any, outline: Outline) -> _Shelf:
    """The shelf of this version of the guide, with the lexicon as it is now."""
    catalogue = catalogue_for(user, outline)
    try:
        lexicon = index.lexicon()
    except index.IndexUnavailable:
        lexicon = Lexicon()
    shelf = _kept.get(catalogue)
    if shelf is None or (shelf.lexicon is not lexicon and not lexicon.is_empty):
        shelf = _kept[catalogue] = _Shelf(catalogue, lexicon)
    return shelf


def _offered(catalogue: Catalogue) -> Iterator[tuple[Suggestion, str]]:
    """All that can be suggested, each with a text by which it is found."""
    for entry in catalogue.entries.values():
        yield _of(entry), words.normalise(entry.title)
        for other in entry.others:
            yield _of(entry, other), words.normalise(other)
        for rule in entry.rules:
            url = f"{entry.url}#{rule.slug}"
            for through in ("", *rule.asked):
                yield Suggestion(PRINCIPLE, rule.title, url, entry.number, through), words.normalise(through or rule.title)


def _of(entry: Entry, through: str = "") -> Suggestion:
    return Suggestion(entry.kind, entry.title, entry.url, entry.number or entry.section, through)


def _matches(typed: str, shelf: _Shelf) -> Iterator[tuple[_Line, float]]:
    """The lines that `typed` is the beginning of something in, each with how far it stands behind."""
    seen = -1
    for match in islice(re.finditer(_pattern(typed), shelf.text), _SCANNED):
        place = bisect(shelf.starts, match.start()) - 1
        if place != seen:
            seen = place
            yield shelf.lines[place], _worth(typed, match, shelf.lines[place], shelf.starts[place])


def _worth(typed: str, match: re.Match[str], line: _Line, start: int) -> float:
    """How far a match stands behind the best there could be."""
    is_inside = match.start() > start + 1
    is_whole = not is_inside and _LINE_END.match(match.string, match.end()) is not None
    is_short = typed.isascii() and typed != "".join(re.findall(r"[a-z0-9.]+", match[0]))
    behind = _INSIDE * is_inside - _WHOLE * is_whole + _INITIALS * is_short + _OTHER_WORD * bool(line.suggestion.through)
    return behind + _BEHIND.get(line.suggestion.kind, 1.0) + min(len(line.text), 30) / 100


def _pattern(typed: str) -> str:
    """What finds `typed` in spelled text: a character is itself, a letter goes on in a syllable or begins the next."""
    parts, before = [], ""
    for unit in _UNIT.findall(typed):
        letter = re.escape(unit)
        if not unit.isascii():
            parts.append(rf"{_REST if before else ''}\|{letter}")
        elif before and before.isascii():
            parts.append(rf"(?:{letter}|{_REST}\|.{letter})")
        else:
            parts.append(rf"{_REST if before else ''}\|.{letter}")
        before = unit
    return "".join(parts) or r"(?!)"


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


def _pairs(text: str, lexicon: Lexicon) -> frozenset[tuple[str, str]]:
    """Each two neighbouring sounds of `text`."""
    sounds = [(lexicon.readings(character) or [character])[0] for character in text if words.is_han(character)]
    return frozenset(pairwise(sounds))
