"""The passage of a text that best shows the words asked for, with those words marked; the only safe HTML of search."""

import re
from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString, mark_safe

from guide.search import words
from guide.search.queries import ASKING

LENGTH = 90  # characters
_LEAD = 36  # characters shown before the first marked word, at most
_SENTENCE = re.compile(r"[。！？；…!?]+[”’」』）)]*\s*|\n")
_CLAUSE = re.compile(r"[，、：,:\s]+")

Span = tuple[int, int]


def markable(asked: Iterable[str]) -> tuple[str, ...]:
    """Those of the words `asked` for that are worth marking, the longest first: no asking words, and single characters
    only where nothing longer was asked."""
    kept = sorted({word for word in asked if word not in ASKING}, key=lambda word: (-len(word), word))
    long = tuple(word for word in kept if len(word) > 1)
    return long or tuple(word for word in kept if words.is_han(word))


def flatten(text: str) -> str:
    """`text` with one space for every run of spaces, and one line a block."""
    return re.sub(r"[^\S\n]+", " ", re.sub(r"\s*\n\s*", "\n", text)).strip()


def cut(text: str, marked: tuple[str, ...]) -> SafeString:
    """At most LENGTH characters of `text` around where most of `marked` stands together, from a sentence's start if
    one is near. `marked` is as `markable` gives it."""
    flat = flatten(text)
    spans = _spans(words.normalise(flat), marked)
    start = _start_before(flat, _best_start(flat, spans)) if spans else 0
    end = min(len(flat), start + LENGTH)
    flat = flat.replace("\n", " ")
    html = _mark(flat, start, end, [(begin, stop) for begin, stop in spans if begin >= start and stop <= end])
    return mark_safe(("…" if start else "") + html + ("…" if end < len(flat) else ""))


def mark_words(text: str, marked: tuple[str, ...]) -> SafeString:
    """The whole of `text` with the words of `marked` marked."""
    return mark_all(text, _spans(words.normalise(text), marked))


def mark_all(text: str, spans: list[Span]) -> SafeString:
    """The whole of `text` with `spans` (start and end in characters, in order, none overlapping) marked."""
    return mark_safe(_mark(text, 0, len(text), spans))


def _spans(text: str, marked: tuple[str, ...]) -> list[Span]:
    """Where the words stand, in order, none overlapping; longer words win."""
    taken, spans = bytearray(len(text)), []
    for word in sorted(marked, key=len, reverse=True):
        begin = text.find(word)
        while begin >= 0:
            stop = begin + len(word)
            if not any(taken[begin:stop]):
                taken[begin:stop] = b"x" * len(word)
                spans.append((begin, stop))
            begin = text.find(word, stop)
    return sorted(spans)


def _best_start(text: str, spans: list[Span]) -> int:
    """Where the stretch begins that holds the most different characters of the words; the first of equals."""
    best, most = 0, 0
    for place, (begin, _) in enumerate(spans):
        near = {text[other:stop] for other, stop in spans[place : place + 12] if stop - begin <= LENGTH - _LEAD}
        held = sum(map(len, near))
        if held > most:
            best, most = begin, held
    return best


def _start_before(text: str, place: int) -> int:
    """The start of the sentence, else of the last clause, that `place` stands in, at most _LEAD characters before it."""
    earliest = max(0, place - _LEAD)
    before = text[earliest:place]
    if earliest == 0 and not _SENTENCE.search(before):
        return 0
    for pattern in (_SENTENCE, _CLAUSE):
        if ends := [match.end() for match in pattern.finditer(before)]:
            return earliest + ends[-1]
    return max(earliest, place - _LEAD // 2)


def _mark(text: str, start: int, end: int, spans: list[Span]) -> str:
    html, at = [], start
    for begin, stop in spans:
        html += [escape(text[at:begin]), "<mark>", escape(text[begin:stop]), "</mark>"]
        at = stop
    return "".join([*html, escape(text[at:end])])
