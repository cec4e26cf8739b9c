"""The reader's post: chosen once and kept in a cookie that names no person.

It is part of the key under which whole pages are kept, so only a post that the guide knows is ever answered.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from guide.pages.outline import outline_of

COOKIE = "post"
SECONDS = 366 * 24 * 3600


def post_of(request: HttpRequest) -> str:
    """The id of the reader's post, or "" where none was chosen or the guide does not know it."""
    chosen = request.COOKIES.get(COOKIE, "")
    return chosen if chosen and chosen in outline_of(request).info.posts else ""


def remember(response: HttpResponse, post: str) -> None:
    """Make the browser remember `post`, or forget what it remembered where `post` is empty."""
    if post:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(COOKIE, post, max_age=SECONDS, samesite="Lax", httponly=True, secure=secure)
    else:
        response.delete_cookie(COOKIE, samesite="Lax")


def reader(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `post`, the id of the reader's post, and `post_name`, the guide's word for it."""
    post = SimpleLazyObject(lambda: post_of(request))
    return {"post": post, "post_name": SimpleLazyObject(lambda: outline_of(request).info.posts.get(str(post), ""))}
