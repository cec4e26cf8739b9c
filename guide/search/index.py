"""The index on disk: schema, refresh(pks), rebuild(). All of Whoosh is in this module and `matching`.

An index lies in a directory of its own below INDEX_DIR; the file `current` names the one in use and is replaced
atomically. One process at a time writes, under a lock that ends with the process that holds it.
"""

import fcntl
import logging
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from threading import Lock

from django.conf import settings
from whoosh.analysis import Analyzer, Token
from whoosh.fields import ID, NUMERIC, TEXT, Schema
from whoosh.index import FileIndex, create_in, open_dir
from whoosh.searching import Searcher
from whoosh.writing import IndexWriter

from guide.search import words
from guide.search.documents import Document, documents_of_pages, documents_of_reference
from guide.search.lexicon import Lexicon
from guide.search.lexicon import load as load_lexicon
from guide.search.lexicon import save as save_lexicon

# What a broken index raises where it is read. Whoosh says most of it with a bare Exception ("Block tag error"), so
# nothing narrower holds; only calls into Whoosh stand inside such a `try`.
BROKEN = (Exception,)
OPENING_TRIES = 3


# Names all that an index depends on: another schema or another segmenter makes it one that cannot be read.
FORMAT = f"1 {metadata.version('rjieba')} {metadata.version('whoosh')}"


class IndexUnavailable(Exception):
    """There is no index that can be read; the worker will make one."""


class IndexBusy(Exception):
    """Another process is writing the index."""


class _WordAnalyzer(Analyzer):
    """Hands the words of `guide.search.words` to Whoosh, with ordinal positions and true offsets."""

    def __init__(self, cut: Callable[[str], Iterable[words.Word]]) -> None:
        self.cut = cut

    def __call__(
        self, value: str, positions: bool = False, chars: bool = False, mode: str = "", **kwargs: object
    ) -> Iterator[Token]:
        token = Token(positions, chars, mode=mode, **kwargs)
        for word in self.cut(value):
            token.text = token.original = word.text
            token.boost, token.stopped = 1.0, False
            token.pos, token.startchar, token.endchar = word.position, word.start, word.end
            yield token


def _field(cut: Callable[[str], Iterable[words.Word]]) -> TEXT:
    return TEXT(analyzer=_WordAnalyzer(cut), phrase=True)


SCHEMA = Schema(
    key=ID(unique=True, stored=True),
    group=ID,  # "page:12", or "reference": what is replaced together
    kind=ID(stored=True),
    pk=NUMERIC(bits=64, stored=True),
    page_pk=NUMERIC(bits=64, stored=True),
    rules=_field(words.dictionary_words),
    phrases=_field(words.dictionary_words),
    title=_field(words.dictionary_words),
    title_pairs=_field(words.pairs),
    keywords=_field(words.dictionary_words),
    keywords_pairs=_field(words.pairs),
    text=_field(words.dictionary_words),
    text_pairs=_field(words.pairs),
)


@dataclass
class _Shared:
    """The searcher that all threads of this process use, the directory it reads, and the words that go with it."""

    directory: str = ""
    searcher: Searcher | None = None
    lexicon: Lexicon = field(default_factory=Lexicon)


logger = logging.getLogger("guide.search")

_shared = _Shared()
_swapping = Lock()


def searcher() -> Searcher:
    """The shared searcher, opened anew when the index has moved on. Raises IndexUnavailable."""
    with _swapping:
        directory = _current()
        try:
            if _shared.searcher is None or _shared.directory != str(directory):
                _shared.lexicon = load_lexicon(directory)
                words.use_dictionary(_shared.lexicon.dictionary)
                _shared.searcher, _shared.directory = _open(directory).searcher(), str(directory)
            elif not _shared.searcher.up_to_date():
                _shared.searcher = _open(directory).searcher()
            return _shared.searcher
        except BROKEN as error:
            _shared.searcher = None
            raise IndexUnavailable(f"{directory}: {error}") from error


def lexicon() -> Lexicon:
    """The lexicon that goes with the shared searcher. Raises IndexUnavailable."""
    searcher()
    return _shared.lexicon


def refresh(pks: Iterable[int], *, is_reference_changed: bool = False) -> None:
    """Make the index agree with the database for these pages: published in, the rest out. Raises IndexBusy,
    IndexUnavailable."""
    with writing_lock():
        wanted = sorted(set(pks))
        groups = [f"page:{pk}" for pk in wanted]
        documents = list(documents_of_pages(wanted))
        if is_reference_changed:
            groups.append("reference")
            documents += documents_of_reference()
        try:
            words.use_dictionary(load_lexicon(_current()).dictionary)
            _replace(_open(_current()), groups, documents)
        except BROKEN as error:
            raise IndexUnavailable(str(error)) from error


