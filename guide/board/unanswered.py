"""What readers asked in vain of late, each question with the section that it comes nearest to.

The log says what was asked, not what was meant. The section is the first one that the question finds today; for a question
that finds nothing, the first one that the guide's nearest word finds; and none where no word is near.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import caches
from django.utils import timezone

from guide.pages.outline import Outline
from guide.search import gaps
from guide.search.models import LoggedSearch, LogQuerySet
from guide.search.results import search

DAYS = 30
MOST = 100  # questions of each kind that are looked at: those asked most


@dataclass(frozen=True)
class Asked:
    """One question, how often it was asked and when last, whether it found anything, and the nearest section's number."""

    query: str
    times: int
    last: datetime
    is_found: bool
    section: str


def unanswered(user: Any, outline: Outline) -> tuple[Asked, ...]:
    """The questions of the last days that found nothing, or nothing that anybody opened; kept for a minute."""
    latest = LoggedSearch.objects.order_by("-pk").values_list("pk", flat=True).first()
    key = f"board:{outline.version}:{latest}"
    found: tuple[Asked, ...] | None = caches["searches"].get(key)
    if found is None:
        found = tuple(_asked(user, outline))
        caches["searches"].set(key, found, timeout=60)
    return found


def _asked(user: Any, outline: Outline) -> Iterable[Asked]:
    log, since = LogQuerySet(LoggedSearch), timezone.now() - timedelta(days=DAYS)
    vocabulary = gaps.vocabulary()
    kinds: list[tuple[Any, bool]] = [(log.misses(since), False), (log.unopened(since), True)]
    for rows, is_found in kinds:
        for row in rows.order_by("-times", "-last")[:MOST]:
            yield Asked(row.query, row.times, row.last, is_found, _nearest(row.query, vocabulary, user, outline))


def _nearest(query: str, vocabulary: gaps.Vocabulary, user: Any, outline: Outline) -> str:
    for text in (query, *vocabulary.nearest(query)[:1]):
        if hits := search(text, user, outline, limit=1).hits:
            return hits[0].section
    return ""
