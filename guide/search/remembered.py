"""Searches asked again: the page drawn for one is held in this process's memory for a minute, and never on disk.

A branch asks the same few things all day. The key holds the guide's version, the state of the index, the reader's post and
all that was asked, so a page is the one that would be drawn now; a person who is signed in is always drawn their own.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from guide.pages import kept
from guide.pages.middleware import is_nobodys, negotiate
from guide.pages.outline import outline_of
from guide.pages.posts import post_of
from guide.search import generations
from guide.search.results import Survey


@dataclass(frozen=True)
class Drawn:
    """A page of results as it is sent, and what the log is to be told of: the words and what was found."""

    body: bytes
    asked: tuple[str, Survey] | None
    encoding: str = ""

    def response(self) -> HttpResponse:
        """The page as a response."""
        response = HttpResponse(self.body)
        if self.encoding:
            response.headers["Content-Encoding"] = self.encoding
        patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
        return response


def remembered(request: HttpRequest, draw: Callable[[HttpRequest], Drawn]) -> Drawn:
    """What `draw` makes of `request`, or made of the same for another stranger a moment ago; for strangers, compressed."""
    if not is_nobodys(request):
        return draw(request)
    encoding = negotiate(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    stamp = generations.stamp()  # before the search: what is found is at least of this state
    asked = f"{outline_of(request).version} {stamp} {post_of(request)} {encoding} {request.get_full_path()}"
    key = hashlib.sha256(asked.encode(errors="surrogatepass")).hexdigest()
    may_be_held = bool(stamp) and settings.KEPT_PAGES
    found: Drawn | None = caches["searches"].get(key) if may_be_held else None
    if found is None:
        plain = draw(request)
        if request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
            return plain  # it holds a token
        found = Drawn(kept.encoded(plain.body, encoding), plain.asked, encoding)
        if may_be_held:
            caches["searches"].set(key, found)
    return found
