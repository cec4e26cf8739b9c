"""The passage of a text that best shows the words asked for, with those words marked; the only safe HTML of search."""

from html import escape

from django.utils.safestring import SafeString, mark_safe

from guide.search import words

LENGTH = 90  # characters
_LEAD = 20  # characters shown before the first marked word


def cut(text: str, marked: tuple[str, ...]) -> SafeString:
    """At most LENGTH characters of `text` around where most different words of `marked` stand together."""
    flat = " ".join(text.split())
    spans = _spans(words.normalise(flat), marked)
    start = max(0, _best_start(spans) - _LEAD)
    end = min(len(flat), start + LENGTH)
    start = max(0, min(start, end - LENGTH))
    inside = [(begin, stop) for begin, stop, _ in spans if begin >= start and stop <= end]
    html = _mark(flat, start, end, inside)
    return mark_safe(("…" if start else "") + html + ("…" if end < len(flat) else ""))


def mark_all(text: str, spans: list[tuple[int, int]]) -> SafeString:
    """The whole of `text` with `spans` (start and end in characters, in order, none overlapping) marked."""
    return mark_safe(_mark(text, 0, len(text), spans))


def _spans(text: str, marked: tuple[str, ...]) -> list[tuple[int, int, str]]:
    """Where the words stand, in order, none overlapping; longer words win."""
    taken: list[tuple[int, int, str]] = []
    for word in sorted(set(marked), key=len, reverse=True):
        begin = text.find(word)
        while begin >= 0:
            stop = begin + len(word)
            if all(stop <= other or begin >= end for other, end, _ in taken):
                taken.append((begin, stop, word))
            begin = text.find(word, stop)
    return sorted(taken)


def _best_start(spans: list[tuple[int, int, str]]) -> int:
    best, most = 0, 0
    for place, (begin, _, _) in enumerate(spans):
        near = {word for other, stop, word in spans[place:] if stop - begin <= LENGTH - _LEAD}
        if len(near) > most:
            best, most = begin, len(near)
    return best


def _mark(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> str:
    html, at = [], start
    for begin, stop in spans:
        html += [escape(text[at:begin]), "<mark>", escape(text[begin:stop]), "</mark>"]
        at = stop
    return "".join([*html, escape(text[at:end])])
