"""The guide's pages: each view fetches, asks, renders."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseServerError,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from guide.pages import lists, past_views, starts
from guide.pages.finding import find
from guide.pages.forms import CaseFilter, PostChoice
from guide.pages.kept import keepable
from guide.pages.models import FormerPath, Page, Picture, Principle
from guide.pages.origin import same_origin_only
from guide.pages.outline import outline_for, outline_of
from guide.pages.past_views import or_as_it_was
from guide.pages.posts import post_of, remember
from guide.pages.reading import read_chapter, read_page, read_principle
from guide.pages.stories import tell
from guide.reference.models import Source, Term


@require_safe
@or_as_it_was(past_views.home)
@keepable
def home(request: HttpRequest) -> HttpResponse:
    context = {
        "weekly": starts.cases_of_the_week(request.user, timezone.localdate()),
        "recent": starts.recently_changed(request.user),
        "cards": starts.problem_cards(request.user, post_of(request)),
    }
    return render(request, "pages/home.html", context)


@require_safe
@or_as_it_was(past_views.page)
@keepable
def page(request: HttpRequest, path: str) -> HttpResponse:
    outline = outline_of(request)  # first: what is read later is at least of its version
    found = find(path, request.user, outline)
    if found is None:
        return _moved_or_gone(request, path)
    context: dict[str, Any] = {"page": found.page, "canonical": settings.SITE_URL + found.page.get_absolute_url()}
    reading = context["reading"] = read_page(found, outline, post_of(request))
    if found.page.is_numbered:
        context["below"] = starts.below(found, reading.told_below, outline, post_of(request))
    else:
        context["story"] = tell(reading, request.user)
    return render(request, f"pages/{found.page.kind}.html", context)


@require_safe
@keepable
def chapter_sheets(request: HttpRequest, slug: str) -> HttpResponse:
    """A whole chapter on one page, for paper."""
    outline = outline_of(request)
    chapter = get_object_or_404(Page.objects.visible_to(request.user).chapters(), slug=slug)
    pages = [chapter, *Page.objects.visible_to(request.user).numbered().below(chapter).in_reading_order()]
    context = {"chapter": chapter, "readings": read_chapter(pages, outline), "canonical": settings.SITE_URL + request.path}
    return render(request, "pages/chapter_sheets.html", context)


def _moved_or_gone(request: HttpRequest, path: str) -> HttpResponse:
    former = FormerPath.objects.filter(path=path, page__in=Page.objects.visible_to(request.user)).first()
    if former:
        return HttpResponsePermanentRedirect(former.page.get_absolute_url())
    if Page.objects.withdrawn_for(request.user).filter(path=path).exists():
        return render(request, "pages/gone.html", status=410)
    raise Http404(path)


@require_safe
@keepable
def principle(request: HttpRequest, section: str, slug: str) -> HttpResponse:
    rules = Principle.objects.filter(page__in=Page.objects.visible_to(request.user))
    rule = get_object_or_404(rules.select_related("page", "applies__page"), page__slug=section, slug=slug)
    rendered, referred_by, provisions = read_principle(rule)
    context = {
        "principle": rule,
        "canonical": settings.SITE_URL + request.path,
        "rendered": rendered,
        "provisions": provisions,
        "case_links": lists.cases_of_principle(rule),
        "referred_by": referred_by,
        "applied_by": rule.applied_by.select_related("page"),
    }
    return render(request, "pages/principle.html", context)


@require_safe
@keepable
def cases(request: HttpRequest) -> HttpResponse:
    form = CaseFilter(request.GET or None, outline_of(request))
    wanted: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    found = lists.cases(request.user, **wanted)
    groups = lists.cases_by_chapter(found, outline_of(request))
    return render(request, "pages/cases.html", {"form": form, "groups": groups, "total": len(found)})


@same_origin_only
@require_http_methods(["GET", "HEAD", "POST"])
def post(request: HttpRequest) -> HttpResponse:
    """Choose the reader's post, and go back to the page it was chosen from."""
    form = PostChoice(request.POST if request.method == "POST" else request.GET, outline_of(request))
    if request.method != "POST" or not form.is_valid():
        return render(request, "pages/post.html", {"form": form})
    response = redirect(form.cleaned_data["next"])
    remember(response, form.cleaned_data["post"])
    return response


@require_safe
@keepable
def keyboard(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/keyboard.html")


@require_safe
@keepable
def glossary(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/glossary.html", {"letters": lists.terms_by_letter(request.user)})


@require_safe
@keepable
def term(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Term.objects.visible_to(request.user), slug=slug)
    used = lists.pages_using_term(found, request.user)
    return render(request, "pages/term.html", {"term": found, "used_by": used})


@require_safe
@keepable
def sources(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/sources.html", {"kinds": lists.sources_by_kind(request.user)})


@require_safe
@keepable
def source(request: HttpRequest, key: str) -> HttpResponse:
    found = get_object_or_404(Source.objects.visible_to(request.user), key=key)
    return render(request, "pages/source.html", {"source": found, "provisions": lists.provisions_of(found, request.user)})


@require_safe
def picture(request: HttpRequest, file: str) -> FileResponse:
    """A picture by its content's hash: it never changes, and it can do nothing."""
    path = Path(settings.PICTURES_DIR) / file
    if not Picture.objects.filter(file=file).exists() or not path.is_file():
        raise Http404(file)
    response = FileResponse(path.open("rb"))
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response._csp_replace = {"default-src": "'none'", "sandbox": ""}  # type: ignore[attr-defined]
    return response


@require_safe
def go(request: HttpRequest, slug: str, principle: str = "") -> HttpResponse:
    found = get_object_or_404(Page.objects.visible_to(request.user), slug=slug)
    if principle:
        get_object_or_404(Principle, page=found, slug=principle)
    return redirect(found.get_absolute_url() + (f"#{principle}" if principle else ""))


@require_safe
def by_number(request: HttpRequest, number: str) -> HttpResponse:
    return redirect(get_object_or_404(Page.objects.visible_to(request.user).numbered(), number=number))


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for a fault of ours: a search box and, where the database still answers, the outline."""
    try:
        guide = outline_for(AnonymousUser())
    except DatabaseError:
        guide = None
    return HttpResponseServerError(render_to_string("500.html", {"guide": guide}))
