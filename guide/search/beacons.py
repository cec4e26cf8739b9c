"""What a reader's browser tells the search log: a search that has settled, a hit that was opened, a miss."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from guide.pages.origin import same_origin_only
from guide.pages.outline import outline_of
from guide.search import log
from guide.search.results import search

View = Callable[[HttpRequest], HttpResponse]


class SettledForm(forms.Form):
    """What was typed, once one has paused."""

    q = forms.CharField(max_length=200)


class OpenedForm(SettledForm):
    """What was searched for, and the address on this site that was opened."""

    url = forms.RegexField(r"^/(?![/\\])[^\s\x00-\x1f]*$", max_length=500)


class MissForm(forms.Form):
    """What the editors are to hear of a search that found nothing of use."""

    q = forms.CharField(label="搜索的话", max_length=200)
    note = forms.CharField(
        label="想找什么（可不填）", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="不要写客户姓名、账号、电话。",
    )  # fmt: skip


def beacon(view: View) -> View:
    """A POST that only this site's own pages may send. It needs no token, for it changes nothing but the log."""

    @same_origin_only
    @login_not_required  # answers 403, not the way to the sign-in page
    @require_POST
    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        is_stranger = settings.READING == "signed-in" and not request.user.is_authenticated
        return HttpResponse(status=403) if is_stranger else view(request)

    return answer


@beacon
def settled(request: HttpRequest) -> HttpResponse:
    form = SettledForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    found = search(form.cleaned_data["q"], request.user, outline_of(request), limit=1)
    log.record_search(request, "typed", form.cleaned_data["q"], found)
    return HttpResponse(status=204)


@beacon
def opened(request: HttpRequest) -> HttpResponse:
    form = OpenedForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    log.record_opened(request, form.cleaned_data["q"], form.cleaned_data["url"])
    return HttpResponse(status=204)


@require_http_methods(["GET", "HEAD", "POST"])
def miss(request: HttpRequest) -> HttpResponse:
    """The form by which a reader tells the editors what is missing, and the thanks for it."""
    form = MissForm(request.POST if request.method == "POST" else None, initial={"q": request.GET.get("q", "")[:200]})
    if form.is_valid():
        log.record_miss(request, form.cleaned_data["q"], form.cleaned_data["note"])
        return redirect(f"{reverse('search:miss')}?{urlencode({'q': form.cleaned_data['q'], 'told': 'on'})}")
    return render(request, "search/miss.html", {"form": form, "is_told": request.GET.get("told") == "on"})
