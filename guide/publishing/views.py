"""The guide's history for readers: versions of a page, what changed across the guide; and review dates for staff."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from guide.pages import views as pages
from guide.pages.models import FormerPath, Page, Revision
from guide.publishing import changelog, drafting, rights
from guide.publishing import reviews as dates
from guide.publishing.asking import ChangesFilter, VersionPair
from guide.publishing.audit import Actor
from guide.publishing.history import comparison, history_of


@require_safe
def history(request: HttpRequest, path: str) -> HttpResponse:
    """Every version of a page, and the difference between two of them where two are asked for."""
    if Page.objects.visible_to(request.user).filter(path=f"{path}/history").exists():
        return pages.page(request, path=f"{path}/history")  # a page that is itself called "history"
    former = FormerPath.objects.filter(path=path, page__in=Page.objects.visible_to(request.user)).first()
    readable = Page.objects.once_visible_to(request.user)
    if former and not readable.filter(path=path).exists():
        return HttpResponsePermanentRedirect(f"{former.page.get_absolute_url()}history/")
    page = get_object_or_404(readable, path=path)
    found = history_of(page)
    form = VersionPair(request.GET if "new" in request.GET else None, found.versions)
    context = {"page": page, "history": found, "form": form, "may_restore": rights.may_edit(request.user, page)}
    if form.is_valid():
        context["compared"] = comparison(page, form.cleaned_data["old"], form.cleaned_data["new"], found.versions)
    return render(request, "publishing/history.html", context)


@require_POST
@login_required
def restore(request: HttpRequest, path: str, number: int) -> HttpResponse:
    """Begin a draft with the text of an old version, and open it in the editor."""
    page = get_object_or_404(Page.objects.once_visible_to(request.user), path=path)
    revision = get_object_or_404(Revision.objects.once_live().of_page(page), number=number)
    by = Actor(request.user, f"版本页 {request.META.get('REMOTE_ADDR', '')}".strip())
    try:
        drafting.restore(revision, by, replace="replace" in request.POST)
    except rights.NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except drafting.DraftInTheWay:
        return render(request, "publishing/restore.html", {"page": page, "revision": revision}, status=409)
    messages.success(request, f"第 {number} 版的文字已放进您的草稿，读者看到的没有变。看过、改好后再提交。")
    return redirect("admin:pages_page_change", page.pk)


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """What changed across the guide."""
    form = ChangesFilter(request.GET, Page.objects.visible_to(request.user).chapters().in_reading_order())
    wish = form.wish()
    screen, days = changelog.changes(request.user, wish)
    return render(request, "publishing/changes.html", {"form": form, "wish": wish, "screen": screen, "days": days})


@require_safe
@never_cache
def reviews(request: HttpRequest) -> JsonResponse:
    """Review dates that have passed or come within 90 days, for other systems of the house; staff only."""
    if not (request.user.is_staff and request.user.has_perm("pages.view_page")):
        return JsonResponse({"error": "只给工作人员：请先在管理后台登录。"}, status=403)
    return JsonResponse(
        dates.as_feed(dates.reviews(timezone.localdate(), within=90)), json_dumps_params={"ensure_ascii": False}
    )
