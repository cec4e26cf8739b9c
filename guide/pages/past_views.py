"""The guide as it was: the outline and each page at the end of a day, asked for with `?as_of=2026-03-01`."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.db.models import Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from guide.pages.forms import PastDay
from guide.pages.models import FormerPath, Page, Revision
from guide.pages.past import Past
from guide.pages.past_reading import outline, past_at, read
from guide.pages.past_resolving import address

View = Callable[..., HttpResponse]


def or_as_it_was(past_view: View) -> Callable[[View], View]:
    """Let `past_view` answer where the query names a day: `?as_of=`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            return past_view(request, **kwargs) if "as_of" in request.GET else view(request, **kwargs)

        return wrapped

    return decorate


def dated(view: Callable[..., HttpResponse]) -> View:
    """Hand `view` the guide of the day that is asked for; say what is wrong with the day where there is none."""

    @wraps(view)
    def wrapped(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not Page.objects.once_visible_to(request.user).exists():
            raise Http404
        form = PastDay(request.GET)
        if form.is_valid():
            response = view(request, past_at(form.cleaned_data["as_of"]), **kwargs)
        else:
            response = render(request, "pages/past_unclear.html", {"form": form}, status=400)
        response["X-Robots-Tag"] = "noindex"
        return response

    return wrapped


@dated
def home(request: HttpRequest, past: Past) -> HttpResponse:
    context = {"day": past.day, "outline": outline(past), "today": "/", "first": _first_day()}
    return render(request, "pages/past_home.html", context)


@dated
def page(request: HttpRequest, past: Past, path: str) -> HttpResponse:
    entry = past.at_path(path)
    if entry is None:
        return _elsewhere(request, past, path)
    shown = Page.objects.visible_to(request.user).filter(pk=entry.page_pk).first()
    context = {"day": past.day, "page": read(past, entry), "today": shown.get_absolute_url() if shown else ""}
    return render(request, "pages/past_page.html", context)


def _elsewhere(request: HttpRequest, past: Past, path: str) -> HttpResponse:
    """The page that has this address now, or had it once, at the address it had that day; else why there is none."""
    found = _now_at(request, path)
    entry = past.find(found.slug) if found else None
    if entry:
        return redirect(address(entry, past.day))
    first = _first_day(found) if found else None
    context = {"day": past.day, "page": found, "first": first, "is_too_early": first is not None and first > past.day}
    return render(request, "pages/past_missing.html", context, status=404)


def _now_at(request: HttpRequest, path: str) -> Page | None:
    pages = Page.objects.once_visible_to(request.user)
    former = FormerPath.objects.filter(path=path).values("page")
    found: Page | None = pages.filter(path=path).first() or pages.filter(pk__in=former).first()
    return found


def _first_day(page: Page | None = None) -> date | None:
    """The day on which `page`, or the guide, was first published."""
    said = Revision.objects.once_live().filter(page=page) if page else Revision.objects.filter(page__isnull=False)
    first = said.order_by().aggregate(first=Min("published_at"))["first"]
    return timezone.localdate(first) if first else None
