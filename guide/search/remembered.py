"""Searches asked again: the page drawn for one is held in this process's memory for an hour, and never on disk.

A branch asks the same few things all day. The key holds the guide's version, the state of the index, the day, the reader's
post and all that was asked, so a page is the one that would be drawn now; a person who is signed in is always drawn
their own.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from guide.pages import kept, posts, version
from guide.pages.middleware import is_nobodys, negotiate
from guide.search import generations, log


@dataclass(frozen=True)
class Drawn:
    """A page of results as it is sent, and what the log is to be told of it."""

    body: bytes
    record: log.Record | None
    encoding: str = ""

    def response(self) -> HttpResponse:
        """The page as a response; the search is noted in the log."""
        if self.record:
            log.append(self.record)
        response = HttpResponse(self.body)
        if self.encoding:
            response.headers["Content-Encoding"] = self.encoding
        patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
        return response


class RememberedSearches:
    """Django middleware: a search asked again is answered before anything that knows persons. Stands behind KeptPages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.KEPT_PAGES:
            raise MiddlewareNotUsed("KEPT_PAGES is off")
        self.get_response = get_response
        self._path: str | None = None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self._path = self._path or reverse("search:results")
        if request.path != self._path or request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        key = request._remembered_as = _key(request)  # type: ignore[attr-defined]
        drawn: Drawn | None = caches["searches"].get(key) if key else None
        return drawn.response() if drawn else self.get_response(request)


def remember(request: HttpRequest, drawn: Drawn) -> Drawn:
    """`drawn`, compressed and held for whoever asks the same as `request`, if that may be."""
    key = getattr(request, "_remembered_as", "")
    if not key or request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):  # a page with a token in it is one person's
        return drawn
    encoding = _encoding(request)
    held = replace(drawn, body=kept.encoded(drawn.body, encoding, is_quick=True), encoding=encoding)
    caches["searches"].set(key, held)
    return held


def _key(request: HttpRequest) -> str:
    """Under what the answer to `request` is held; empty where it may not be. Made before the search: what is found is at
    least of this state of guide and index."""
    number, stamp = version.told(), generations.stamp()
    if not (number and stamp and is_nobodys(request)):
        return ""
    state = f"{number} {stamp} {timezone.localdate()} {request.COOKIES.get(posts.COOKIE, '')} {_encoding(request)}"
    return hashlib.sha256(f"{state} {request.get_full_path()}".encode(errors="surrogatepass")).hexdigest()


def _encoding(request: HttpRequest) -> str:
    return negotiate(request.META.get("HTTP_ACCEPT_ENCODING", ""))
