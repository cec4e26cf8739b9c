"""The search log as it is written: what was asked and settled, or opened, is one record appended to a file of the day.

A file is a JSON text sequence (RFC 7464): a record begins with a mark and ends with a line end, so one that a full disk
cut short harms no other. Many processes append at once; `guide.search.folding` takes the records into rows. Numbers that
may be a person's are masked before anything is written, and no request ever fails for the log.
"""

import json
import logging
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from guide.pages.masking import masked
from guide.search.understanding import Outcome, understood

logger = logging.getLogger("guide.search")

MARK = b"\x1e"
SUFFIX = ".json-seq"
MOST_BYTES = 50_000_000  # of one day; a flood must not fill the disk


@dataclass(frozen=True)
class Record:
    """One act of search. `kind` is that of `LoggedSearch`; `count` is None where nothing was searched for anew."""

    kind: str
    query: str
    count: int | None = None
    understood: dict[str, Any] = field(default_factory=dict)
    opened: str = ""
    note: str = ""
    user_name: str = ""
    at: str = ""


class _Complaint:
    """Whether this process has said that the log cannot be written: once is enough."""

    def __init__(self) -> None:
        self.is_made, self.lock = False, Lock()

    def make(self, reason: object) -> None:
        with self.lock:
            if not self.is_made:
                logger.warning("the search log is not written: %s", reason)
            self.is_made = True


_complaint = _Complaint()


def record_search(request: HttpRequest, kind: str, query: str, found: Outcome) -> None:
    """Note a settled search with its outcome. `kind` says where it was asked: "page", "typed" or "api"."""
    if record := record_of_search(request, kind, query, found):
        append(record)


def record_of_search(request: HttpRequest, kind: str, query: str, found: Outcome) -> Record | None:
    """What is to be noted of a settled search, as often as it is asked; nothing of an empty one."""
    return Record(kind, query, found.total, _told(query, found), user_name=_user_name(request)) if query else None


def record_opened(request: HttpRequest, query: str, url: str) -> None:
    """Note that the hit at `url` was opened for `query`."""
    append(Record("opened", query, opened=url, user_name=_user_name(request)))


def record_miss(request: HttpRequest, query: str, note: str = "") -> None:
    """Note that a reader tells the editors: `query` finds nothing, or nothing that helps."""
    append(Record("told", query, note=note, user_name=_user_name(request)))


def path_of(day: datetime) -> Path:
    """The file of `day` (by UTC)."""
    return Path(settings.SEARCH_LOG_DIR) / f"{day:%Y-%m-%d}{SUFFIX}"


def _user_name(request: HttpRequest) -> str:
    return str(request.user.get_username()) if settings.SEARCH_LOG_USERS else ""


def _told(query: str, found: Outcome) -> dict[str, Any]:
    """How `query` was understood, without what says nothing; nothing at all where it holds what must be masked."""
    if masked(query) != query:
        return {}
    told: dict[str, Any] = {**understood(found)}
    told["words"] = [word for word in told["words"] if word["also"]]
    return {name: value for name, value in told.items() if value}


def append(record: Record) -> None:
    """Note `record`, as of now, with numbers masked that may be a person's."""
    if not settings.SEARCH_LOG_DAYS:
        return
    now = datetime.now(UTC)
    values = asdict(record) | {"at": now.isoformat(), "query": masked(record.query), "note": masked(record.note)}
    line = json.dumps({name: value for name, value in values.items() if value not in ("", None, {})}, ensure_ascii=False)
    try:
        _write(path_of(now), MARK + line.encode() + b"\n")
        _complaint.is_made = False
    except OSError as error:
        _complaint.make(error)


class _Opened:
    """A file of the log, open to append to for as long as some thread holds it."""

    def __init__(self, path: Path) -> None:
        self.path, self.descriptor = path, _open(path)

    def __del__(self) -> None:
        with suppress(AttributeError, OSError):  # it could not be opened
            os.close(self.descriptor)


@dataclass
class _Last:
    """The file that was written last: that of today."""

    opened: _Opened | None = None


_last = _Last()


def _write(path: Path, record: bytes) -> None:
    """Append `record` in one write, which no other process's write can part. Raises OSError."""
    opened = _last.opened
    status = os.fstat(opened.descriptor) if opened and opened.path == path else None
    if opened is None or status is None or status.st_nlink == 0:  # another day, or the file was taken away
        opened = _last.opened = _Opened(path)
        status = os.fstat(opened.descriptor)
    if status.st_size > MOST_BYTES:
        raise OSError(f"{path} has reached its size for one day")
    if os.write(opened.descriptor, record) < len(record):
        raise OSError(f"{path} took only a part of a record")


def _open(path: Path) -> int:
    """`path` to append to, made with its folder when it is the first. It stays open: every call that waits for the disk
    lets other threads in, and costs a search asked again as much as all the rest of it."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
    try:
        return os.open(path, flags, 0o600)
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(path, flags, 0o600)
