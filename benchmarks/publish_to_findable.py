"""How long it takes from a commit until a reader finds it, and until a withdrawn page is gone, with the worker running.

    DATA_DIR=… .venv/bin/python -m benchmarks.publish_to_findable [TIMES]

A section gets a word that nobody has written before; a known word a new synonym; then each is asked for until
it is found. The guide must be loaded and indexed in DATA_DIR, which is changed: give it a copy. The worker is started here.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.asking import sections, set_up

ROOT = Path(__file__).resolve().parent.parent
PAUSE_S = 0.005  # between two searches
PATIENCE_S = 120.0


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    set_up()
    worker = subprocess.Popen([sys.executable, "-m", "guide.worker"], cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        _publish("zqfirst")  # the worker has started and read what it needs
        _until(_nothing_waits)
        marks = [f"{time.time_ns():x}n{number}" for number in range(times)]  # never written before
        report("published text is found", [_publish(f"zq{mark}") for mark in marks])
        report("new synonym is understood", [_add_synonym(f"xw{mark}") for mark in marks])
        report("withdrawn page is gone", [_withdraw_and_return() for _ in range(times)])
    finally:
        worker.terminate()
        worker.wait(20)


def report(name: str, seconds: list[float]) -> None:
    taken = sorted(1000 * second for second in seconds)
    p95 = statistics.quantiles(taken, n=20)[-1] if len(taken) > 1 else taken[0]
    print(f"{name:<28} p50 {statistics.median(taken):6.0f} ms, p95 {p95:6.0f} ms, most {taken[-1]:6.0f} ms")


def _publish(word: str) -> float:
    """Seconds from the commit of a text that holds `word` until it is found."""
    from django.db import transaction

    from guide.pages.changes import conclude_write
    from guide.pages.models import Page

    page = Page.objects.published().filter(kind=Page.Kind.SECTION).first()
    with transaction.atomic():
        Page.objects.filter(pk=page.pk).update(body=f"{page.body}\n{word}")
        conclude_write([page.pk])
    return _until(lambda: any(hit.id == page.slug for hit in sections(word).hits))


def _add_synonym(word: str) -> float:
    from django.db import transaction

    from guide.pages.changes import conclude_write
    from guide.reference.models import SynonymGroup

    with transaction.atomic():
        SynonymGroup.objects.create(words=["投诉", word], position=1 + SynonymGroup.objects.latest("position").position)
        conclude_write([], is_reference_changed=True)
    return _until(lambda: sections(word).total > 0)


def _withdraw_and_return() -> float:
    from django.db import transaction
    from django.utils import timezone

    from guide.pages.changes import conclude_write
    from guide.pages.models import Page

    page = Page.objects.published().filter(kind=Page.Kind.SECTION).first()
    _until(lambda: _finds(page))
    with transaction.atomic():
        Page.objects.filter(pk=page.pk).update(withdrawn_at=timezone.now())
        conclude_write([page.pk])
    seconds = _until(lambda: not _finds(page))
    with transaction.atomic():
        Page.objects.filter(pk=page.pk).update(withdrawn_at=None)
        conclude_write([page.pk])
    return seconds


def _finds(page) -> bool:
    return any(hit.id == page.slug for hit in sections(page.title).hits)


def _nothing_waits() -> bool:
    from guide.search import index
    from guide.search.models import Outbox

    return index.is_sound() and not Outbox.objects.exists()


def _until(holds: Callable[[], bool]) -> float:
    """Seconds until `holds` does."""
    begun = time.perf_counter()
    while not holds():
        if time.perf_counter() - begun > PATIENCE_S:
            raise TimeoutError(f"not within {PATIENCE_S:.0f} s")
        time.sleep(PAUSE_S)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
