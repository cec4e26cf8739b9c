"""Revisions in the admin: the reviewer's queue, and one page with all that a decision needs."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from guide.pages.models import Page, Revision
from guide.publishing import differences, drafting, forms, impact, rights, workflow
from guide.publishing.admin_derived import ReadOnlyMixin
from guide.publishing.admin_editor import actor, drawn, editor_css, summary_of
from guide.publishing.admin_together import TogetherMixin
from guide.publishing.drafting import target_of
from guide.publishing.editing import check_text
from guide.publishing.faults import SourceError
from guide.publishing.models import Document
from guide.publishing.recording import live_revision


class MineFilter(admin.SimpleListFilter):
    """Revisions of one's own, or those that wait for one's decision."""

    title = "与我有关"
    parameter_name = "mine"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("review", "等我审核"), ("own", "我提交的")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Revision]) -> QuerySet[Revision]:
        if self.value() == "review":
            return queryset.filter(pk__in=rights.reviewable_by(request.user).values("pk"))
        return queryset.filter(author_id=request.user.pk) if self.value() == "own" else queryset


@admin.register(Revision)
class RevisionAdmin(TogetherMixin, ReadOnlyMixin, admin.ModelAdmin[Revision]):
    """Every text there has been. Opening one in review shows what it changes, and takes the decision."""

    list_display = ("title_shown", "number", "state", "is_material", "author", "created_at", "effective", "reason")
    list_filter = (MineFilter, "state", "is_material", "origin", "author")
    list_select_related = ("page", "author")
    search_fields = ("title", "reason", "document", "page__slug")
    date_hierarchy = "created_at"
    actions = ("together",)

    @admin.display(description="页面或文档")
    def title_shown(self, revision: Revision) -> str:
        return revision.title or revision.document

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        return super().get_queryset(request).defer("text", "file_text")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        found = Revision.objects.select_related("page", "author", "reviewer", "base")
        revision = found.filter(pk=object_id).first() if str(object_id).isdecimal() else None
        if revision is None or not self.has_view_permission(request, revision):
            raise Http404
        form = forms.NoteForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            response = self._act(request, revision, form.cleaned_data["note"])
            if response:
                return response
        return self._draw(request, revision, form)

    def _act(self, request: HttpRequest, revision: Revision, note: str) -> HttpResponse | None:
        """Do what the pressed button says; None where the page is to be shown again."""
        acts = {"_approve": _approve, "_reject": _reject, "_retract": _retract, "_take_up": _take_up, "_restore": _restore}
        act = next((act for name, act in acts.items() if name in request.POST), None)
        if act is None:
            return None
        try:
            return act(self, request, revision, note)
        except (rights.NotAllowed, workflow.AlreadyDecided, drafting.DraftInTheWay) as error:
            self.message_user(request, str(error), messages.ERROR)
        except SourceError as error:
            for fault in error.faults:
                self.message_user(request, str(fault), messages.ERROR)
        return HttpResponseRedirect(request.path)

    def _draw(self, request: HttpRequest, revision: Revision, form: forms.NoteForm) -> HttpResponse:
        target = target_of(revision)
        live, before = live_revision(target), _before(revision)
        checked = check_text(target, revision.text)
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": str(revision), "revision": revision,
            "target": target, "live": live, "before": before, "form": form, "media": editor_css(),
            "difference": differences.compare(before.text if before else "", revision.text),
            "preview": drawn(request, checked, target), "checked": checked, "summary": summary_of(checked),
            "impact": impact.impact_of(target, revision.text), "rights": _rights(request, revision, target),
        }  # fmt: skip
        return TemplateResponse(request, "admin/publishing/review.html", context)


def _before(revision: Revision) -> Revision | None:
    """What readers saw, or see, where this revision was to come in its place."""
    if revision.is_waiting or revision.state == Revision.State.SCHEDULED:
        return live_revision(target_of(revision))
    return revision.base


def _rights(request: HttpRequest, revision: Revision, target: Page | Document) -> dict[str, Any]:
    """Which buttons this person has, and in words why not the others."""
    is_writer = rights.is_writer(request.user, revision)
    may_review = revision.is_waiting and not is_writer and rights.may_review(request.user, target)
    may_edit = rights.may_edit(request.user, target)
    return {
        "decide": may_review, "retract": revision.is_waiting and is_writer, "is_writer": is_writer,
        "take_up": may_edit and (revision.is_waiting or revision.state == Revision.State.REJECTED),
        "restore": may_edit and revision.state == Revision.State.SUPERSEDED,
    }  # fmt: skip


def _approve(own: RevisionAdmin, request: HttpRequest, revision: Revision, note: str) -> HttpResponse:
    outcome = workflow.approve(revision, actor(request), note)
    if outcome.merge is not None:
        return _merged(own, request, outcome)
    done = outcome.revision or revision
    when = f"，{done.effective} 起生效" if done.state == Revision.State.SCHEDULED else "，读者现在看到的就是它"
    own.message_user(request, f"已通过：{done}{when}。", messages.SUCCESS)
    return HttpResponseRedirect(reverse("admin:index"))


def _merged(own: RevisionAdmin, request: HttpRequest, outcome: workflow.Outcome) -> HttpResponse:
    """The live text had changed meanwhile: what merges is shown as a revision to look at, what does not goes back."""
    shown = outcome.revision
    if outcome.merge and outcome.merge.is_clean:
        words = "提交之后别人又发布了一版。两边已合在一起，还没有发布：请看过合并的结果再通过。"
    else:
        words = "提交之后别人又发布了一版，有几处两边都改了，合不上。请退回，让作者在现行文字上再改。"
    own.message_user(request, words, messages.WARNING)
    return HttpResponseRedirect(reverse("admin:pages_revision_change", args=[shown.pk if shown else ""]))


def _reject(own: RevisionAdmin, request: HttpRequest, revision: Revision, note: str) -> HttpResponse | None:
    if not note.strip():
        own.message_user(request, "退回时请写原因，作者要照着改。", messages.ERROR)
        return None
    workflow.reject(revision, actor(request), note)
    own.message_user(request, f"已退回：{revision}。作者会收到邮件，在后台首页也看得到原因。", messages.SUCCESS)
    return HttpResponseRedirect(reverse("admin:index"))


def _retract(own: RevisionAdmin, request: HttpRequest, revision: Revision, note: str) -> HttpResponse:
    workflow.retract(revision, actor(request))
    own.message_user(request, "已撤回，变回您的草稿。", messages.SUCCESS)
    return HttpResponseRedirect(editor_url(target_of(revision)))


def _take_up(own: RevisionAdmin, request: HttpRequest, revision: Revision, note: str) -> HttpResponse:
    drafting.take_up(revision, actor(request))
    own.message_user(request, "已放进您的草稿，可以接着改。改过的人不能再审核它。", messages.SUCCESS)
    return HttpResponseRedirect(editor_url(target_of(revision)))


def _restore(own: RevisionAdmin, request: HttpRequest, revision: Revision, note: str) -> HttpResponse:
    drafting.restore(revision, actor(request))
    own.message_user(request, f"第 {revision.number} 版的文字已放进您的草稿；提交审核之后才会恢复。", messages.SUCCESS)
    return HttpResponseRedirect(editor_url(target_of(revision)))


def editor_url(target: Page | Document) -> str:
    """Where `target` is edited."""
    return reverse(f"admin:{target._meta.app_label}_{target._meta.model_name}_change", args=[target.pk])
