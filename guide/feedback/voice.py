"""Who may tell the editors something, and how often."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

from guide.pages.limits import Limit, client_address

HOUR_S = 3600
View = Callable[..., HttpResponse]


def may_tell(request: HttpRequest) -> bool:
    """Whether whoever sent `request` may tell the editors something. Strangers are not looked up where all may."""
    if settings.FEEDBACK == "open":
        return settings.READING == "open" or request.user.is_authenticated
    return settings.FEEDBACK == "signed-in" and request.user.is_authenticated


def voice(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `may_tell` in every template."""
    return {"may_tell": may_tell(request)}


def for_tellers(view: View) -> View:
    """`view` for those who may tell; strangers are led to the sign-in page where that would help, else nothing is there."""

    @wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponse:
        if may_tell(request):
            return view(request, *arguments, **options)
        if settings.FEEDBACK == "off":
            raise Http404
        return redirect_to_login(request.get_full_path() if request.method != "POST" else settings.LOGIN_REDIRECT_URL)

    return guarded


def minutes_to_wait(request: HttpRequest, what: str) -> int:
    """Count one `what` ("reports", "answers") of this visitor: 0 when it may be kept, else the minutes until it may.

    Counted for a person where one is signed in, else for an address: many share one at a branch.
    """
    visitor = f"user {request.user.pk}" if request.user.is_authenticated else client_address(request)
    seconds = Limit(settings.FEEDBACK_RATE_DIR / what, settings.FEEDBACK_RATE, HOUR_S).seconds_to_wait(visitor)
    return -(-seconds // 60)
