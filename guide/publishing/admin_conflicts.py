"""Conflicts between guide and files in the admin: both texts side by side, and one text that settles them."""

from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from guide.publishing import differences, drafting, rights, settling, workflow
from guide.publishing.admin_derived import ReadOnlyMixin
from guide.publishing.admin_editor import actor, editor_css
from guide.publishing.drafting import target_of
from guide.publishing.editing import has_markers
from guide.publishing.faults import SourceError
from guide.publishing.merging import merge_text
from guide.publishing.models import Conflict


@admin.register(Conflict)
class ConflictAdmin(ReadOnlyMixin, admin.ModelAdmin[Any]):
    """What a load could not merge: opening one shows both texts and takes the text that is to hold."""

    list_display = ("__str__", "kind", "found_at", "settled_at", "settled_by")
    list_filter = ("kind", ("settled_at", admin.EmptyFieldListFilter))
    list_select_related = ("page", "settled_by")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        found = Conflict.objects.select_related("page", "settled_by", "revision")
        conflict = found.filter(pk=object_id).first() if str(object_id).isdecimal() else None
        if conflict is None or not self.has_view_permission(request, conflict):
            raise Http404
        if request.method == "POST" and (response := self._settle(request, conflict)):
            return response
        return self._draw(request, conflict)

    def _settle(self, request: HttpRequest, conflict: Conflict) -> HttpResponse | None:
        """Settle with the text that the pressed button stands for; None where the page is to be shown again."""
        texts = {"_live": conflict.live_text, "_file": conflict.file_text, "_text": request.POST.get("text", "")}
        text = next((text for name, text in texts.items() if name in request.POST), None)
        if text is None:
            return None
        if has_markers(text):
            self.message_user(request, "文字里还有合并的标记：请留下该用的一种，删去标记。", messages.ERROR)
            return None
        try:
            outcome = settling.settle(conflict, text, actor(request))
        except SourceError as error:
            for fault in error.faults:
                self.message_user(request, str(fault), messages.ERROR)
        except (rights.NotAllowed, workflow.AlreadyDecided, workflow.NothingChanged, drafting.DraftInTheWay) as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            is_waiting = outcome.revision is not None and outcome.revision.is_waiting
            words = "已提交审核；通过之后冲突就了结。" if is_waiting else "冲突已经处理。"
            if not text.strip() and settling.is_in_guide(target_of(conflict)):
                words = "冲突已经处理；撤下要另一个人批准，已提交。"
            self.message_user(request, words, messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:publishing_conflict_changelist"))
        return None

    def _draw(self, request: HttpRequest, conflict: Conflict) -> HttpResponse:
        merge = merge_text(bool(conflict.document), conflict.base_text, conflict.live_text, conflict.file_text)
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": str(conflict), "conflict": conflict,
            "target": target_of(conflict), "merge": merge, "text": request.POST.get("text") or merge.marked,
            "difference": differences.compare(conflict.live_text, conflict.file_text), "media": editor_css(),
            "may_settle": conflict.settled_at is None and rights.may_edit(request.user, target_of(conflict)),
        }  # fmt: skip
        return TemplateResponse(request, "admin/publishing/conflict.html", context)
