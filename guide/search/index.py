"""The index as it is read: opening it, and the one searcher that the threads of a process share.

Whoosh is in this module, in `schema`, `postings` and `writing`.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from threading import Lock, RLock

from whoosh.index import FileIndex, open_dir
from whoosh.searching import Searcher

from guide.search import lexicon as lexicons
from guide.search import seals, words
from guide.search.generations import IndexBusy, IndexUnavailable, changed_at, current, is_marked_broken, mark_broken
from guide.search.lexicon import Lexicon
from guide.search.postings import Postings
from guide.search.schema import SCHEMA

__all__ = ["BROKEN", "IndexBusy", "IndexUnavailable", "is_sound", "let_go", "lexicon", "mark_broken", "reading", "warm"]

# What a broken index raises where it is read. Whoosh says most of it with a bare Exception ("Block tag error"), so
# nothing narrower holds; only calls into Whoosh stand inside such a `try`.
BROKEN = (Exception,)
OPENING_TRIES = 3
SETTLED_NS = 1_000_000_000
SUFFIXES = (".toc", ".trm", ".pst", ".col")  # of the files that Whoosh writes, each of them once

# Names all that an index depends on: another schema or another segmenter makes it one that cannot be read.
FORMAT = " ".join(["5", *map(metadata.version, ("jieba", "whoosh", "marisa-trie"))])


class _Moved(IndexUnavailable):
    """A writer was quicker than this reader; another try will do."""


@dataclass
class _Opened:
    """A searcher of the generation in `directory`, and how many threads hold it; they read in turn."""

    directory: Path
    searcher: Searcher
    postings: Postings
    readers: int = 0
    changed_at: tuple[int, ...] = ()
    turn: Lock = field(default_factory=Lock, repr=False)


@dataclass
class _Shared:
    """What all threads of this process use: the searcher, the lexicon, and which file that lexicon was read from."""

    opened: _Opened | None = None
    lexicon: Lexicon = field(default_factory=Lexicon)
    read_from: tuple[str, int, int] = ("", 0, 0)


logger = logging.getLogger("guide.search")

_shared = _Shared()
_swapping = RLock()


@contextmanager
def reading() -> Iterator[Postings]:
    """What the shared searcher holds, for as long as the block runs, opened anew when the index has moved on.

    One thread reads at a time, and must not ask again within the block: Whoosh's files have one position each, and of
    two threads one would read where the other has gone to. A searcher that was replaced is closed by the last thread
    that reads with it. Raises IndexUnavailable.
    """
    with _swapping:
        opened = _opened()
        opened.readers += 1
    try:
        with opened.turn:
            yield opened.postings
    finally:
        with _swapping:
            opened.readers -= 1
            _close_if_idle(opened)


def lexicon() -> Lexicon:
    """The lexicon that goes with the index, read anew when it was compiled anew. Raises IndexUnavailable."""
    with _swapping:
        try:
            _read_lexicon(current())
        except (OSError, ValueError, TypeError, KeyError) as error:
            mark_broken(error)
            raise IndexUnavailable(f"lexicon: {error}") from error
        return _shared.lexicon


def warm() -> None:
    """Read the lexicon and set up the segmenter now, if there is an index: before a fork, so that processes share them."""
    words.normalise("")
    try:
        lexicon()
    except IndexUnavailable as error:
        logger.info("no lexicon to begin with: %s", error)
    words.segments("预热")


def let_go() -> None:
    """Forget what is open: whoever reads next opens the index anew."""
    with _swapping:
        _retire()
        _shared.read_from = ("", 0, 0)


def is_sound(*, to_the_end: bool = False) -> bool:
    """Whether the current index opens and no query has met a fault in it; `to_the_end` reads all of its files as well."""
    try:
        with open_generation(current()).searcher() as opened:
            if to_the_end:
                lexicons.load(current())
                _ensure_intact(current(), opened)
    except BROKEN:
        return False
    return not is_marked_broken()


def open_generation(directory: Path) -> FileIndex:
    """The index in `directory`, which must be of our format. Raises what Whoosh raises, and IndexUnavailable."""
    if (directory / "format").read_text(encoding="ascii") != format_name():
        raise IndexUnavailable(f"{directory} was made by another version of the site")
    # Our schema, not the pickled one: renaming a class must not make an index unreadable.
    return open_dir(directory, schema=SCHEMA)


def format_name() -> str:
    """What the file `format` of a generation says that this code can read."""
    return f"{FORMAT} {' '.join(sorted(SCHEMA.names()))}"


def _opened() -> _Opened:
    """The searcher of the index as it is now. Raises IndexUnavailable."""
    for attempt in range(1, OPENING_TRIES + 1):
        try:
            return _opened_once()
        except IndexUnavailable:
            if attempt == OPENING_TRIES:
                raise
        except BROKEN as error:
            # A commit or a swap may remove a file between its listing and its opening.
            if attempt == OPENING_TRIES:
                _retire()
                mark_broken(error)
                raise IndexUnavailable(f"{type(error).__name__}: {error}") from error
    raise AssertionError("unreachable")


def _opened_once() -> _Opened:
    opened = _shared.opened
    if opened is None or not _is_up_to_date(opened):
        directory = current()
        _read_lexicon(directory)
        opened = _opened_whole(directory)
        _retire()
        _shared.opened = opened
    return opened


def _is_up_to_date(opened: _Opened) -> bool:
    """Whether nothing has been written since it was opened: told by times of change, which cost least to ask for.

    A time that was fresh when it was seen does not count: more may have been written within the same tick of the clock.
    """
    seen = changed_at(opened.directory)
    if seen and seen == opened.changed_at:
        return True
    if opened.directory != current() or not opened.searcher.up_to_date():
        return False
    opened.changed_at = seen if seen and time.time_ns() - max(seen) > SETTLED_NS else ()
    return True


def _opened_whole(directory: Path) -> _Opened:
    """Open now what Whoosh would open when it is first needed: by then a commit may have removed the file, and a column
    that is not there counts as empty. Raises _Moved when that may have happened already."""
    searcher = open_generation(directory).searcher()
    try:
        opened = _Opened(directory, searcher, Postings(searcher))
        if directory != current() or not searcher.up_to_date():
            raise _Moved
        # A spoilt column raises nothing: it would quietly lead to the wrong page.
        _ensure_intact(directory, searcher, ".col")
    except BROKEN:
        searcher.close()
        raise
    return opened


def _ensure_intact(directory: Path, searcher: Searcher, suffix: str = "") -> None:
    leaves = (leaf for leaf, _ in searcher.reader().leaf_readers() if leaf.doc_count_all())
    if not seals.is_intact(directory, [leaf.segment().segment_id() for leaf in leaves], suffix):
        raise OSError(f"{directory} holds files that are not as they were written")


def _read_lexicon(directory: Path) -> None:
    """Take over the lexicon of `directory`, and the dictionary that its index was cut with, unless that is done."""
    found = (directory / lexicons.FILE).stat()
    read_from = (str(directory), found.st_mtime_ns, found.st_ino)
    if read_from == _shared.read_from:
        return
    loaded = lexicons.load(directory)
    if loaded.dictionary != _shared.lexicon.dictionary or read_from[0] != _shared.read_from[0]:
        words.use_dictionary(loaded.dictionary)
    _shared.lexicon, _shared.read_from = loaded, read_from


def _retire() -> None:
    retired, _shared.opened = _shared.opened, None
    if retired:
        _close_if_idle(retired)


def _close_if_idle(opened: _Opened) -> None:
    if opened is not _shared.opened and opened.readers == 0:
        opened.searcher.close()
