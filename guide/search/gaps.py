"""What readers ask and the guide does not answer: what a miss finds today, and the words of the guide nearest to it."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from guide.pages.outline import outline_of
from guide.pages.spreadsheet import harmless
from guide.search import index, words
from guide.search.lexicon import Lexicon
from guide.search.queries import ASKING
from guide.search.results import search

_NEAR = 0.4  # the share of characters that two words must have in common
_MOST = 5


class Vocabulary:
    """The guide's own words, to be looked up by the characters that they share with what was asked."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def nearest(self, text: str) -> list[str]:
        """The words nearest to `text`: those that sound like it, then those that share most characters."""
        asked = bare(words.normalise(text))
        shared = Counter(word for character in set(asked) for word in self._holding.get(character, ()))
        near = {word: 2 * number / (len(set(asked)) + len(set(word))) for word, number in shared.items()}
        alike = sorted((word for word, share in near.items() if share >= _NEAR), key=lambda word: -near[word])
        sounding = self.lexicon.sounding_like(asked) if 1 < len(asked) <= _MOST else []
        return [word for word in dict.fromkeys([*sounding, *alike]) if word != asked][:_MOST]

    @cached_property
    def _holding(self) -> dict[str, list[str]]:
        holding: dict[str, list[str]] = defaultdict(list)
        for word in self.lexicon.words():
            for character in set(word):
                holding[character].append(word)
        return holding


def vocabulary() -> Vocabulary:
    """The guide's words of the index in use; none where it cannot be read."""
    return Vocabulary(_lexicon())


def bare(query: str) -> str:
    """`query` without the words of asking (怎么办, 的, 吗 …), unless nothing else is left."""
    return "".join(word for word in words.segments(query) if word not in ASKING) or query


def judged(rows: list[Any], request: HttpRequest) -> list[Any]:
    """`rows` of the log, each told its `found_now` and its `nearest` words."""
    known, outline = vocabulary(), outline_of(request)
    for row in rows:
        row.found_now = search(row.query, request.user, outline, limit=1).total
        row.nearest = known.nearest(row.key)
    return rows


def table(rows: Iterable[Any]) -> Iterable[tuple[object, ...]]:
    """Grouped `rows` of the log as the lines of a table, its heading first."""
    known = vocabulary()
    yield ("搜索的话", "次数", "最后一次", "相近的词", "留言")
    for row in rows:
        last = timezone.localtime(row.last).strftime("%Y-%m-%d %H:%M")
        yield harmless(row.query), row.times, last, harmless(" ".join(known.nearest(row.key))), harmless(row.note)


def meaning(understood: dict[str, Any]) -> str:
    """How a search was understood, in one line."""
    parts = [f"按“{understood['corrected']}”找"] if understood.get("corrected") else []
    parts += [f"{word['text']} = {'、'.join(word['also'])}" for word in understood.get("words", ())]
    return "；".join([*parts, *(["部分匹配"] if understood.get("partial") else [])])


def _lexicon() -> Lexicon:
    try:
        return index.lexicon()
    except index.IndexUnavailable:
        return Lexicon()
