"""Reports in the admin: broken links, pages nothing leads to, coverage, and review dates by owner. They only read."""

from collections.abc import Callable
from functools import wraps
from itertools import groupby
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from guide.publishing import reviews as dates
from guide.publishing.reports import REPORTS


def _for_staff(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Behind the admin's door, for those who may look at pages."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("pages.view_page"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return admin.site.admin_view(require_safe(guarded))


def _drawn(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    context |= {**admin.site.each_context(request), "title": title}
    return render(request, f"admin/publishing/{template}.html", context)


@_for_staff
def overview(request: HttpRequest) -> HttpResponse:
    """Every report with its number."""
    counted = [(report, len(list(report.find()))) for report in REPORTS.values()]
    groups = [(name, list(rows)) for name, rows in groupby(counted, key=lambda row: row[0].group)]
    return _drawn(request, "reports", "检查", groups=groups)


@_for_staff
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """The rows of one report."""
    if slug not in REPORTS:
        raise Http404(slug)
    return _drawn(request, "report", REPORTS[slug].title, about=REPORTS[slug].about, rows=list(REPORTS[slug].find()))


@_for_staff
def reviews(request: HttpRequest) -> HttpResponse:
    """Review dates by owner; of one owner where the query names one."""
    owners = dates.by_owner(dates.reviews(timezone.localdate()))
    asked = request.GET.get("owner", "")
    chosen = [owner for owner in owners if not asked or owner.name == asked]
    return _drawn(request, "reviews", "复核期限", owners=owners, chosen=chosen, asked=asked)


app_name = "reports"

urlpatterns = [
    path("", overview, name="overview"),
    path("reviews/", reviews, name="reviews"),
    path("<slug:slug>/", report, name="report"),
]
