"""The API: search and suggestions as JSON, described by itself at /api/openapi.json and for people at /api/."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page, require_safe

from guide.pages.limits import Limit, client_address
from guide.pages.outline import outline_of
from guide.search import facets, log, openapi
from guide.search.forms import KIND_NAMES, LONGEST, ResultsForm
from guide.search.hits import Hit
from guide.search.results import Results, search
from guide.search.shapes import (
    Error,
    Facets,
    FacetValue,
    Found,
    FoundPrinciple,
    Refused,
    SearchAnswer,
    SuggestAnswer,
    Suggested,
)
from guide.search.suggestions import suggest
from guide.search.understanding import understood

VERSION = "1"  # of the API: another number means that a program written for it may break
LIMIT, MOST, DEEPEST = 20, 100, 10_000
View = Callable[[HttpRequest], HttpResponse]


class ApiForm(ResultsForm):
    """What the API may be asked: the same words and filters as the results page, by rows instead of by pages."""

    group = None  # type: ignore[assignment]  # how Django's forms leave out a field of their base
    page = None  # type: ignore[assignment]
    limit = forms.IntegerField(label="最多给几条", help_text=f"默认 {LIMIT}", required=False, min_value=1, max_value=MOST)
    offset = forms.IntegerField(label="从第几条之后开始", help_text="默认 0", required=False, min_value=0, max_value=DEEPEST)


class SuggestForm(forms.Form):
    """What was typed so far."""

    q = forms.CharField(label="已输入的字", required=False, max_length=LONGEST, strip=True)


def endpoint(view: View) -> View:
    """An address of the API: GET and HEAD only, counted, closed to strangers where reading is; all it says is JSON."""

    @csrf_exempt  # nothing is changed here; without it a POST would be told of tokens instead of methods
    @login_not_required  # answers 403, not the way to the sign-in page
    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        response = _refusal(request) or view(request)
        response["Cache-Control"] = "no-store"
        return response

    return answer


@endpoint
def results(request: HttpRequest) -> HttpResponse:
    form = ApiForm(request.GET, outline_of(request))
    if not form.is_valid():
        return _json(Refused(errors=form.errors.get_json_data()), 400)
    asked = form.cleaned_data
    limit, offset = asked["limit"] or LIMIT, asked["offset"] or 0
    found = search(
        form.words, request.user, outline_of(request), filters=form.filters, limit=limit, offset=offset, as_typed=asked["typed"]
    )
    if not offset and request.headers.get("Sec-Fetch-Site") != "same-origin":  # the site's own pages tell what has settled
        log.record_search(request, "api", form.words, found)
    return _json(_answer(form, found, limit, offset))


@endpoint
def suggestions(request: HttpRequest) -> HttpResponse:
    form = SuggestForm(request.GET)
    if not form.is_valid():
        return _json(Refused(errors=form.errors.get_json_data()), 400)
    found = suggest(form.cleaned_data["q"], request.user, outline_of(request))
    rows = [
        Suggested(
            kind=row.kind, label=KIND_NAMES[row.kind], words=row.words, url=row.url, number=row.number, through=row.through
        )
        for row in found
    ]
    return _json(SuggestAnswer(query=form.cleaned_data["q"], suggestions=rows))


@login_not_required
@require_safe
@conditional_page
def description(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    return _json(_document(request))


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """The same document for people."""
    return render(request, "search/api.html", {"api": _document(request)})


def _document(request: HttpRequest) -> dict[str, Any]:
    outline = outline_of(request)
    operations = [
        openapi.Operation(reverse("search:api"), "search", "搜索", ApiForm({}, outline), SearchAnswer),
        openapi.Operation(reverse("search:suggest"), "suggest", "联想：边输入边提示", SuggestForm(), SuggestAnswer),
    ]
    title = f"{outline.info.title}：搜索接口"
    return openapi.document(operations, title=title, version=VERSION, server=settings.SITE_URL, rate=settings.API_RATE)


def _refusal(request: HttpRequest) -> HttpResponse | None:
    if request.method not in ("GET", "HEAD"):
        return _json(Error(error="只能用 GET 或 HEAD"), 405, {"Allow": "GET, HEAD"})
    if seconds := Limit(settings.API_RATE_DIR, settings.API_RATE).seconds_to_wait(client_address(request)):
        return _json(Error(error=f"请求太多，请在 {seconds} 秒后再试"), 429, {"Retry-After": str(seconds)})
    if settings.READING == "signed-in" and not request.user.is_authenticated:
        return _json(Error(error="需要登录"), 403)
    return None


def _json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> JsonResponse:
    return JsonResponse(body, status=status, headers=headers, json_dumps_params={"ensure_ascii": False})


def _answer(form: ApiForm, found: Results, limit: int, offset: int) -> SearchAnswer:
    return SearchAnswer(
        query=form.words, understood=understood(found), total=found.total, limit=limit, offset=offset,
        facets=_facets(form, found), results=[_hit(hit) for hit in found.hits],
    )  # fmt: skip


def _facets(form: ApiForm, found: Results) -> Facets:
    """The values of each filter that would leave something, with how much."""
    posts = [value for value, _ in form.choices("post")]
    counted = facets.count((item.traits for item in found.found.items), form.filters, posts)

    def values(name: str) -> list[FacetValue]:
        rows = [(value, label, counted[name][value]) for value, label in form.choices(name)]
        return [FacetValue(value=value, label=label, count=number) for value, label, number in rows if number]

    return Facets(
        kind=values("kind"), chapter=values("chapter"), post=values("post"), level=values("level"), relation=values("relation")
    )


def _hit(hit: Hit) -> Found:
    return Found(
        kind=hit.kind, id=hit.id, number=hit.number, section=hit.section, title=hit.title, url=hit.url,
        passage=str(hit.passage), score=hit.score, principle=_principle(hit),
    )  # fmt: skip


def _principle(hit: Hit) -> FoundPrinciple | None:
    rule = hit.principle
    if rule is None:
        return None
    url = f"{hit.url.partition('#')[0]}#{rule.slug}"
    return FoundPrinciple(id=rule.slug, title=rule.title, level=rule.level, url=url)
