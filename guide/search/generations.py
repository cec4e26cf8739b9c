"""Where indexes lie on disk: a directory a generation, the pointer to the one in use, the locks and marks. No Whoosh.

Below INDEX_DIR the file `current` names the generation in use and is replaced atomically. A generation that is still
being built holds a `journal` of what has changed since it was begun. Locks end with the process that holds them.
"""

import fcntl
import logging
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

_PAUSE_S = 0.05  # between two tries for a lock

logger = logging.getLogger("guide.search")


class IndexUnavailable(Exception):
    """There is no index that can be read; the worker will make one."""


class IndexBusy(Exception):
    """Another process is writing the index."""


@dataclass
class _Last:
    """The pointer as `stamp` saw it last, and where it led: both at once, for threads do not take turns here."""

    seen: tuple[tuple[int, int, int], Path] = (0, 0, 0), Path()


_last = _Last()


def index_dir() -> Path:
    """The directory of all generations: made when missing, closed to other users, for what is in it is unpickled."""
    directory = Path(settings.INDEX_DIR)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if directory.stat().st_mode & 0o077:
        directory.chmod(0o700)
    return directory


def current() -> Path:
    """The generation in use. Raises IndexUnavailable."""
    try:
        name = (Path(settings.INDEX_DIR) / "current").read_text(encoding="ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError) as error:
        raise IndexUnavailable("没有索引") from error
    return Path(settings.INDEX_DIR) / Path(name).name


def stamp() -> str:
    """A name for the state of the index in use, which changes with every commit; empty where there is none."""
    try:
        found = (Path(settings.INDEX_DIR) / "current").stat()
        pointer = found.st_dev, found.st_ino, found.st_mtime_ns
        seen, directory = _last.seen
        if pointer != seen:
            directory = current()
            _last.seen = pointer, directory
        return f"{directory.name} {directory.stat().st_mtime_ns}"
    except (IndexUnavailable, OSError):
        return ""


def changed_at(directory: Path) -> tuple[int, ...]:
    """When the pointer to the generation in use, and what lies in `directory`, were last changed; () when one is gone."""
    try:
        return (Path(settings.INDEX_DIR) / "current").stat().st_mtime_ns, directory.stat().st_mtime_ns
    except FileNotFoundError:
        return ()


def begin() -> Path:
    """Make the directory of a new generation. From now on `note_in_unfinished` notes in it what changes."""
    directory = index_dir() / f"{time.time_ns():x}"
    directory.mkdir(mode=0o700)
    (directory / "journal").touch()
    return directory


def note_in_unfinished(groups: Iterable[str]) -> None:
    """Note changed groups in every generation that is being built. Under the writing lock."""
    text = "".join(f"{group}\n" for group in groups)
    for journal in index_dir().glob("*/journal"):
        with journal.open("a", encoding="ascii") as file:
            file.write(text)


def noted_in(directory: Path) -> list[str]:
    """The groups that have changed since `directory` was begun."""
    return sorted(set((directory / "journal").read_text(encoding="ascii").split()))


def swap_in(directory: Path) -> None:
    """Make `directory` the generation in use and remove the others. Under the writing lock.

    Open files of a reader stay readable until it lets go of them.
    """
    (directory / "journal").unlink()
    replace(index_dir() / "current", directory.name)
    _broken_mark().unlink(missing_ok=True)
    for entry in index_dir().iterdir():
        if entry.is_dir() and entry != directory:
            discard(entry)


def discard(directory: Path) -> None:
    shutil.rmtree(directory, ignore_errors=True)


def replace(path: Path, text: str) -> None:
    """Write a file so that a reader sees either the old text or the new."""
    waiting = path.with_name(f"{path.name}.new")
    waiting.write_text(text, encoding="utf-8")
    waiting.replace(path)


@contextmanager
def writing_lock(wait_s: float = 0.0) -> Iterator[None]:
    """Hold the one lock for writing the index. Raises IndexBusy when another process has it after `wait_s` seconds."""
    with _lock("lock", wait_s):
        yield


@contextmanager
def building_lock() -> Iterator[None]:
    """Hold the lock for building a generation, beside which the one in use is still written. Raises IndexBusy."""
    with _lock("building", 0.0):
        yield


def mark_broken(reason: object) -> None:
    """Note that the index was found broken, so that the worker builds a new one."""
    if is_marked_broken():
        return
    logger.warning("the index is broken and will be built anew: %s", reason)
    with suppress(OSError):  # a full disk must not turn an answer from the database into a fault
        index_dir()
        _broken_mark().touch()


def is_marked_broken() -> bool:
    return _broken_mark().exists()


def mark_outgrown(directory: Path) -> None:
    """Note that a new generation is due: the guide has words that this one's dictionary lacks (or the other way round),
    or it is in too many parts."""
    (directory / "outgrown").touch()


def is_outgrown() -> bool:
    """Whether the generation in use is to be replaced by a new one."""
    try:
        return (current() / "outgrown").exists()
    except IndexUnavailable:
        return False


@contextmanager
def _lock(name: str, wait_s: float) -> Iterator[None]:
    descriptor = os.open(index_dir() / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _acquire(descriptor, time.monotonic() + wait_s)
        yield
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                raise IndexBusy("另一个进程正在写索引") from error
        time.sleep(_PAUSE_S)


def _broken_mark() -> Path:
    return Path(settings.INDEX_DIR) / "broken"
