"""The index as it is written: refresh(pks), rebuild(), and keeping its lexicon in step with the guide.

One process at a time writes the generation in use. A new generation is built beside it, without holding it up, and takes
over what changed meanwhile from its journal before it is swapped in.
"""

import errno
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from whoosh.codec.whoosh3 import W3Codec
from whoosh.index import FileIndex, create_in
from whoosh.writing import IndexWriter

from guide.pages.models import GuideVersion
from guide.search import generations, index, seals, words
from guide.search import lexicon as lexicons
from guide.search.documents import Document, documents_of_pages, documents_of_reference
from guide.search.generations import IndexUnavailable, building_lock, writing_lock
from guide.search.schema import SCHEMA, columns

REFERENCE = "reference"
_LOCK_WAIT_S = 2.0
_SWAP_WAIT_S = 60.0  # until the writer of the generation in use lets a new one in
_MEGABYTES = 512
# Merging is left to the next generation: within a commit it takes seconds. So many segments slow no query noticeably.
MOST_SEGMENTS = 10
MERGED_FROM = 30  # when no new generation came for so long
# Faults of the disk, not of the index: building it anew would not help.
_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EMFILE, errno.ENFILE}


def refresh(pks: Iterable[int], *, is_reference_changed: bool = False) -> None:
    """Make the index agree with the database for these pages: published in, the rest out.

    Raises IndexBusy, IndexUnavailable when the index is missing or broken, and OSError when the disk is full.
    """
    groups = [f"page:{pk}" for pk in sorted(set(pks))] + [REFERENCE] * is_reference_changed
    with writing_lock():
        generations.note_in_unfinished(groups)
        documents = _documents(groups)
        try:
            words.use_dictionary(index.lexicon().dictionary)
            _replace(generations.current(), groups, documents)
        except index.BROKEN as error:
            _raise_if_disk(error)
            raise IndexUnavailable(repr(error)) from error


def rebuild() -> int:
    """Build the whole index in a new generation and swap it in; returns the number of documents. Raises IndexBusy."""
    with building_lock():
        with writing_lock(_LOCK_WAIT_S):
            directory = generations.begin()
        try:
            return _build(directory)
        except BaseException:
            generations.discard(directory)
            index.let_go()  # this process may have begun to cut with the new dictionary
            raise


def build(directory: Path, lexicon: lexicons.Lexicon, documents: Iterable[Document]) -> int:
    """Write an index of `documents`, cut with the dictionary of `lexicon`, into `directory`; returns their number."""
    lexicons.save(lexicon, directory)
    (directory / "format").write_text(index.format_name(), encoding="ascii")
    words.use_dictionary(lexicon.dictionary)
    with _writing(create_in(directory, SCHEMA), limitmb=_MEGABYTES) as writer:
        count = _add(writer, documents)
    seals.seal(directory, index.SUFFIXES)
    return count


def refresh_lexicon() -> bool:
    """Compile the lexicon for the guide as it is, unless that is done; returns whether it was. Raises IndexBusy,
    IndexUnavailable.

    The dictionary that the index was cut with stays as it is; when it is no longer the guide's, the generation is
    marked as outgrown, for the worker to build a new one.
    """
    directory, version = generations.current(), _guide_version()
    if _compiled_for(directory) == version:
        return False
    kept = index.lexicon()
    words.use_dictionary(kept.dictionary)
    compiled = _compile()
    with writing_lock():
        _keep(directory, kept, compiled, version)
    return True


def _keep(directory: Path, kept: lexicons.Lexicon, compiled: lexicons.Lexicon, version: int) -> None:
    if generations.current() != directory:
        return  # a new generation came with a lexicon of its own
    if compiled.dictionary != kept.dictionary:
        generations.mark_outgrown(directory)
    lexicon = compiled.cut_with(kept.dictionary)
    if lexicon.tobytes() != kept.tobytes():
        lexicons.save(lexicon, directory)
    generations.replace(directory / "compiled-for", str(version))


