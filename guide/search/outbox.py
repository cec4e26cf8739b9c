"""Bringing the index up to date: takes what the outbox notes, in the order it was noted, and forgets it once done."""

from datetime import timedelta

from django.utils import timezone

from guide.search import index, writing
from guide.search.models import Outbox

# More pages than this at once are quicker by building the index anew.
REBUILD_FROM = 300
_BATCH = 500


def drain() -> int:
    """Apply everything noted so far; returns the number of rows done. Raises index.IndexBusy.

    A missing or broken index is built anew. Rows noted meanwhile stay for the next call; a row is forgotten only after
    the index holds what it tells. Then the lexicon follows, so that a new synonym counts as soon as a new text.
    """
    rows = list(Outbox.objects.order_by("pk"))
    noted, is_sound = {row.page_pk for row in rows}, index.is_sound()
    if is_sound and None in noted:
        _refresh_lexicon()  # a new synonym need not wait until all terms have been indexed anew
    if rows or not is_sound:
        _apply(noted)
        _forget(rows)
    _refresh_lexicon()
    return len(rows)


def rebuild() -> int:
    """Build the whole index anew, which answers every row noted so far; returns the number of documents.

    Raises index.IndexBusy.
    """
    rows = list(Outbox.objects.order_by("pk"))
    count = writing.rebuild()
    _forget(rows)
    return count


def oldest_wait() -> timedelta:
    """How long the oldest row has waited; zero when nothing waits."""
    oldest = Outbox.objects.order_by("pk").first()
    return timezone.now() - oldest.noted_at if oldest else timedelta(0)


def _apply(noted: set[int | None]) -> None:
    """Bring the index up to date with what is noted; None stands for terms and sources."""
    if len(noted) > REBUILD_FROM or not index.is_sound():
        writing.rebuild()
        return
    try:
        writing.refresh((pk for pk in noted if pk is not None), is_reference_changed=None in noted)
    except index.IndexUnavailable:
        writing.rebuild()


def _refresh_lexicon() -> None:
    try:
        writing.refresh_lexicon()
    except index.IndexUnavailable as error:
        index.mark_broken(error)
        writing.rebuild()


def _forget(rows: list[Outbox]) -> None:
    pks = [row.pk for row in rows]
    for start in range(0, len(pks), _BATCH):
        Outbox.objects.filter(pk__in=pks[start : start + _BATCH]).delete()
