"""The phrase book: all that is well said and ill said, and where a text says what it should not. Matching is pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.safestring import SafeString

from guide.pages.models import Page, Phrase
from guide.pages.syntax import distance
from guide.search import passages, words

# Shorter clauses are parts of everyday words; they raise an alarm only where they are said by themselves.
SHORTEST = 4
_CLAUSE_END = re.compile(r"[，。！？；：、…,.!?;:\s“”‘’（）()]+")
_SILENT = re.compile(r"[\s，。！？；：、…—,.!?;:~·“”‘’（）()]")
# Words that people put in between without meaning anything.
_FILLERS = ("那个", "这个", "就是说", "就是", "其实", "嗯", "呃", "啊", "呀", "呢", "哦", "嘛", "哎", "唉", "吧")


@dataclass(frozen=True)
class Alarm:
    """A stretch of a text, from `start` to `end` in characters, that says what `phrase` warns of."""

    start: int
    end: int
    phrase: Phrase


@dataclass(frozen=True)
class Shelf:
    """The phrases of one section."""

    page: Page
    phrases: Sequence[Phrase]


@dataclass(frozen=True)
class Part:
    """A part of the book, by how far it is from a reader's post: 0 for it, 1 for everybody, 2 for others."""

    distance: int
    shelves: Sequence[Shelf]


@dataclass(frozen=True)
class Verdict:
    """A text with its alarms marked, and the alarms in the order of the text."""

    html: SafeString
    alarms: tuple[Alarm, ...]


def parts(user: Any, post: str = "", is_narrow: bool = False) -> list[Part]:
    """The phrases that `user` may read, by section: those for `post` first, those for other posts last or, where the book
    `is_narrow`, left out."""
    rows = sorted(_phrases(user), key=lambda row: _distance(row, post))
    found = [Part(far, _shelves(group)) for far, group in groupby(rows, key=lambda row: _distance(row, post))]
    return [part for part in found if not is_narrow or part.distance < 2]


def _distance(row: Phrase, post: str) -> int:
    """What a page says to everybody is said to those whom the page is for."""
    return distance(row.posts, post) if row.posts or not post else max(1, distance(row.page.posts, post))


def _shelves(rows: Iterable[Phrase]) -> list[Shelf]:
    return [Shelf(page, list(group)) for page, group in groupby(rows, key=lambda row: row.page)]


def judge(text: str, user: Any) -> Verdict:
    """Look in `text` for every forbidden phrase of the book, also with spaces, marks or filler words in between."""
    alarms = tuple(find(text, _phrases(user)))
    return Verdict(passages.mark_all(text, [(alarm.start, alarm.end) for alarm in alarms]), alarms)


def find(text: str, phrases: Iterable[Phrase]) -> list[Alarm]:
    """The alarms of `text`, none overlapping. What stands inside a recommended phrase, said whole, raises none."""
    phrases = list(phrases)
    heard, places = _heard(text)
    good = _good_stretches(heard, phrases)
    found: list[Alarm] = []
    for clause, row in _forbidden(phrases):
        for at in _occurrences(clause, heard, text):
            alarm = Alarm(places[at], places[at + len(clause) - 1] + 1, row)
            is_good = any(start <= at and at + len(clause) <= end for start, end in good)
            if not is_good and all(alarm.end <= other.start or alarm.start >= other.end for other in found):
                found.append(alarm)
    return sorted(found, key=lambda alarm: alarm.start)


def _occurrences(clause: str, heard: str, text: str) -> list[int]:
    """Where `clause` stands in `heard`; a short one only where it is a whole clause of `text`."""
    starts = [match.start() for match in re.finditer(f"(?={re.escape(clause)})", heard)]
    if len(clause) >= SHORTEST:
        return starts
    whole, at = set(), 0
    for part in _CLAUSE_END.split(text):
        said = _heard(part)[0]
        whole |= {at} if said == clause else set()
        at += len(said)
    return [start for start in starts if start in whole]


def _good_stretches(heard: str, phrases: list[Phrase]) -> list[tuple[int, int]]:
    """Where recommended clauses stand in `heard`."""
    clauses = {_heard(clause)[0] for row in phrases for clause in _CLAUSE_END.split(row.say)}
    return [
        (match.start(), match.start() + len(clause))
        for clause in clauses
        if len(clause) >= SHORTEST
        for match in re.finditer(f"(?={re.escape(clause)})", heard)
    ]


def _phrases(user: Any) -> list[Phrase]:
    rows = Phrase.objects.filter(page__in=Page.objects.visible_to(user)).select_related("page", "principle")
    return list(rows.defer("page__text", "page__file_text", "page__body"))


def _forbidden(phrases: list[Phrase]) -> list[tuple[str, Phrase]]:
    """Each clause of what must not be said with its row, the longest first."""
    clauses: dict[str, Phrase] = {}
    for row in phrases:
        parts = [heard for clause in _CLAUSE_END.split(row.avoid) if (heard := _heard(clause)[0])]
        long = [part for part in parts if len(part) >= SHORTEST]
        for clause in long or (["".join(parts)] if parts else []):
            clauses.setdefault(clause, row)
    return sorted(clauses.items(), key=lambda item: -len(item[0]))


def _heard(text: str) -> tuple[str, list[int]]:
    """`text` as it is heard, without marks, spaces and fillers, and where each character of that stands in `text`."""
    normal = words.normalise(text)
    silent = {place for match in _SILENT.finditer(normal) for place in range(match.start(), match.end())}
    for filler in _FILLERS:
        for match in re.finditer(filler, normal):
            silent |= set(range(match.start(), match.end()))
    places = [place for place in range(len(normal)) if place not in silent]
    return "".join(normal[place] for place in places), places
