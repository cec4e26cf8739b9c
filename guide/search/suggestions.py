"""What to suggest as one types: titles, principles and terms, by their beginning, by words inside them, by pinyin.

What was typed becomes one regular expression that is looked for in the text of the shelf.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import Any
from weakref import WeakKeyDictionary

from guide.pages.models import Page
from guide.pages.outline import Outline
from guide.search import index, words
from guide.search.catalogue import Catalogue, Entry, Rule, catalogue_for
from guide.search.documents import PRINCIPLE, SOURCE, TERM
from guide.search.lexicon import Lexicon
from guide.search.shelf import Shelf

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


_kept: "WeakKeyDictionary[Catalogue, Shelf]" = WeakKeyDictionary()


def suggest(text: str, user: Any, outline: Outline) -> tuple[Suggestion, ...]:
    """At most MOST things that `text` may be the beginning of, the likeliest first, as `user` sees them in `outline`."""
    typed = "".join(words.normalise(text[:LONGEST]).split())
    shelf = _shelf(user, outline)
    found = [_of(entry) for number, entry in shelf.numbered.items() if typed and number.startswith(typed)]
    if not typed or found:
        return tuple(found[:MOST])
    return _best(_matches(typed, shelf), shelf, MOST)


def nearest(text: str, user: Any, outline: Outline) -> tuple[Suggestion, ...]:
    """What has the most pairs of neighbouring sounds in common with `text`; few or none."""
    shelf = _shelf(user, outline)
    typed = shelf.pairs(words.normalise(text[:LONGEST]))
    if not typed:
        return _begun(text, user, outline)
    shared = Counter(place for pair in typed for place in shelf.holding(pair))
    alike = ((place, (-count / len(typed), _behind(place, shelf))) for place, count in sorted(shared.items()))
    return _best(((place, worth) for place, worth in alike if -worth[0] >= _ALIKE), shelf, _NEAREST)


def _best(found: Iterable[tuple[int, Any]], shelf: Shelf, most: int) -> tuple[Suggestion, ...]:
    """At most `most` of the lines that were found, the least behind first, and of each bearer the best one."""
    best: dict[str, tuple[Any, int]] = {}
    for place, worth in found:
        url = _url(*shelf.bearer(place))
        if url not in best or worth < best[url][0]:
            best[url] = (worth, place)
    chosen = sorted(best.values(), key=itemgetter(0))[:most]
    return tuple(_of(*shelf.bearer(place), shelf.other(place)) for _, place in chosen)


def _begun(text: str, user: Any, outline: Outline) -> tuple[Suggestion, ...]:
    """What is suggested for the longest beginning of `text` for which anything is."""
    typed = "".join(text.split())[:LONGEST]
    tries = (suggest(typed[:length], user, outline) for length in range(len(typed) - 1, 1, -1))
    return next((found[:_NEAREST] for found in tries if found), ())


def _shelf(user: Any, outline: Outline) -> Shelf:
    """The shelf of this version of the guide, with the lexicon as it is now."""
    catalogue = catalogue_for(user, outline)
    try:
        lexicon = index.lexicon()
    except index.IndexUnavailable:
        lexicon = Lexicon()
    shelf = _kept.get(catalogue)
    if shelf is None or (shelf.lexicon is not lexicon and not lexicon.is_empty):
        shelf = _kept[catalogue] = Shelf(catalogue, lexicon)
    return shelf


def _of(entry: Entry, rule: Rule | None = None, through: str = "") -> Suggestion:
    number = entry.number if rule else entry.number or entry.section
    return Suggestion(_kind(entry, rule), (rule or entry).title, _url(entry, rule), number, through)


def _url(entry: Entry, rule: Rule | None) -> str:
    return f"{entry.url}#{rule.slug}" if rule else entry.url


def _kind(entry: Entry, rule: Rule | None) -> str:
    return PRINCIPLE if rule else entry.kind


def _matches(typed: str, shelf: Shelf) -> Iterator[tuple[int, float]]:
    """The lines that `typed` is the beginning of something in, each with how far it stands behind."""
    seen = -1
    for match in islice(re.finditer(_pattern(typed), shelf.spelled), _SCANNED):
        place, start = shelf.line_at(match.start())
        if place != seen:
            seen = place
            yield place, _worth(typed, match, place, start, shelf)


def _worth(typed: str, match: re.Match[str], place: int, start: int, shelf: Shelf) -> float:
    """How far a match stands behind the best there could be."""
    is_inside = match.start() > start + 1
    is_whole = not is_inside and _LINE_END.match(match.string, match.end()) is not None
    is_short = typed.isascii() and typed != "".join(re.findall(r"[a-z0-9.]+", match[0]))
    behind = _INSIDE * is_inside - _WHOLE * is_whole + _INITIALS * is_short + _OTHER_WORD * bool(shelf.other(place))
    return behind + _behind(place, shelf, longest=30)


def _behind(place: int, shelf: Shelf, longest: int | None = None) -> float:
    """How far the line at `place` stands behind its equals, by what it leads to and by its length."""
    entry, rule = shelf.bearer(place)
    return _BEHIND.get(_kind(entry, rule), 1.0) + len((shelf.other(place) or (rule or entry).title)[:longest]) / 100


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