def _build(directory: Path) -> int:
    version, lexicon = _guide_version(), _compile()
    documents = list(_everything())
    count = build(directory, lexicon, documents)
    generations.replace(directory / REFERENCE, json.dumps(_sums(documents)))
    (directory / "compiled-for").write_text(str(version), encoding="ascii")
    with writing_lock(_SWAP_WAIT_S):
        groups = generations.noted_in(directory)
        if groups:
            _replace(directory, groups, _documents(groups))
        generations.swap_in(directory)
    return count


def _raise_if_disk(error: Exception) -> None:
    if isinstance(error, OSError) and error.errno in _DISK:
        raise error


def _compile() -> lexicons.Lexicon:
    # pypinyin is large, and only whoever writes the index needs it.
    from guide.search import compiler  # noqa: PLC0415

    return compiler.make()


def _guide_version() -> int:
    return GuideVersion.objects.values_list("number", flat=True).first() or 0


def _compiled_for(directory: Path) -> int:
    """The version of the guide that the lexicon in `directory` was compiled for; -1 when that is not known."""
    try:
        return int((directory / "compiled-for").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return -1


def _everything() -> Iterator[Document]:
    yield from documents_of_pages(None)
    yield from documents_of_reference()


def _documents(groups: Iterable[str]) -> list[Document]:
    """What belongs to `groups` in the database now."""
    pks = [int(group.removeprefix("page:")) for group in groups if group != REFERENCE]
    documents = list(documents_of_pages(pks))
    return documents + list(documents_of_reference()) if REFERENCE in groups else documents


def _replace(directory: Path, groups: Iterable[str], documents: Iterable[Document]) -> None:
    known, found = _reference_sums(directory), list(documents)
    sums = _sums(found) if REFERENCE in groups else known
    with _writing(index.open_generation(directory)) as writer:
        for group in groups:
            if group != REFERENCE or not known:
                writer.delete_by_term("group", group)
        # Of terms and sources only those that changed: indexing all of them takes longer than a reader should wait.
        for key in sorted(known.keys() | sums.keys()):
            if sums.get(key) != known.get(key):  # one that seems new may be left of a commit that was killed
                writer.delete_by_term("key", key)
        _add(writer, (one for one in found if one.group != REFERENCE or sums[one.key] != known.get(one.key)))
        segments = len(writer.segments) + 1
    seals.seal(directory, index.SUFFIXES)
    if sums != known:
        generations.replace(directory / REFERENCE, json.dumps(sums))
    if segments > MOST_SEGMENTS:
        generations.mark_outgrown(directory)


def _sums(documents: Iterable[Document]) -> dict[str, str]:
    """What tells each term and source among `documents` from what it was."""
    rows = (document for document in documents if document.group == REFERENCE)
    return {row.key: hashlib.blake2b(repr(row).encode(), digest_size=16).hexdigest() for row in rows}


def _reference_sums(directory: Path) -> dict[str, str]:
    """The sums of the terms and sources that the index in `directory` holds; none when that is not known."""
    try:
        return dict(json.loads((directory / REFERENCE).read_text(encoding="ascii")))
    except (OSError, ValueError, TypeError):
        return {}


@contextmanager
def _writing(opened: FileIndex, **limits: int) -> Iterator[IndexWriter]:
    """A writer whose work is committed when the block ends well, and comes to nothing otherwise.

    Separate files (`compound=False`) are mapped by readers, not copied into each one's memory. Lengths of fields are not
    looked up for each posting: impacts hold them already, and Whoosh would ask the disk for each.
    """
    codec = W3Codec()
    codec.length_stats = False
    writer = opened.writer(timeout=_LOCK_WAIT_S, compound=False, codec=codec, **limits)
    try:
        yield writer
        writer.commit(merge=len(writer.segments) >= MERGED_FROM)
    except BaseException:
        _abandon(writer)
        raise


def _abandon(writer: IndexWriter) -> None:
    """Let go of a writer that failed: Whoosh 2.7.4 would keep its lock until the process ends."""
    with suppress(*index.BROKEN):
        writer.cancel()
    with suppress(*index.BROKEN):  # raises when cancelling let go of it already
        writer.writelock.release()


def _add(writer: IndexWriter, documents: Iterable[Document]) -> int:
    count = 0
    for document in documents:
        writer.add_document(**columns(document))
        count += 1
    return count
