"""The reader's voice: the form of a report, the two answers at the end of a page, and thanks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guide.feedback import inbox
from guide.feedback.forms import AnswerForm, LinkForm, ReportForm
from guide.feedback.models import Answer
from guide.feedback.places import places_of
from guide.feedback.voice import for_tellers, minutes_to_wait
from guide.pages.models import Page, Principle
from guide.pages.origin import same_origin_only


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_tellers
def report(request: HttpRequest, slug: str, principle: str = "") -> HttpResponse:
    """Tell the editors what is wrong with a page or a principle; too often, and what was written waits in the form."""
    page = get_object_or_404(Page.objects.visible_to(request.user), slug=slug)
    rule = get_object_or_404(Principle, page=page, slug=principle) if principle else None
    form = _form(request, page, rule)
    wait = minutes_to_wait(request, "reports") if form.is_valid() else 0
    if form.is_bound and form.is_valid() and not wait:
        inbox.take_in(form.save(commit=False), page, rule, form.place)
        return redirect("feedback:thanks", slug, "report")
    context = {"form": form, "page": page, "principle": rule, "wait": wait, "lost": "at" in request.GET and not form.initial}
    return render(request, "feedback/report.html", context, status=429 if wait else 200)


def _form(request: HttpRequest, page: Page, rule: Principle | None) -> ReportForm:
    """The form of a report, with the paragraph chosen that the link led to."""
    places = places_of(page, rule.slug if rule else "")
    initial = LinkForm(request.GET).initial_for(places)
    return ReportForm(request.POST or None, places=places, whole="整条" if rule else "整页", initial=initial)


@same_origin_only
@require_POST
@for_tellers
def helpful(request: HttpRequest, slug: str) -> HttpResponse:
    """Count whether a page helped; beyond the limit the reader is thanked all the same."""
    page, form = get_object_or_404(Page.objects.visible_to(request.user), slug=slug), AnswerForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    said = form.cleaned_data["helpful"]
    if not minutes_to_wait(request, "answers"):
        Answer.count(page, timezone.localdate(), said == "yes")
    return redirect("feedback:thanks", slug, said)


@never_cache
@require_safe
@for_tellers
def thanks(request: HttpRequest, slug: str, said: str) -> HttpResponse:
    page = get_object_or_404(Page.objects.visible_to(request.user), slug=slug)
    return render(request, "feedback/thanks.html", {"page": page, "said": said})
