"""The worker: does what must not hold up a request. Run as `python -m guide.worker`; like urls.py it sees all apps."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

import django

logger = logging.getLogger("guide.worker")

POLL_S = 0.5  # how long a round waits for the bell
PAUSE_S = 5.0  # until something that failed is tried again
RETRY_S = 60.0  # until a rebuild that failed is tried again
_stopping = False


@dataclass
class Round:
    """One thing that every round does: a name for the log, and a function that does what is due and returns soon.

    It may raise OSError, DatabaseError or the index's own exceptions: it is tried again, a fault after a while.
    """

    name: str
    act: Callable[[], object]
    not_before: float = 0.0


def main() -> int:
    """Do a round whenever the bell rings, and every half second, until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guide.settings")
    django.setup()
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    from guide.search.bell import Bell

    _ensure_sound_index()
    _learn_pinyin()
    bell, rounds = Bell(), _rounds()
    while not _stopping:
        for one in rounds:
            _attempt(one)
        bell.wait(POLL_S)
    return 0


def _rounds() -> list[Round]:
    """What every round does, in this order."""
    from guide.feedback import inbox
    from guide.mail import letters
    from guide.pages import kept, version
    from guide.publishing import releasing, reminders
    from guide.search import generations, outbox
    from guide.search.folding import Keeping

    return [
        Round("version", version.announce),
        Round("kept pages", kept.tidy),
        Round("index", outbox.drain),
        # Building the index anew when the guide has outgrown its dictionary, or it is in too many parts; changes still go
        # into the index in use.
        Round("dictionary", Errand(generations.is_outgrown, "rebuild_index", "--gently").go_on),
        Round("schedule", Errand(releasing.is_due, "publish_due").go_on),
        Round("review dates", reminders.Daily().go_on),
        Round("mail", Errand(letters.is_due, "send_letters").go_on),
        Round("addresses", inbox.Keeping().go_on),
        Round("search log", Keeping().go_on),
    ]


class Errand:
    """A command that is run in a process of its own when `is_due`: it may take long, and rounds go on meanwhile."""

    def __init__(self, is_due: Callable[[], bool], *arguments: str) -> None:
        self._is_due, self._arguments = is_due, arguments
        self._process: subprocess.Popen[bytes] | None = None
        self._not_before = 0.0

    def go_on(self) -> None:
        """Start the process when it is due and none runs; note how one has ended."""
        if self._process and self._process.poll() is None:
            return
        if self._process and self._process.returncode:
            self._not_before = time.monotonic() + RETRY_S
        self._process = None
        if time.monotonic() >= self._not_before and self._is_due():
            self._process = _start(*self._arguments)


def _start(*arguments: str) -> subprocess.Popen[bytes]:
    from django.conf import settings

    return subprocess.Popen([sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments], stdout=subprocess.DEVNULL)


def _stop(number: int, frame: FrameType | None) -> None:
    global _stopping
    _stopping = True


def _ensure_sound_index() -> None:
    from guide.search import index

    if not index.is_sound(to_the_end=True):
        index.mark_broken("found at start")


def _learn_pinyin() -> None:
    """Read now what compiling the guide's words needs, so that what is published first need not wait for it."""
    from guide.search import compiler

    _attempt(Round("pinyin", lambda: len(compiler.make().words())))


def _attempt(one: Round) -> None:
    """Do one thing of a round; a fault in it ends neither the round nor the worker."""
    from django.db import close_old_connections
    from django.db.utils import DatabaseError

    from guide.search import index

    if time.monotonic() < one.not_before:
        return
    close_old_connections()
    try:
        if done := one.act():
            logger.info("%s: %s done", one.name, done)
    except index.IndexBusy:
        logger.info("%s: another process is writing the index; trying again", one.name)
    except (index.IndexUnavailable, DatabaseError, OSError):
        logger.exception("%s failed; trying again in %s s", one.name, PAUSE_S)
        one.not_before = time.monotonic() + PAUSE_S


if __name__ == "__main__":
    sys.exit(main())
