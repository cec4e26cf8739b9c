"""Revisions that need each other, such as those of one load from files, decided on together: all of them or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from guide.pages.models import Revision
from guide.publishing import differences, forms, releasing, rights, workflow
from guide.publishing.admin_editor import actor, editor_css
from guide.publishing.drafting import target_of
from guide.publishing.faults import Fault, SourceError
from guide.publishing.recording import live_revision

MOST = 400  # on one screen
MOST_COMPARED = 40  # the rest lead to their own screen


@dataclass(frozen=True)
class Row:
    """One of the revisions, with what readers see in its place now and (of the first ones) what it changes."""

    revision: Revision
    before: Revision | None
    difference: differences.Difference | None


class TogetherMixin:
    """The screen on which several revisions are approved or sent back."""

    admin_site: Any
    opts: Any

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.together_view)
        return [path("together/", view, name="pages_revision_together"), *super().get_urls()]  # type: ignore[misc]

    def has_review_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(rights.REVIEW))

    @admin.action(description="一起审核所选的", permissions=["review"])
    def together(self, request: HttpRequest, queryset: QuerySet[Revision]) -> HttpResponse:
        """Show the chosen revisions that this person may decide on."""
        return self._draw_together(request, _reviewable(request, list(queryset.values_list("pk", flat=True))))

    def together_view(self, request: HttpRequest) -> HttpResponse:
        """All that came from files and waits for this person; when a button is pressed, those that are ticked."""
        if request.method != "POST":
            return self._draw_together(request, _reviewable(request))
        chosen = _reviewable(request, forms.keys(request.POST.getlist("revision")))
        form = forms.NoteForm(request.POST)
        if chosen and form.is_valid() and (response := self._decide_together(request, chosen, form.cleaned_data["note"])):
            return response
        return self._draw_together(request, chosen, form)

    def _decide_together(self, request: HttpRequest, chosen: Sequence[Revision], note: str) -> HttpResponse | None:
        """Do what the pressed button says; None where the screen is to be shown again."""
        try:
            if "_approve" in request.POST:
                return self._approved(request, workflow.approve_all(chosen, actor(request), note))
            if "_reject" in request.POST and note.strip():
                workflow.reject_all(chosen, actor(request), note)
                messages.success(request, f"已退回 {len(chosen)} 个。")
                return HttpResponseRedirect(reverse("admin:index"))
            if "_reject" in request.POST:
                messages.error(request, "退回时请写原因，作者要照着改。")
        except (rights.NotAllowed, workflow.AlreadyDecided) as error:
            messages.error(request, f"一个也没有办：{error}")
        except SourceError as error:
            messages.error(request, f"一个也没有发布：合在一起有 {len(error.faults)} 处错，见下面。")
        return None

    def _approved(self, request: HttpRequest, outcomes: Sequence[workflow.Outcome]) -> HttpResponse:
        merged = [outcome for outcome in outcomes if outcome.merge is not None]
        if not merged:
            messages.success(request, f"已通过 {len(outcomes)} 个。")
            return HttpResponseRedirect(reverse("admin:index"))
        stuck = [str(one.revision) for one in merged if one.merge and not one.merge.is_clean]
        messages.warning(request, f"还没有发布：{len(merged)} 个提交之后，现行文字又变了。合得上的已经合好，请看过再通过。")
        if stuck:
            messages.error(request, f"合不上、要退回给作者的：{'、'.join(stuck)}。没有勾选它们。")
        fit = [one.revision.pk for one in outcomes if one.revision and (one.merge is None or one.merge.is_clean)]
        return self._draw_together(request, _reviewable(request, fit))

    def _draw_together(
        self, request: HttpRequest, chosen: Sequence[Revision], form: forms.NoteForm | None = None
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": f"一起审核 {len(chosen)} 个版本",
            "rows": _rows(chosen), "faults": _faults(chosen), "form": form or forms.NoteForm(), "media": editor_css(),
        }  # fmt: skip
        return TemplateResponse(request, "admin/publishing/together.html", context)


def _reviewable(request: HttpRequest, pks: Sequence[int] | None = None) -> list[Revision]:
    """Those of the revisions, or of all that came from files, that this person may decide on; in reading order."""
    found = rights.reviewable_by(request.user)
    found = found.filter(origin=Revision.Origin.FILE) if pks is None else found.filter(pk__in=pks)
    return list(found.order_by("page__tree_id", "page__lft", "document", "pk")[:MOST])


def _rows(chosen: Sequence[Revision]) -> list[Row]:
    rows = []
    for place, revision in enumerate(chosen):
        before = live_revision(target_of(revision))
        old = before.text if before else ""
        difference = differences.compare(old, revision.text) if place < MOST_COMPARED else None
        rows.append(Row(revision, before, difference))
    return rows


def _faults(chosen: Sequence[Revision]) -> list[Fault]:
    """What would be wrong if all of them were published at once."""
    try:
        releasing.judge_going_live(list(chosen), timezone.localdate())
    except SourceError as error:
        return error.faults
    return []
