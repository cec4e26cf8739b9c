"""The worker: keeps the index in step with the database. Run as `python -m guide.worker`; like urls.py it sees all apps."""

import logging
import os
import signal
import sys
import time
from types import FrameType

import django

logger = logging.getLogger("guide.worker")

POLL_S = 0.5
_stopping = False


def main() -> int:
    """Poll the outbox until told to stop; each round stands on its own, so a fault in one does not end the worker."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guide.settings")
    django.setup()
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    _ensure_sound_index()
    while not _stopping:
        _round()
        time.sleep(POLL_S)
    return 0


def _stop(number: int, frame: FrameType | None) -> None:
    global _stopping
    _stopping = True


def _ensure_sound_index() -> None:
    from guide.search import index

    if not index.is_sound(to_the_end=True):
        index.mark_broken("found at start")


def _round() -> None:
    from django.db import close_old_connections
    from django.db.utils import DatabaseError

    from guide.search import index, outbox

    close_old_connections()
    try:
        done = outbox.drain()
        if done:
            logger.info("index refreshed: %s rows", done)
    except index.IndexBusy:
        logger.info("another process is writing the index; trying again")
    except (index.IndexUnavailable, DatabaseError, OSError):
        logger.exception("this round failed; trying again")


if __name__ == "__main__":
    sys.exit(main())