def rebuild() -> int:
    """Build the whole index in a new directory and swap it in; returns the number of documents. Raises IndexBusy."""
    with writing_lock():
        directory = settings.INDEX_DIR / f"{time.time_ns():x}"
        directory.mkdir(mode=0o700)
        # pypinyin is large, and only whoever builds the index needs it.
        from guide.search import compiler  # noqa: PLC0415

        lexicon = compiler.make()
        save_lexicon(lexicon, directory)
        (directory / "format").write_text(_format(), encoding="ascii")
        words.use_dictionary(lexicon.dictionary)
        writer = create_in(directory, SCHEMA).writer(limitmb=512)
        writer.compound = False
        count = _add(writer, [*documents_of_pages(None), *documents_of_reference()])
        writer.commit()
        _point_to(directory.name)
        _tidy(directory.name)
        return count


def is_sound(*, to_the_end: bool = False) -> bool:
    """Whether the current index opens and no query has met a fault in it; `to_the_end` reads all of it as well."""
    try:
        with _open(_current()).searcher() as opened:
            if to_the_end:
                _read_all(opened)
    except BROKEN:
        return False
    return not _broken_mark().exists()


def _read_all(opened: Searcher) -> None:
    reader = opened.reader()
    for name, text in reader.all_terms():
        reader.postings(name, text).all_ids().__next__()
    for _ in reader.all_stored_fields():
        pass


def mark_broken(reason: object) -> None:
    """Note that the index was found broken, so that the worker builds a new one."""
    logger.warning("the index is broken and will be built anew: %r", reason)
    _index_dir()
    _broken_mark().touch()


@contextmanager
def writing_lock() -> Iterator[None]:
    """Hold the one lock for writing the index. Raises IndexBusy at once when another process has it."""
    descriptor = os.open(_index_dir() / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise IndexBusy("另一个进程正在写索引") from error
    try:
        yield
    finally:
        os.close(descriptor)


def _replace(index: FileIndex, groups: list[str], documents: list[Document]) -> None:
    writer = index.writer(timeout=5)
    writer.compound = False
    try:
        for group in groups:
            writer.delete_by_term("group", group)
        _add(writer, documents)
    except BaseException:
        writer.cancel()
        raise
    writer.commit()


def _add(writer: IndexWriter, documents: Iterable[Document]) -> int:
    count = 0
    for document in documents:
        keywords, text = " ".join(document.keywords), document.text
        writer.add_document(
            key=document.key, group=document.group, kind=document.kind, pk=document.pk, page_pk=document.page_pk,
            rules="\n".join(document.rules), phrases="\n".join(document.phrases),
            title=document.title, title_pairs=document.title, keywords=keywords, keywords_pairs=keywords,
            text=text, text_pairs=text,
        )  # fmt: skip
        count += 1
    return count


def _format() -> str:
    return f"{FORMAT} {' '.join(sorted(SCHEMA.names()))}"


def _ensure_format(directory: Path) -> None:
    """Raise IndexUnavailable for an index that was made by another version of the site."""
    if (directory / "format").read_text(encoding="ascii") != _format():
        raise IndexUnavailable(f"{directory} was made by another version of the site")


def _open(directory: Path) -> FileIndex:
    _ensure_format(directory)
    for attempt in range(1, OPENING_TRIES + 1):
        try:
            # Our schema, not the pickled one: renaming a class must not make an index unreadable.
            return open_dir(directory, schema=SCHEMA)
        except FileNotFoundError:
            if attempt == OPENING_TRIES:  # a commit may remove a file between its listing and its opening
                raise
    raise AssertionError("unreachable")


def _index_dir() -> Path:
    settings.INDEX_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Path(settings.INDEX_DIR)


def _current() -> Path:
    try:
        name = (settings.INDEX_DIR / "current").read_text(encoding="ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError) as error:
        raise IndexUnavailable("没有索引") from error
    return Path(settings.INDEX_DIR) / Path(name).name


def _point_to(name: str) -> None:
    waiting = settings.INDEX_DIR / "current.new"
    waiting.write_text(name, encoding="ascii")
    waiting.replace(settings.INDEX_DIR / "current")
    _broken_mark().unlink(missing_ok=True)


def _tidy(name: str) -> None:
    """Remove the directories of earlier indexes. Open files of a reader stay readable until it lets go of them."""
    for entry in settings.INDEX_DIR.iterdir():
        if entry.is_dir() and entry.name != name:
            shutil.rmtree(entry, ignore_errors=True)


def _broken_mark() -> Path:
    return Path(settings.INDEX_DIR) / "broken"
