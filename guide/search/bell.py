"""The bell by which whoever changed something wakes the worker: a named pipe that nobody waits for, with polling behind it."""

import os
import select
import stat
from contextlib import suppress
from pathlib import Path

from guide.search.generations import index_dir

_MOST = 4096  # bytes, one a ring


def ring() -> None:
    """Wake the worker if one listens. Never waits and never fails: the worker looks by itself as well."""
    with suppress(OSError):
        descriptor = os.open(_path(), os.O_WRONLY | os.O_NONBLOCK)
        try:
            os.write(descriptor, b"!")
        finally:
            os.close(descriptor)


class Bell:
    """The worker's end of the bell."""

    def __init__(self) -> None:
        path = _path()
        if path.exists() and not stat.S_ISFIFO(path.stat().st_mode):
            path.unlink()
        with suppress(FileExistsError):
            os.mkfifo(path, 0o600)
        # Open for writing as well, so that the end of another process that rang does not close it.
        self._descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK)

    def wait(self, seconds: float) -> None:
        """Wait until somebody rings, at most so long."""
        if select.select([self._descriptor], [], [], seconds)[0]:
            os.read(self._descriptor, _MOST)

    def close(self) -> None:
        os.close(self._descriptor)


def _path() -> Path:
    return index_dir() / "bell"
