"""What the open index holds: the documents of a word with its impacts, and what each document stands for.

Lists lately asked for are kept while their searcher is in use, up to a fixed number of postings. For one thread at a time.
"""

from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from whoosh.matching import Matcher, NullMatcher
from whoosh.query import Phrase
from whoosh.reading import TermNotFound
from whoosh.searching import Searcher

from guide.search import words
from guide.search.schema import KINDS

Impacts = Mapping[int, float]
NOTHING: Impacts = {}
# A posting that is kept takes eight bytes.
KEPT_POSTINGS = 200_000
_UNREAD = -1
# In the time that it takes to go to one posting further on, so many are read one after another.
READ_WHILE_SKIPPING = 40


class Place(NamedTuple):
    """What a document stands for: a row of `kind` by its pk, on a page (0: none); `size` is that of its title."""

    kind: str
    pk: int
    page_pk: int
    size: int


class Postings:
    """The postings of one open searcher. Document numbers hold for this searcher only.

    Its methods raise whatever Whoosh raises where the index is broken.
    """

    def __init__(self, searcher: Searcher) -> None:
        self._searcher, self._reader = searcher, searcher.reader()
        self.count: int = self._reader.doc_count()
        self._columns = [self._reader.column_reader(name) for name in ("kind", "pk", "page_pk", "size")]
        self._known = [array("q", [_UNREAD]) * self._reader.doc_count_all() for _ in self._columns]
        self._lists = _Kept()

    def frequency(self, word: str) -> int:
        """The number of documents that hold `word` as a dictionary word."""
        return self._frequency("words", word)

    def frequency_of_pair(self, pair: str) -> int:
        """The number of documents in which these two characters stand together."""
        return self._frequency("pairs", pair)

    def of_word(self, word: str) -> Impacts:
        """The documents that hold `word` as a dictionary word, with its impact in each."""
        return self._list("words", word)

    def of_pairs(self, text: str) -> Impacts:
        """The documents that hold every pair of characters of `text`, with their mean impact."""
        pairs = sorted({pair.text for pair in words.pairs(text)}, key=lambda pair: self._frequency("pairs", pair))
        if len(pairs) < 2:
            return self._list("pairs", pairs[0]) if pairs else NOTHING
        lists = [found := self._list("pairs", pairs[0])]
        for pair in pairs[1:]:
            lists.append(found := self._among("pairs", pair, found))
        return {number: sum(scores[number] for scores in lists) / len(lists) for number in found}

    def of_phrase(self, text: str) -> Impacts:
        """The documents in which the characters of `text` stand together, in order, with the mean impact of its pairs."""
        found, pairs = self.of_pairs(text), [pair.text for pair in words.pairs(text)]
        if len(pairs) < 2 or not found:
            return found
        standing = self._searcher.docs_for_query(Phrase("phrase", pairs))
        return {number: found[number] for number in standing if number in found}

    def of_word_in(self, word: str, numbers: Iterable[int]) -> Impacts:
        """The same as `of_word`, for the documents `numbers` alone (ascending): cheap for a word that is everywhere."""
        return _read_at(self._matcher("words", word), numbers)

    @cached_property
    def sections(self) -> frozenset[int]:
        """The documents that are sections."""
        kind = KINDS.index("section")
        return frozenset(number for number in self._reader.all_doc_ids() if self._columns[0][number] == kind)

    def place(self, number: int) -> Place:
        """What document `number` stands for."""
        kind, pk, page_pk, size = self._known
        if kind[number] == _UNREAD:
            for known, column in zip(self._known, self._columns, strict=True):
                known[number] = column[number]
        return Place(KINDS[kind[number]], pk[number], page_pk[number], size[number])

    def _frequency(self, name: str, word: str) -> int:
        return int(self._reader.doc_frequency(name, word))

    def _among(self, name: str, word: str, numbers: Impacts) -> Impacts:
        """Which of the documents `numbers` hold `word`; its list is read whole where that is quicker."""
        if len(numbers) * READ_WHILE_SKIPPING < self._frequency(name, word):
            return _read_at(self._matcher(name, word), sorted(numbers))
        every = self._list(name, word)
        return {number: every[number] for number in numbers if number in every}

    def _list(self, name: str, word: str) -> Impacts:
        return self._lists.get((name, word), lambda: _read(self._matcher(name, word)))

    def _matcher(self, name: str, word: str) -> Matcher:
        try:
            return self._reader.postings(name, word)
        except TermNotFound:
            return NullMatcher()


def _read(matcher: Matcher) -> Impacts:
    found = {}
    while matcher.is_active():
        found[matcher.id()] = matcher.weight()
        matcher.next()
    return found


def _read_at(matcher: Matcher, numbers: Iterable[int]) -> Impacts:
    """The postings of the documents `numbers`, which ascend."""
    found = {}
    for number in numbers:
        if matcher.is_active() and matcher.id() < number:
            matcher.skip_to(number)
        if not matcher.is_active():
            break
        if matcher.id() == number:
            found[number] = matcher.weight()
    return found


class _Kept:
    """Lists by field and word, the oldest dropped first once they hold more than KEPT_POSTINGS together. Each is held as
    its document numbers and its impacts, a tenth of what a dict takes."""

    def __init__(self) -> None:
        self._lists: OrderedDict[tuple[str, str], tuple[array[int], array[float]]] = OrderedDict()
        self._size = 0

    def get(self, key: tuple[str, str], read: Callable[[], Impacts]) -> Impacts:
        if held := self._lists.get(key):
            return dict(zip(*held, strict=True))
        self._keep(key, found := read())
        return found

    def _keep(self, key: tuple[str, str], found: Impacts) -> None:
        self._lists[key] = array("I", found), array("f", found.values())
        self._size += len(found) + 1
        while self._size > KEPT_POSTINGS and len(self._lists) > 1:
            _, dropped = self._lists.popitem(last=False)
            self._size -= len(dropped[0]) + 1
