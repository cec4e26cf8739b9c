"""Which version of the guide readers are shown: told by a small file that is replaced after every commit.

A request costs one `stat` instead of a query. The database stays the truth: whoever finds no file asks it, and the
start of the site and each round of the worker put the file right, whatever killed the process that should have.
"""

import fcntl
import logging
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.utils import DatabaseError

from guide.pages.models import GuideVersion

logger = logging.getLogger("guide.pages")


@dataclass(frozen=True)
class _Reading:
    """The file as it was read: which one it was, and what it told."""

    stamp: tuple[int, int, int] = (0, 0, 0)
    number: int | None = None


@dataclass
class _State:
    """What this process has seen of the file. A failure is said once, not in every round of the worker."""

    last: _Reading = _Reading()
    is_failing: bool = False


_state = _State()


def current() -> int:
    """The version to show now; 0 before the first load."""
    number = told() if settings.KEPT_PAGES else None
    return GuideVersion.current() if number is None else number


def told() -> int | None:
    """The version that the file tells, or None when there is no file that can be read."""
    try:
        if _stamp(_file().stat()) != _state.last.stamp:
            _state.last = _read()
    except (OSError, ValueError):
        return None
    return _state.last.number


def announce() -> None:
    """Make the file tell what the database holds. Harmless to repeat.

    When the file cannot be replaced it is removed: nothing kept is better than something stale.
    """
    try:
        with _one_at_a_time():
            number = GuideVersion.current()
            if told() != number:
                _replace(number)
        _state.is_failing = False
    except (OSError, DatabaseError) as error:
        _forget()
        if not _state.is_failing:
            logger.error("%s cannot be written (%s): until it can, pages are drawn for each reader", _file(), error)
        _state.is_failing = True


def _file() -> Path:
    return Path(settings.PAGES_DIR) / "version"


def _stamp(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_dev, found.st_ino, found.st_mtime_ns


def _read() -> _Reading:
    with _file().open("rb") as file:
        return _Reading(_stamp(os.fstat(file.fileno())), int(file.read()))


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Between asking the database and replacing the file no other process may do the same, or an older number could win."""
    settings.PAGES_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (Path(settings.PAGES_DIR) / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _replace(number: int) -> None:
    descriptor, name = tempfile.mkstemp(dir=settings.PAGES_DIR, prefix="version.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(b"%d\n" % number)
        # The file system's own clock ticks in milliseconds; two files in one tick must not look the same.
        os.utime(name, ns=(time.time_ns(), time.time_ns()))
        Path(name).replace(_file())
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _forget() -> None:
    try:
        _file().unlink(missing_ok=True)
    except OSError as error:
        logger.critical("%s can be neither written nor removed (%s): readers may be shown old pages", _file(), error)
