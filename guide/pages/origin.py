"""Forms without a token: pages that are kept and shared hold none, so where a request comes from is asked instead."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponse]


def same_origin_only(view: View) -> View:
    """`view`, answering to POST only from pages of this site, as the browser says (Sec-Fetch-Site, else Origin)."""

    @csrf_exempt
    @wraps(view)
    def checked(request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponse:
        if request.method == "POST" and not _is_same_origin(request):
            raise PermissionDenied("the form was sent from another site")
        return view(request, *arguments, **options)

    return checked


def _is_same_origin(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin", "")
    return bool(origin) and (origin == settings.SITE_URL or _host_of(origin) == request.get_host())


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # such as http://[
        return ""
