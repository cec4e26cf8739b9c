"""The editor in the admin: one page on which a text is written, kept as a draft, previewed, checked and sent to review."""

import posixpath
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import Media, Script
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from guide.pages.models import Page, Picture, Revision
from guide.pages.outline import outline_of
from guide.publishing import differences, drafting, forms, picking, pictures, rights, workflow
from guide.publishing.audit import Actor
from guide.publishing.checker import Checked
from guide.publishing.editing import Editing, NoReason
from guide.publishing.faults import SourceError
from guide.publishing.models import Document
from guide.publishing.preview import preview

SCRIPTS = (
    "editor",
    "editor-preview",
    "editor-pick",
    "editor-pictures",
    "editor-fields",
    "editor-draft",
    "editor-rows",
    "pick-field",
)


def actor(request: HttpRequest) -> Actor:
    """Who acts through the admin, and from which address."""
    return Actor(request.user, f"后台 {request.META.get('REMOTE_ADDR', '')}".strip())


class EditorAdmin(admin.ModelAdmin[Any]):
    """The admin of a model whose rows are texts: its change form is the editor."""

    def editor_urls(self) -> list[URLPattern]:
        """The addresses of the editor's own requests, below the model's."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/draft/", wrap(require_POST(self.keep_draft)), name=f"{name}_draft"),
            path("<int:pk>/preview/", wrap(require_POST(self.preview)), name=f"{name}_preview"),
            path("<int:pk>/fields/", wrap(require_POST(self.put_fields)), name=f"{name}_fields"),
            path("<int:pk>/picture/", wrap(require_POST(self.take_picture)), name=f"{name}_picture"),
            path("pick/", wrap(require_GET(self.pick)), name=f"{name}_pick"),
        ]

    def get_urls(self) -> list[URLPattern]:
        return [*self.editor_urls(), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        target = self._target(request, object_id)
        if not rights.may_edit(request.user, target):
            if request.method == "POST":
                raise PermissionDenied
            return self._draw(request, Editing.begin(target, request.user), is_read_only=True)
        if request.method != "POST":
            return self._draw(request, Editing.begin(target, request.user))
        editing = Editing.receive(target, request.user, request.POST)
        return self._act(request, editing) or self._draw(request, editing)

    def _target(self, request: HttpRequest, object_id: str) -> Any:
        target = self.model._default_manager.filter(pk=object_id).first() if str(object_id).isdecimal() else None
        if target is None or not self.has_view_permission(request, target):
            raise Http404
        return target

    def _act(self, request: HttpRequest, editing: Editing) -> HttpResponse | None:
        """Do what the pressed button says. None where the page is to be shown again, with what was written."""
        try:
            if "_discard" in request.POST:
                return self._discard(request, editing)
            text = editing.text()
            kept = editing.keep(actor(request))
            if kept is None:
                self.message_user(request, "没有可保存的修改：文字与现行版本相同，或您已经提交。", messages.WARNING)
                return None
            if "_submit" in request.POST or "_publish" in request.POST:
                return self._submit(request, editing, text)
        except drafting.DraftMovedOn:
            self._show_other_window(request, editing)
            return None
        except rights.NotAllowed as error:
            self.message_user(request, str(error), messages.ERROR)
            return None
        self.message_user(request, "草稿已保存。读者看到的还是现行版本。", messages.SUCCESS)
        return HttpResponseRedirect(request.path)

    def _submit(self, request: HttpRequest, editing: Editing, text: str) -> HttpResponse | None:
        act = workflow.publish_alone if "_publish" in request.POST else workflow.submit
        try:
            editing.ensure_reason()
            outcome = act(editing.draft, actor(request))  # type: ignore[arg-type]
        except SourceError as error:
            self.message_user(request, f"没有提交：还有 {len(error.faults)} 处要改。草稿已保存。", messages.ERROR)
        except (workflow.NothingChanged, NoReason) as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            if outcome.revision is not None:
                return self._done(request, outcome.revision)
            self._show_merge(request, editing, outcome.merge, text)
            return None
        editing.show(text)
        return None

    def _done(self, request: HttpRequest, revision: Revision) -> HttpResponse:
        words = {
            Revision.State.PUBLISHED: f"已发布：{revision}。",
            Revision.State.SCHEDULED: f"已排定：{revision}，{revision.effective} 起生效。",
        }.get(Revision.State(revision.state), f"已提交审核：{revision}。审核人会收到邮件；读者看到的还是现行版本。")
        self.message_user(request, words, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:pages_revision_change", args=[revision.pk]))

    def _show_merge(self, request: HttpRequest, editing: Editing, merge: Any, text: str) -> None:
        """Somebody published meanwhile: show both texts, merged where they can be. Nothing was submitted."""
        fresh = Editing.begin(editing.target, request.user)
        if not merge.is_clean and fresh.draft and fresh.live:
            # Both ways of writing go into the draft, between marks; as long as the marks stand it cannot be submitted.
            fresh.draft = drafting.settle(fresh.draft, merge.marked, fresh.live, actor(request))
        editing.draft, editing.live, editing.merge = fresh.draft, fresh.live, merge
        merged = fresh.draft.text if fresh.draft else text
        editing.moved = differences.compare(text, merged)
        editing.show(merged)

    def _show_other_window(self, request: HttpRequest, editing: Editing) -> None:
        text, fresh = editing.text(), Editing.begin(editing.target, request.user)
        editing.draft, editing.live = fresh.draft, fresh.live
        editing.moved = differences.compare(fresh.draft.text if fresh.draft else "", text)
        self.message_user(request, "这份草稿在另一个窗口里保存过。您现在写的还在下面；看过不同，再保存一次。", messages.WARNING)
        editing.show(text)

    def _discard(self, request: HttpRequest, editing: Editing) -> HttpResponse:
        if editing.draft:
            drafting.discard(editing.draft, actor(request))
            self.message_user(request, "草稿已放弃，现行版本没有变。", messages.SUCCESS)
        still = self.model._default_manager.filter(pk=editing.target.pk).exists()
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        return HttpResponseRedirect(request.path if still else reverse(f"{name}_changelist"))

    def _draw(self, request: HttpRequest, editing: Editing, *, is_read_only: bool = False) -> HttpResponse:
        text = editing.form["text"].value() or ""
        checked = editing.check(text)
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": str(editing.target), "editing": editing,
            "is_read_only": is_read_only, "media": _media(), "checked": checked, "summary": summary_of(checked),
            "preview": drawn(request, checked, editing.target), "is_alone": settings.SINGLE_PERSON_PUBLISHING,
            "urls": self._urls(editing.target), "picture_form": forms.PictureForm(), "kinds": picking.KINDS.items(),
        }  # fmt: skip
        return TemplateResponse(request, "admin/publishing/editor.html", context)

    def _urls(self, target: Any) -> dict[str, str]:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        own = {word: reverse(f"{name}_{word}", args=[target.pk]) for word in ("draft", "preview", "fields", "picture")}
        return {**own, "pick": reverse(f"{name}_pick")}

    def keep_draft(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Autosave: keep what was written; the answer says so, and what to send along next time."""
        editing = Editing.receive(self._editable(request, pk), request.user, request.POST)
        try:
            kept = editing.keep(actor(request))
        except drafting.DraftMovedOn as error:
            return JsonResponse({"state": f"没有保存：{error}"}, status=409)
        if kept is None:
            return JsonResponse({"state": "没有要保存的修改"})
        behind = "；别人刚发布了新的一版，提交时会合并" if editing.is_behind else ""
        at = timezone.localtime(kept.saved_at)
        return JsonResponse({"state": f"草稿已自动保存 {at:%H:%M:%S}{behind}", "base": editing.token})

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The text as readers would see it, and what is wrong with it."""
        target = self._target(request, str(pk))
        editing = Editing.receive(target, request.user, request.POST)
        checked = editing.check(editing.text())
        notices = [asdict(notice) for notice in (*editing.notices, *checked.notices)]
        said = forms.as_seen(forms.head_of(checked.source)) if checked.source else ""
        html = drawn(request, checked, target)
        return JsonResponse({"html": html, "notices": notices, "summary": summary_of(checked), "head": said})

    def put_fields(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The text with what was changed in the fields beside it, and what those fields now count as having shown."""
        editing = Editing.receive(self._editable(request, pk), request.user, request.POST)
        text = editing.text()
        problem = editing.notices[0].text if editing.notices else ""
        editing.show_fields(text)
        seen = editing.head["seen"].value() if editing.head else "{}"
        return JsonResponse({"text": text, "problem": problem, "head": seen, "links": getattr(editing.links, "seen", "[]")})

    def take_picture(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep a picture and answer with the Markdown that shows it on this page."""
        target, form = self._editable(request, pk), forms.PictureForm(request.POST, request.FILES)
        if not form.is_valid():
            return JsonResponse(
                {"problem": " ".join(str(error) for errors in form.errors.values() for error in errors)}, status=400
            )
        file = pictures.keep(form.cleaned_data["picture"])
        name = f"media/{file[:12]}.{file.rpartition('.')[2]}"
        Picture.objects.update_or_create(name=name, defaults={"file": file})
        folder = posixpath.dirname(getattr(target, "file_path", "")) or getattr(target, "path", "").rpartition("/")[0]
        words = form.cleaned_data["alternative"].replace("[", "（").replace("]", "）")
        return JsonResponse({"markdown": f"![{words}]({posixpath.relpath(name, folder or '.')})"})

    def pick(self, request: HttpRequest) -> HttpResponse:
        """What can be pointed to, found as one types."""
        found = picking.pick(request.GET.get("kind", ""), request.GET.get("q", "")[:100])
        return JsonResponse({"picks": [asdict(one) for one in found]})

    def _editable(self, request: HttpRequest, pk: int) -> Any:
        target = self._target(request, str(pk))
        if not rights.may_edit(request.user, target):
            raise Http404
        return target


def drawn(request: HttpRequest, checked: Checked, target: Page | Document) -> str:
    """A whole HTML document with the text as readers would see it; empty for what has no page."""
    if checked.source is None or not isinstance(target, Page):
        return ""
    context = {**preview(checked.source, outline_of(request), target), "frame": "admin/publishing/preview.html"}
    return render_to_string(f"pages/{checked.source.kind}.html", context, request)


def summary_of(checked: Checked) -> str:
    """How many things there are to see to."""
    blocking = sum(notice.is_blocking for notice in checked.notices)
    advice = len(checked.notices) - blocking
    if not checked.notices:
        return "没有发现问题"
    return "，".join(filter(None, (f"{blocking} 处要改" if blocking else "", f"{advice} 处建议" if advice else "")))


def editor_css() -> Media:
    """The style of the editor's page, without its scripts."""
    return Media(css={"all": ["css/admin-editor.css"]})


def rows_media() -> Media:
    """The script that adds rows to a table."""
    return _scripts("js/editor-rows.js")


def pick_media() -> Media:
    """The script that offers what a field can name as one types."""
    return _scripts("js/pick-field.js")


def _media() -> Media:
    style = Media(css={"all": ["easymde/easymde.min.css", "css/admin-editor.css"]})
    return style + _scripts("easymde/easymde.min.js", *(f"js/{name}.js" for name in SCRIPTS))


def _scripts(*names: str) -> Media:
    scripts: list[Any] = [Script(name, defer=True) for name in names]  # objects, since Django 5.2
    return Media(js=scripts)
