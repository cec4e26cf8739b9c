"""The results page, suggestions as one types, and the same results as JSON."""

from dataclasses import asdict

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_safe

from guide.pages.outline import outline_of
from guide.search import log
from guide.search.forms import KIND_NAMES, PostForm, ResultsForm, ScriptForm, SearchForm
from guide.search.hits import Hit
from guide.search.limits import limited
from guide.search.phrasebook import judge, shelves
from guide.search.readings import readings
from guide.search.refining import facets
from guide.search.remembered import Drawn, remembered
from guide.search.results import search, survey
from guide.search.suggestions import nearest, suggest

DEFAULT_LIMIT = 20


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """The results page; with `part`, only what changes on it as one types."""
    drawn = remembered(request, _drawn)
    if drawn.asked:
        log.record_search(request, "page", *drawn.asked)
    return drawn.response()


def _drawn(request: HttpRequest) -> Drawn:
    form = ResultsForm(request.GET, outline_of(request))
    found = survey(form.words, request.user, outline_of(request), form.filters, form.view)
    is_part = "part" in request.GET
    context = {
        "form": form,
        "results": found,
        "facets": facets(form, found.found),
        "readings": readings(found.found.telling),
        "near": () if found.found.items else nearest(form.words, request.user, outline_of(request)),
    }
    html = render_to_string("search/_results.html" if is_part else "search/results.html", context, request)
    return Drawn(html.encode(), (form.words, found) if form.is_first_look and not is_part else None)


@require_safe
@limited
def suggestions(request: HttpRequest) -> JsonResponse:
    """What `q` may be the beginning of."""
    typed = request.GET.get("q", "")
    found = suggest(typed, request.user, outline_of(request))
    rows = [{"label": KIND_NAMES[row.kind]} | {name: value for name, value in asdict(row).items() if value} for row in found]
    body = {"query": typed, "suggestions": rows}
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


@require_http_methods(["GET", "HEAD", "POST"])
def phrases(request: HttpRequest) -> HttpResponse:
    """The phrase book; a text that is posted is looked through, and kept nowhere."""
    outline = outline_of(request)
    script = ScriptForm(request.POST or None)
    posts = PostForm(request.GET or None, outline.info.posts)
    post = posts.cleaned_data["post"] if posts.is_valid() else ""
    verdict = judge(script.cleaned_data["text"], request.user) if script.is_valid() else None
    context = {"script": script, "posts": posts, "verdict": verdict, "shelves": shelves(request.user, post)}
    return render(request, "search/phrases.html", context)


@require_safe
def api(request: HttpRequest) -> JsonResponse:
    if settings.READING == "signed-in" and not request.user.is_authenticated:
        return JsonResponse({"error": "需要登录"}, status=403)
    form = SearchForm(request.GET)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors.get_json_data()}, status=400)
    asked = form.cleaned_data
    found = search(asked["q"], request.user, outline_of(request), kind=asked["kind"], limit=asked["limit"] or DEFAULT_LIMIT)
    body = {"query": asked["q"], "total": found.total, "results": [_as_json(hit) for hit in found.hits]}
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


def _as_json(hit: Hit) -> dict[str, object]:
    names = ("kind", "id", "number", "section", "title", "url", "passage")
    row: dict[str, object] = {name: getattr(hit, name) for name in names}
    if hit.principle:
        row["principle"] = {
            "id": hit.principle.slug, "title": hit.principle.title, "url": f"{hit.url}#{hit.principle.slug}",
        }  # fmt: skip
    return row
