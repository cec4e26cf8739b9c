"""Taking the search log's records into rows, each exactly once, and forgetting what is too old. Run by the worker.

Rows and the place up to which a file has been read are written in one transaction, so a process killed between leaves
neither; a file is removed only when its day is over and all of it has been read.
"""

import json
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import Resolver404, resolve
from django.utils import timezone

from guide.pages.models import Page
from guide.search import words
from guide.search.log import MARK, SUFFIX, path_of
from guide.search.models import LogFile, LoggedSearch

_CHUNK = 250_000  # bytes in one transaction
_BATCH = 500
_FORGET_S = 3600  # how often old rows are looked for


class Keeping:
    """What the worker does for the log in every round: fold, and now and then forget what is old."""

    def __init__(self) -> None:
        self._forgotten_at = float("-inf")

    def go_on(self) -> None:
        fold()
        if time.monotonic() - self._forgotten_at >= _FORGET_S:
            forget_old()
            self._forgotten_at = time.monotonic()


def fold() -> int:
    """Take every record written so far into rows; returns the bytes taken. Raises OSError, DatabaseError: nothing is lost."""
    done = 0
    for path in sorted(Path(settings.SEARCH_LOG_DIR).glob(f"*{SUFFIX}")):
        while size := _fold_chunk(path):
            done += size
        _remove_if_over(path)
    return done


def forget_old() -> int:
    """Delete rows older than SEARCH_LOG_DAYS, and names where they are no longer wanted; returns how many went."""
    old = LoggedSearch.objects.filter(at__lt=timezone.now() - timedelta(days=settings.SEARCH_LOG_DAYS))
    done = 0
    while pks := list(old.values_list("pk", flat=True)[:_BATCH]):
        done += LoggedSearch.objects.filter(pk__in=pks).delete()[0]
    named = LoggedSearch.objects.exclude(user_name="")
    if not settings.SEARCH_LOG_USERS and named.exists():
        named.update(user_name="")
    return done


def key_of(query: str) -> str:
    """What makes two queries the same question: letter case, width, traditional characters, spaces and a last mark aside."""
    return " ".join(words.normalise(query).split()).rstrip("?!.。 ")


def _fold_chunk(path: Path) -> int:
    """Take the next part of `path`; returns the bytes taken, 0 when there is nothing new."""
    if path.stat().st_size == _read_up_to(path):
        return 0
    with transaction.atomic():
        file = LogFile.objects.select_for_update().get_or_create(name=path.name)[0]
        start = file.offset if file.offset <= path.stat().st_size else 0  # a file put in place of another
        with path.open("rb") as opened:
            opened.seek(start)
            chunk = opened.read(_CHUNK)
        size = chunk.rfind(b"\n") + 1
        LoggedSearch.objects.bulk_create(_rows(chunk[:size]), batch_size=_BATCH)
        file.offset = start + size
        file.save()
    return size


def _read_up_to(path: Path) -> int:
    return LogFile.objects.filter(name=path.name).values_list("offset", flat=True).first() or 0


def _remove_if_over(path: Path) -> None:
    """Remove a file whose day ended a day ago: by then no process is still about to write into it."""
    if path.name < path_of(datetime.now(UTC) - timedelta(days=1)).name:
        path.unlink()
        LogFile.objects.filter(name=path.name).delete()


def _rows(chunk: bytes) -> list[LoggedSearch]:
    told = list(_records(chunk))
    pages = _pages({str(values.get("opened", "")) for values in told})
    return [_row(values, pages) for values in told]


def _records(chunk: bytes) -> Iterator[dict[str, Any]]:
    """The records of `chunk`; one that was cut short is left out."""
    for text in chunk.split(MARK):
        try:
            values = json.loads(text.partition(b"\n")[0])
        except ValueError:
            continue
        if isinstance(values, dict) and {"at", "kind", "query"} <= values.keys():
            yield values


def _row(values: dict[str, Any], pages: dict[str, int]) -> LoggedSearch:
    query, opened = str(values["query"])[:200], str(values.get("opened", ""))
    return LoggedSearch(
        at=datetime.fromisoformat(values["at"]), kind=values["kind"], query=query, key=key_of(query),
        count=values.get("count"), understood=values.get("understood", {}), opened=opened, page_id=pages.get(opened),
        note=values.get("note", ""), user_name=values.get("user_name", ""),
    )  # fmt: skip


def _pages(urls: Iterable[str]) -> dict[str, int]:
    """The page that each address leads to, where it is one of the guide's."""
    paths = {url: path for url in urls if url and (path := _path(url))}
    pks = dict(Page.objects.filter(path__in=set(paths.values())).values_list("path", "pk"))
    return {url: pks[path] for url, path in paths.items() if path in pks}


def _path(url: str) -> str:
    try:
        return str(resolve(url.partition("#")[0]).kwargs.get("path", ""))
    except Resolver404:
        return ""
