"""The board and the rows behind each of its numbers, for those who look after the guide."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guide.board.coverage import board
from guide.board.forms import BoardForm
from guide.board.unanswered import DAYS
from guide.pages.outline import outline_of

NEEDED = ("pages.view_page", "search.view_miss", "feedback.view_report")
View = Callable[..., HttpResponse]


def for_keepers(view: View) -> View:
    """`view` for those who may see all that it shows; strangers are led to the sign-in page, others find nothing."""

    @never_cache
    @require_safe
    @wraps(view)
    def guarded(request: HttpRequest, *arguments: str, **options: str) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.has_perms(NEEDED):
            raise Http404
        return view(request, *arguments, **options)

    return guarded


@for_keepers
def overview(request: HttpRequest) -> HttpResponse:
    """The grid of chapters and sections; with `sort=risk` a plain list."""
    form = BoardForm(request.GET)
    is_by_risk = form.is_valid() and form.cleaned_data["sort"] == "risk"
    context = {"board": board(request.user, outline_of(request)), "is_by_risk": is_by_risk, "days": DAYS}
    return render(request, "board/overview.html", context)


@for_keepers
def rows(request: HttpRequest, slug: str, what: str) -> HttpResponse:
    """The rows of one number of one chapter or section."""
    cell = board(request.user, outline_of(request)).cells.get(slug)
    if cell is None:
        raise Http404(slug)
    return render(request, "board/rows.html", {"entry": cell.entry, "what": what, "rows": getattr(cell, what), "days": DAYS})


@for_keepers
def elsewhere(request: HttpRequest) -> HttpResponse:
    """What was asked in vain and comes near to no section."""
    found = board(request.user, outline_of(request)).elsewhere
    return render(request, "board/rows.html", {"what": "searches", "rows": found, "days": DAYS})
