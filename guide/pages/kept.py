"""Whole pages kept ready, and when they are not: files below PAGES_DIR, one directory for each edition of the guide.

An edition is one release of the site at one version of the guide on one local day, so nothing is ever invalidated: a page
that is asked for in another edition is not there. A name below it is a hash of the path and the reader's post, so no
address can lead out of the directory. Each page lies there plain, as gzip and as brotli.
"""

import hashlib
import os
import shutil
import sys
import tempfile
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from pathlib import Path
from threading import Lock

import brotli  # type: ignore[import-untyped]  # ships no types
import deflate
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from guide.pages import version

# What brotli and gzip are told, for a page that is kept (the best that costs no more time than its making) and for one that
# is drawn for a single reader.
_KEPT = {"br": 6, "gzip": 12}
_QUICK = {"br": 4, "gzip": 6}
_SUFFIXES = {"br": ".html.br", "gzip": ".html.gz", "": ".html"}


@dataclass(frozen=True)
class Key:
    """Where one page lies: the edition's directory and the name in it."""

    edition: str
    name: str


@dataclass(frozen=True)
class Copy:
    """A page's bytes in one encoding ("" is none), and the strong tag that names them."""

    body: bytes
    encoding: str
    etag: str


@dataclass
class _Memory:
    """The copies last used by this process, of one edition, up to so many bytes."""

    edition: str = ""
    copies: OrderedDict[tuple[Key, str], Copy] = field(default_factory=OrderedDict)
    size: int = 0
    lock: Lock = field(default_factory=Lock)


_memory = _Memory()


def keepable(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark what `view` draws as the same for everybody with the same post: it may be kept."""

    @wraps(view)
    def marked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.is_keepable = True  # type: ignore[attr-defined]
        return response

    return marked


def edition(number: int) -> str:
    """The name of today's edition of the guide at version `number`."""
    return f"{release()}-{number}-{timezone.localdate()}"


def key_of(number: int, path: str, post: str) -> Key:
    """Where the page at `path` is kept for readers of `post`, at version `number`."""
    name = hashlib.blake2b(f"{path}\0{post}".encode(errors="surrogatepass"), digest_size=20).hexdigest()
    return Key(edition(number), name)


def find(key: Key, encoding: str) -> Copy | None:
    """The copy kept under `key` in `encoding`, from memory or from its file."""
    return _remembered(key, encoding) or _read(key, encoding)


def keep(key: Key, html: bytes, encoding: str) -> Copy:
    """Keep `html` under `key` and return its copy in `encoding`. A full or unwritable disk keeps less, and fails nobody."""
    bodies = {name: encoded(html, name) for name in _SUFFIXES}
    with suppress(OSError):  # `version.announce` has said so already, or will: it writes to the same place
        for name, body in bodies.items():
            _write(_path(key, name), body)
    return _remember(key, _copy(bodies[encoding], encoding))


def encoded(html: bytes, encoding: str, is_quick: bool = False) -> bytes:
    """`html` in `encoding`: "br", "gzip" or "" for none; a little longer where it `is_quick`."""
    levels = _QUICK if is_quick else _KEPT
    if encoding == "br":
        return bytes(brotli.compress(html, quality=levels["br"], lgwin=18))
    return bytes(deflate.gzip_compress(html, levels["gzip"])) if encoding else html


def hold(number: int, name: str, content: bytes) -> None:
    """Keep `content`, which pages of version `number` are made with, as the file `name` beside them, if the disk allows."""
    with suppress(OSError):
        _write(Path(settings.PAGES_DIR) / edition(number) / name, content)


def held(number: int, name: str) -> bytes | None:
    """What was held as `name` for version `number`, if it is there."""
    try:
        return (Path(settings.PAGES_DIR) / edition(number) / name).read_bytes()
    except OSError:
        return None


def tidy() -> None:
    """Remove what is kept of other editions than the one that is shown now."""
    found = [entry for entry in _entries() if entry.is_dir(follow_symlinks=False)]
    # Asked after the listing, so that an edition begun meanwhile is not among what is removed.
    shown = edition(version.current())
    for entry in found:
        if entry.name != shown:
            shutil.rmtree(entry.path, ignore_errors=True)


def start_afresh() -> None:
    """Forget everything kept, as at a start: the database may have been put back to an earlier state meanwhile."""
    for entry in _entries():
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path, ignore_errors=True)
    version.announce()


@lru_cache(maxsize=1)
def release() -> str:
    """A name for everything but the guide itself that pages are made of: code, templates, styles and libraries."""
    digest = hashlib.blake2b(
        f"{sys.version} {settings.SITE_URL} {settings.READING} {settings.FEEDBACK}".encode(), digest_size=6
    )
    for folder in ("guide", "templates", "static"):
        for path in sorted((settings.BASE_DIR / folder).rglob("*.*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"{path.relative_to(settings.BASE_DIR)}\0".encode() + path.read_bytes())
    lock = settings.BASE_DIR / "requirements.lock"
    digest.update(lock.read_bytes() if lock.exists() else b"")
    return digest.hexdigest()


def _entries() -> list[os.DirEntry[str]]:
    try:
        with os.scandir(settings.PAGES_DIR) as entries:
            return list(entries)
    except OSError:
        return []


def _path(key: Key, encoding: str) -> Path:
    return Path(settings.PAGES_DIR) / key.edition / (key.name + _SUFFIXES[encoding])


def _copy(body: bytes, encoding: str) -> Copy:
    return Copy(body, encoding, f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"')


def _read(key: Key, encoding: str) -> Copy | None:
    try:
        body = _path(key, encoding).read_bytes()
    except OSError:
        return None
    return _remember(key, _copy(body, encoding)) if body else None


def _write(path: Path, body: bytes) -> None:
    """Put `body` at `path` whole or not at all. The last of the disk is left to the database."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if shutil.disk_usage(path.parent).free < settings.PAGES_LEAVE_FREE:
        raise OSError("the disk is nearly full")
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _remembered(key: Key, encoding: str) -> Copy | None:
    with _memory.lock:
        copy = _memory.copies.get((key, encoding))
        if copy:
            _memory.copies.move_to_end((key, encoding))
        return copy


def _remember(key: Key, copy: Copy) -> Copy:
    with _memory.lock:
        if _memory.edition != key.edition:
            _memory.copies.clear()
            _memory.edition, _memory.size = key.edition, 0
        if (key, copy.encoding) not in _memory.copies:
            _memory.copies[key, copy.encoding] = copy
            _memory.size += len(copy.body)
        while _memory.size > settings.PAGES_MEMORY and _memory.copies:
            _memory.size -= len(_memory.copies.popitem(last=False)[1].body)
    return copy
