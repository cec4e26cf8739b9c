"""Kept pages, answered right after the host check and before anything that costs more; and the policy's header.

`KeptPages` stands inside the middleware that adds headers to every response and outside the one that knows persons, so a
kept page carries the same headers as any other and nothing of a person.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from guide.pages import kept, posts, version
from guide.pages.outline import outline_of

# A request with one of these is a person's: signed in, or with a message waiting.
_PERSONAL = (settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name)
_USUAL_HEADERS = {"Content-Type", "Content-Length", "Vary"}
_PREFERRED = ("br", "gzip", "")


class SitePolicy(CSPMiddleware):
    """django-csp's middleware, with the policy that nearly all responses carry built once instead of twice for each."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__(get_response)
        self._policy = build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if _changes_policy(response) or getattr(request, "_csp_nonce", None):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._policy)
        return response


class KeptPages:
    """Django middleware: GET and HEAD of what is visible to anyone, without a query, come from `guide.pages.kept`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.KEPT_PAGES:
            raise MiddlewareNotUsed("KEPT_PAGES is off")
        self.get_response = get_response
        kept.release()  # read now, by the process that forks, not by the first reader's request

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.get_host()  # an unknown host is refused before anything is answered
        # Asked before anything is read from the database: what is drawn from now on is at least of this version.
        number = version.told() if _is_anybodys(request) else None
        if not number:
            return self.get_response(request)
        post = request.COOKIES.get(posts.COOKIE, "")
        key = kept.key_of(number, request.path, post)
        encoding = negotiate(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        copy = kept.find(key, encoding)
        if copy is None:
            response = self.get_response(request)
            if not (_may_be_kept(response) and _is_known(post, request)):
                return response
            copy = kept.keep(key, response.content, encoding)
        return _answer(request, copy)


@lru_cache(maxsize=64)
def negotiate(accepted: str) -> str:
    """The encoding to answer with, out of "br", "gzip" and "" (none), for the Accept-Encoding header `accepted`."""
    weights = dict(_weight(part) for part in accepted.lower().split(",") if part.strip())
    anything = weights.get("*", 0.0)
    offers = {name: weights.get(name, anything) for name in ("br", "gzip")}
    offers[""] = weights.get("identity", 0.0)
    best = max(offers.values())
    return next(name for name in _PREFERRED if offers[name] == best) if best > 0 else ""


def _weight(part: str) -> tuple[str, float]:
    name, _, rest = part.partition(";")
    found = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", rest)
    return name.strip(), float(found[1]) if found else float(not rest.strip())


def _is_anybodys(request: HttpRequest) -> bool:
    return request.method in ("GET", "HEAD") and not request.META.get("QUERY_STRING") and is_nobodys(request)


def is_nobodys(request: HttpRequest) -> bool:
    """Whether `request` names no person: nobody is signed in, and no message waits."""
    return not any(name in request.COOKIES for name in _PERSONAL)


def _is_known(post: str, request: HttpRequest) -> bool:
    """Whether the guide knows `post`: invented ones must not fill the disk."""
    return not post or post in outline_of(request).info.posts


def _may_be_kept(response: HttpResponse) -> bool:
    """Whether the response is a view's that said so, a whole page, and without anything that a copy would not carry."""
    return (
        getattr(response, "is_keepable", False)
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
        and set(response.headers) <= _USUAL_HEADERS
        and not _changes_policy(response)
    )


def _changes_policy(response: HttpResponseBase) -> bool:
    """Whether a view asked for a policy of its own."""
    return any(name.startswith("_csp_") for name in vars(response))


def _answer(request: HttpRequest, copy: kept.Copy) -> HttpResponse:
    response = HttpResponse(copy.body)
    if copy.encoding:
        response.headers["Content-Encoding"] = copy.encoding
    response.headers["Content-Length"] = str(len(copy.body))
    response.headers["ETag"] = copy.etag
    # Kept by the browser but asked for again each time, so that an edit shows at once.
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept-Encoding, Cookie"
    if "HTTP_IF_NONE_MATCH" in request.META or "HTTP_IF_MATCH" in request.META:
        return get_conditional_response(request, etag=copy.etag, response=response) or response
    return response
