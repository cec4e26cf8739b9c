"""Slips of spelling: a word of the guide put where something only sounds or looks like it. Pure.

Only characters that belong to no word of the language are changed.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

from guide.search import words
from guide.search.lexicon import Lexicon
from guide.search.queries import Query, parse

_WINDOW = range(7, 1, -1)  # characters of a word that may be misspelled, longest first
_MOST_TRIED = 40
# A question without its slip is taken for what was meant when its best section scores so many times as much.
GAIN = 2.0
_SHORTEST_PUT = 4


def correct(query: Query, lexicon: Lexicon, is_known: Callable[[str], bool]) -> Query | None:
    """`query` read anew without its slip; None where there is none.

    `is_known` tells the characters that the guide uses as words.

    Of several ways to mend it the one counts that leaves the fewest unknown characters.
    """
    asked = words.normalise(query.text)
    loose = _loose_characters(asked, is_known)
    mended = list(dict.fromkeys(islice(_mended(asked, loose, lexicon), _MOST_TRIED))) if loose else []
    if not mended:
        return None
    corrected = min(mended, key=lambda text: len(_loose_characters(text, is_known)))
    return replace(parse(corrected, lexicon), text=query.text, corrected=corrected)


def _mended(asked: str, loose: set[int], lexicon: Lexicon) -> Iterator[str]:
    """`asked` with one word put right, in every way there is; those that put the longest word right come first."""
    for size in _WINDOW:
        for start in range(len(asked) - size + 1):
            own = {place - start for place in loose if start <= place < start + size}
            for word in _meant(asked[start : start + size], own, lexicon):
                yield asked[:start] + word + asked[start + size :]


def _meant(window: str, loose: set[int], lexicon: Lexicon) -> Iterator[str]:
    """Words that may be meant by `window`, whose characters at the places `loose` belong to no known word."""
    if not loose:
        return
    for word in lexicon.sounding_like(window):
        changed = {place for place, pair in enumerate(zip(window, word, strict=False)) if pair[0] != pair[1]}
        if len(word) == len(window) and changed <= loose and len(changed) < len(window):
            yield word
    for word in lexicon.looking_like(window):
        edited = _edited(window, word)
        # One of three characters put for another is more often another word than a slip.
        if edited <= loose and (len(word) >= _SHORTEST_PUT or len(word) != len(window) or len(edited) > 1):
            yield word


def _edited(window: str, word: str) -> set[int]:
    """The places of `window` that one edit changes to make it `word`: a character put for another, left out, put in
    twice, or two that changed places. Places that are not in `window` when it takes more."""
    start = next((place for place, pair in enumerate(zip(window, word, strict=False)) if pair[0] != pair[1]), len(word))
    rest, other = window[start:], word[start:]
    if len(rest) == len(other) and (rest[1:] == other[1:] or (rest[2:] == other[2:] and rest[:2] == other[1::-1])):
        return {start} if rest[1:] == other[1:] else {start, start + 1}
    if rest[1:] == other:
        return {start}
    return {max(start - 1, 0)} if rest == other[1:] else {-1}


def _loose_characters(asked: str, is_known: Callable[[str], bool]) -> set[int]:
    """The places in `asked` of Chinese characters that no word of the language covers, and that the guide does not use
    by themselves."""
    loose, at = {place for place, character in enumerate(asked) if words.is_han(character)}, 0
    for word in words.segments(asked):
        at = asked.index(word, at)
        if len(word) > 1 or is_known(word):
            loose -= set(range(at, at + len(word)))
        at += len(word)
    return loose
