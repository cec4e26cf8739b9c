"""The results page and the phrase book."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_safe

from guide.pages.outline import outline_of
from guide.pages.posts import post_of
from guide.search import log
from guide.search.forms import PostForm, ResultsForm, ScriptForm
from guide.search.phrasebook import judge, parts
from guide.search.readings import readings
from guide.search.refining import facets
from guide.search.remembered import Drawn, remember
from guide.search.results import survey
from guide.search.suggestions import Suggestion, nearest, suggest


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """The results page; with `part`, only what changes on it as one types."""
    return remember(request, _drawn(request)).response()


def _drawn(request: HttpRequest) -> Drawn:
    form = ResultsForm(request.GET, outline_of(request))
    found = survey(form.words, request.user, outline_of(request), form.filters, form.view)
    is_part = "part" in request.GET
    context = {
        "form": form,
        "results": found,
        "facets": facets(form, found.found),
        "readings": readings(found.found.telling),
        "near": () if found.found.items else _near(form.words, request),
    }
    html = render_to_string("search/_results.html" if is_part else "search/results.html", context, request)
    is_settled = form.is_first_look and not is_part
    return Drawn(html.encode(), log.record_of_search(request, "page", form.words, found) if is_settled else None)


def _near(text: str, request: HttpRequest) -> tuple[Suggestion, ...]:
    """What is offered where nothing was found: what sounds alike or, for half a word, what begins with it."""
    outline = outline_of(request)
    return nearest(text, request.user, outline) or suggest(text, request.user, outline)


@require_http_methods(["GET", "HEAD", "POST"])
def phrases(request: HttpRequest) -> HttpResponse:
    """The phrase book, for one post or with that of the reader first; a text that is posted is looked through, not kept."""
    names = outline_of(request).info.posts
    script, posts = ScriptForm(request.POST or None), PostForm(request.GET or None, names)
    asked = posts.cleaned_data["post"] if posts.is_valid() else ""
    post = asked or post_of(request)
    verdict = judge(script.cleaned_data["text"], request.user) if script.is_valid() else None
    context = {"script": script, "posts": posts, "verdict": verdict, "parts": parts(request.user, post, bool(asked))}
    context["whose"] = names.get(post, "")
    return render(request, "search/phrases.html", context)
